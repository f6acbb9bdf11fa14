//! How credentials are handed in, in both plans.

use super::{Difference, Planned, Side};
use crate::change::{Step, Touched};
use crate::walk::security::place_of;
use plumbline_generator::rust::{Credential, CredentialKind};
use plumbline_specs::Pointer;
use plumbline_specs::api::Api;

/// What differs between the methods of the clients' builders.
pub(super) fn credentials(old: &Planned<'_>, new: &Planned<'_>) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |step, text: String, subject: &str, places| {
        found.push(Difference {
            step,
            text,
            subject: subject.to_owned(),
            touched: Touched::Builder,
            places,
            label: None,
            naming: false,
            moved: false,
        });
    };
    let place = |api: &Api, side, credential: &Credential| -> Vec<(Side, Pointer)> {
        let scheme = api.security_schemes.get(&credential.scheme);
        scheme
            .map(|scheme| (side, place_of(scheme)))
            .into_iter()
            .collect()
    };
    for before in &old.module.credentials {
        let mut at = place(old.api, Side::Old, before);
        let name = &before.name;
        let Some(after) = new.module.credentials.iter().find(|own| own.name == *name) else {
            // The scheme may still be there and its method be called something else.
            if let Some(scheme) = new.api.security_schemes.get(&before.scheme) {
                at.push((Side::New, place_of(scheme)));
            }
            add(
                Step::Major,
                format!("the builder's `{name}()` is gone"),
                name,
                at,
            );
            continue;
        };
        at.extend(place(new.api, Side::New, after));
        let basic = |kind: &CredentialKind| *kind == CredentialKind::Basic;
        if basic(&before.kind) != basic(&after.kind) {
            let text = format!("the builder's `{name}()` takes other arguments");
            add(Step::Major, text, name, at);
        } else if before.kind != after.kind {
            let text = format!("the builder's `{name}()` hands in credentials in another way");
            add(Step::Patch, text, name, at);
        }
    }
    for after in &new.module.credentials {
        let name = &after.name;
        if !old.module.credentials.iter().any(|own| own.name == *name) {
            let mut at = place(new.api, Side::New, after);
            if let Some(scheme) = old.api.security_schemes.get(&after.scheme) {
                at.push((Side::Old, place_of(scheme)));
            }
            add(Step::Minor, format!("the builder has `{name}()`"), name, at);
        }
    }
    found
}
