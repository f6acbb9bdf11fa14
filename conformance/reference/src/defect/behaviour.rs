//! Defects of what is done: faults, credentials, the life of items, streams.

use super::super::call::Body;
use super::super::complaint::{Complaint, Matter, Refusal};
use super::super::context::RequestContext;
use super::super::stage::Lookup;
use super::super::stage::Stage;
use super::super::store::Item;
use super::super::store::matches;
use super::{Class, Defect, Seam, when};
use plumbline_conformance::rule::{check, law};
use plumbline_specs::api::Role;
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) const DEFECTS: &[Defect] = &[
    Class::Behaviour.defect(
        "bad-input-500",
        "A value that the document does not allow makes the server fail.",
        &[check::NO_SERVER_ERROR, law::BOUNDS],
        when::takes_input,
        Seam::Response(|answer, context| {
            if refused_for(context, Matter::Value) || refused_for(context, Matter::Bounds) {
                answer.status = 500;
            }
        }),
    ),
    Class::Behaviour.defect(
        "unreadable-input-500",
        "A word in the place of a number, or a body that is no JSON, makes the server fail.",
        &[check::NO_SERVER_ERROR, law::BOUNDS],
        when::takes_input,
        Seam::Response(|answer, context| {
            if refused_for(context, Matter::Unreadable) {
                answer.status = 500;
            }
        }),
    ),
    Class::Behaviour.defect(
        "bad-input-accepted",
        "No value is looked at.",
        &[check::BAD_INPUT, law::BOUNDS],
        when::takes_input,
        Seam::Check(|complaints, _| complaints.clear()),
    ),
    Class::Behaviour.defect(
        "bad-parameter-accepted",
        "Parameters are not held against their schemas.",
        &[check::BAD_INPUT, law::BOUNDS],
        when::has_parameters,
        Seam::Check(|complaints, _| complaints.retain(in_body)),
    ),
    Class::Behaviour.defect(
        "bad-body-accepted",
        "The body's values are not held against its schema.",
        &[check::BAD_INPUT, law::BOUNDS],
        when::has_body,
        Seam::Check(|complaints, context| {
            complaints.retain(|own| !in_body(own) || context.json.is_none());
        }),
    ),
    Class::Behaviour.defect(
        "malformed-json-accepted",
        "A body that is no JSON is taken as an empty one.",
        &[check::BAD_INPUT],
        when::has_body,
        Seam::Check(|complaints, context| {
            if context.json.is_none() && !context.call.body.is_empty() {
                complaints.retain(|own| !in_body(own));
            }
        }),
    ),
    Class::Behaviour.defect(
        "malformed-json-500",
        "A body that is no JSON makes the server fail.",
        &[check::NO_SERVER_ERROR],
        when::has_body,
        Seam::Response(|answer, context| {
            if context.refusal.is_some() && context.json.is_none() && !context.call.body.is_empty()
            {
                answer.status = 500;
            }
        }),
    ),
    Class::Behaviour.defect(
        "empty-body-accepted",
        "A missing body is taken as an empty object.",
        &[check::BAD_INPUT],
        when::has_body,
        Seam::Check(|complaints, context| {
            if context.call.body.is_empty() {
                complaints.retain(|own| !in_body(own));
            }
        }),
    ),
    Class::Behaviour.defect(
        "bad-input-undocumented-status",
        "Bad input is refused with a status that nobody documents.",
        &[check::BAD_INPUT, check::DOCUMENTED_STATUS, law::BOUNDS],
        when::takes_input,
        Seam::Response(|answer, context| {
            if matches!(context.refusal, Some(Refusal::Bad(_))) {
                answer.status = 301;
            }
        }),
    ),
    Class::Behaviour.defect(
        "auth-not-checked",
        "Credentials are not looked at.",
        &[check::CREDENTIALS],
        when::guarded,
        Seam::Access(|access, _| access.right = true),
    ),
    Class::Behaviour.defect(
        "missing-credentials-accepted",
        "A request without credentials passes.",
        &[check::CREDENTIALS],
        when::guarded,
        Seam::Access(|access, _| {
            if !access.given {
                access.right = true;
            }
        }),
    ),
    Class::Behaviour.defect(
        "wrong-credentials-accepted",
        "Any credentials pass.",
        &[check::CREDENTIALS],
        when::guarded,
        Seam::Access(|access, _| {
            if access.given {
                access.right = true;
            }
        }),
    ),
    Class::Behaviour.defect(
        "wrong-credentials-500",
        "Wrong credentials make the server fail.",
        &[check::CREDENTIALS, check::NO_SERVER_ERROR],
        when::guarded,
        Seam::Response(|answer, context| {
            if matches!(context.refusal, Some(Refusal::Unauthorized)) {
                answer.status = 500;
            }
        }),
    ),
    Class::Behaviour.defect(
        "unknown-id-200",
        "An id that is not there gives some other item.",
        &[check::UNKNOWN_ID],
        when::gets,
        Seam::Find(|lookup, context| {
            if lookup.found.is_none() {
                let store = context.world.store();
                lookup.found = store
                    .shelves(&context.plan.collection)
                    .find_map(|(scope, shelf)| Some((scope.clone(), shelf.items.first()?.clone())));
            }
        }),
    ),
    Class::Behaviour.defect(
        "unknown-id-500",
        "An id that is not there makes the server fail.",
        &[check::UNKNOWN_ID, check::NO_SERVER_ERROR],
        when::gets,
        Seam::Response(|answer, context| {
            if matches!(context.refusal, Some(Refusal::Unknown | Refusal::NoOwner)) {
                answer.status = 500;
            }
        }),
    ),
    Class::Behaviour.defect(
        "unknown-id-null",
        "An id that is not there gives a success with null.",
        &[check::UNKNOWN_ID, check::BODY_SCHEMA],
        when::gets,
        Seam::Response(|answer, context| {
            if matches!(context.refusal, Some(Refusal::Unknown | Refusal::NoOwner)) {
                *answer = super::super::call::ServerResponse::json(200, Value::Null);
            }
        }),
    ),
    Class::Behaviour.defect(
        "other-owners-item-readable",
        "An item can be read by way of another owner.",
        &[check::OTHER_PARENT],
        when::gets_owned,
        Seam::Find(|lookup, context| {
            if lookup.found.is_none() {
                lookup.found = anywhere(lookup, context, false);
            }
        }),
    ),
    Class::Behaviour.defect(
        "deleted-item-readable",
        "A deleted item can still be read.",
        &[check::LIFE_CYCLE, law::READ_BACK],
        when::gets_mortal,
        Seam::Find(|lookup, context| {
            if lookup.found.is_none() {
                lookup.found = anywhere(lookup, context, true);
            }
        }),
    ),
    Class::Behaviour.defect(
        "deleted-item-listed",
        "A deleted item still stands in lists.",
        &[check::LIFE_CYCLE, law::READ_BACK],
        when::lists_mortal,
        Seam::List(Stage::Select, |listing, _| {
            listing.chosen.extend(listing.gone.iter().cloned());
            let order = listing.asked.order.clone();
            super::super::listing::sort(&mut listing.chosen, &order);
        }),
    ),
    Class::Behaviour.defect(
        "delete-does-nothing",
        "A deletion succeeds and the item stays.",
        &[check::LIFE_CYCLE, law::READ_BACK],
        when::deletes,
        Seam::Change(|change, context| {
            change.remove.clear();
            // One that marks replaces.
            if context.plan.role == Some(Role::Delete) {
                change.replace.clear();
            }
        }),
    ),
    Class::Behaviour.defect(
        "create-stores-nothing",
        "A creation succeeds and the item is nowhere.",
        &[check::LIFE_CYCLE, law::READ_BACK],
        when::creates,
        Seam::Change(|change, _| change.add.clear()),
    ),
    Class::Behaviour.defect(
        "created-item-not-listed",
        "A created item can be read but does not stand in lists.",
        &[check::LIFE_CYCLE, law::READ_BACK],
        when::lists_growing,
        Seam::List(Stage::Select, |listing, _| {
            listing.chosen.retain(|item| !item.made)
        }),
    ),
    Class::Behaviour.defect(
        "created-item-listed-twice",
        "A created item stands in lists two times.",
        &[check::LIFE_CYCLE, law::READ_BACK],
        when::creates,
        Seam::Change(|change, _| {
            let again: Vec<_> = change
                .add
                .iter()
                .map(|item| Item {
                    sequence: item.sequence.saturating_add(1_000_000),
                    ..item.clone()
                })
                .collect();
            change.add.extend(again);
        }),
    ),
    Class::Behaviour.defect(
        "create-changes-name",
        "A created item does not have the name that it was given.",
        &[check::LIFE_CYCLE],
        when::creates,
        Seam::Change(|change, _| {
            for item in &mut change.add {
                let mut value = Value::clone(&item.value);
                if let Some(name) = value.get_mut("name").filter(|name| name.is_string()) {
                    *name = json!("untitled");
                }
                item.value = Arc::new(value);
            }
        }),
    ),
    Class::Behaviour.defect(
        "create-again-overwrites",
        "A creation under an id that is there takes the item's place.",
        &[check::CREATE_AGAIN],
        when::creates_again,
        Seam::Change(|change, context| {
            let Some(Value::Object(given)) = &context.json else {
                return;
            };
            for (_, after) in &mut change.replace {
                let mut value = Value::clone(&after.value);
                if let Some(members) = value.as_object_mut() {
                    members.extend(given.clone());
                }
                after.value = Arc::new(value);
            }
        }),
    ),
    Class::Behaviour.defect(
        "update-lost",
        "A change succeeds and nothing changes.",
        &[check::LIFE_CYCLE],
        when::updates,
        Seam::Change(|change, _| change.replace.clear()),
    ),
    Class::Behaviour.defect(
        "location-leads-nowhere",
        "The Location of a created item is not its address.",
        &[check::LIFE_CYCLE],
        when::creates_at,
        Seam::Response(|answer, _| {
            for (name, value) in &mut answer.headers {
                if name.eq_ignore_ascii_case("location") {
                    value.push_str("-new");
                }
            }
        }),
    ),
    Class::Behaviour.defect(
        "read-differs-from-list",
        "A read shows another item than the list does.",
        &[law::READ_BACK, check::LIFE_CYCLE],
        when::gets,
        Seam::Find(|lookup, _| {
            if let Some((_, item)) = &mut lookup.found {
                let mut value = Value::clone(&item.value);
                if let Some(name) = value.get_mut("name").filter(|name| name.is_string()) {
                    *name = json!("untitled");
                }
                item.value = Arc::new(value);
            }
        }),
    ),
    Class::Behaviour.defect(
        "encoding-that-is-none",
        "A success says that it is compressed, and is not.",
        &[check::ANSWERS],
        when::always,
        Seam::Response(|answer, context| {
            if context.refusal.is_none() && answer.media.is_some() {
                answer
                    .headers
                    .push(("Content-Encoding".to_owned(), "gzip".to_owned()));
            }
        }),
    ),
    Class::Behaviour.defect(
        "stream-without-delimiter",
        "The records of a stream follow each other without a delimiter.",
        &[check::BODY_SCHEMA],
        when::streams,
        Seam::Response(|answer, _| {
            if let Body::Records { delimiter, .. } = &mut answer.body {
                delimiter.clear();
            }
        }),
    ),
    Class::Behaviour.defect(
        "stream-cut-off",
        "A stream ends within a record.",
        &[check::BODY_SCHEMA],
        when::streams,
        Seam::Response(|answer, _| {
            if let Body::Records { .. } = &answer.body {
                let mut bytes = std::mem::take(&mut answer.body).into_bytes();
                bytes.truncate(bytes.len().saturating_sub(5));
                answer.body = Body::Bytes(bytes);
            }
        }),
    ),
    Class::Behaviour.defect(
        "stream-record-is-text",
        "A record of a stream is not what the document describes.",
        &[check::BODY_SCHEMA],
        when::streams,
        Seam::Response(|answer, _| {
            if let Body::Records { records, .. } = &mut answer.body
                && let Some(first) = records.first_mut()
            {
                *first = json!("ready");
            }
        }),
    ),
];

fn in_body(complaint: &Complaint) -> bool {
    complaint.place.starts_with("body")
}

/// Whether the request was refused first of all for a fault of that kind.
fn refused_for(context: &RequestContext<'_>, matter: Matter) -> bool {
    matches!(&context.refusal, Some(Refusal::Bad(complaints))
        if complaints.first().is_some_and(|own| own.matter == matter))
}

/// The item of that id in any scope, or among what was deleted.
fn anywhere(lookup: &Lookup, context: &RequestContext<'_>, gone: bool) -> Option<(String, Item)> {
    let store = context.world.store();
    store
        .shelves(&context.plan.collection)
        .find_map(|(scope, shelf)| {
            let items = if gone { &shelf.gone } else { &shelf.items };
            let item = items
                .iter()
                .find(|item| matches(item, &context.plan.key, &lookup.id))?;
            Some((scope.clone(), item.clone()))
        })
}
