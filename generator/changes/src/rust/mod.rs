//! What a change does to the generated crate: both documents are planned, both plans compared,
//! and each difference laid to the change of the document that caused it.

mod cause;
mod credentials;
mod failures;
mod items;
mod methods;
mod places;
mod types;

use crate::change::{Change, Effect, RustVerdict, Step, Touched, Verdict};
use crate::code::{Code, UNTOUCHED};
use crate::walk::graph::Walk;
use plumbline_generator::plan;
use plumbline_generator::rust::{Layout, Module};
use plumbline_specs::Pointer;
use plumbline_specs::api::Api;
use std::borrow::Cow;

/// One difference between two planned modules.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Difference {
    pub(super) step: Step,
    /// For a person, for example `` `Pet::name` is `Option<String>`, was `String` ``.
    pub(super) text: String,
    /// The item or method, for one that nothing accounts for.
    pub(super) subject: String,
    /// What of the crate it touches.
    pub(super) touched: Touched,
    /// Where its cause may stand, the likeliest place first; in the old document and the new.
    pub(super) places: Vec<(Side, Pointer)>,
    /// The operation that it is about.
    pub(super) label: Option<String>,
    /// Whether only a name differs, so that only a change of names can be the cause.
    pub(super) naming: bool,
    /// Whether the same thing has another name, for one that nothing accounts for.
    pub(super) moved: bool,
}

/// One of the two documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Old,
    New,
}

/// One document with what is planned of it.
pub(super) struct Planned<'a> {
    pub(super) api: &'a Api,
    pub(super) module: Module,
}

impl<'a> Planned<'a> {
    /// Plans a document as the one module of a crate; `None` where there is no plan.
    fn of(api: &'a Api) -> Option<Self> {
        let source = plan::Source {
            name: "api",
            file: "",
            api,
        };
        let options = plan::Options {
            package: "api".to_owned(),
            version: "0.0.0".to_owned(),
            layout: Layout::Root,
        };
        let (mut planned, _) = plan::plan(&[source], &options);
        let module = planned.modules.pop()?;
        Some(Self { api, module })
    }
}

/// Derives the verdicts on the Rust API from both plans; adds changes for what nothing accounts
/// for.
pub(super) fn judge(walk: &Walk<'_>, changes: &mut Vec<Change>) {
    // Planning takes longer than all the rest, and neither plan needs the other.
    let (old, new) = std::thread::scope(|scope| {
        let old = scope.spawn(|| Planned::of(walk.old));
        let new = Planned::of(walk.new);
        (old.join().ok().flatten(), new)
    });
    let (Some(old), Some(new)) = (old, new) else {
        return;
    };
    let pairs = types::Pairs::of(walk);
    let names = items::matched(&old, &new, &pairs);
    let mut differences = items::differences(&old, &new, &names, &pairs);
    differences.extend(methods::differences(walk, &old, &new, &names));
    differences.extend(failures::failures(&old, &new));
    for change in changes.iter_mut() {
        change.rust = RustVerdict {
            step: Step::None,
            reason: Cow::Borrowed("the public API stays as it is"),
            items: Vec::new(),
            touched: Vec::new(),
        };
    }
    let index = cause::Index::of(walk, changes);
    let mut left = Vec::new();
    for difference in differences {
        let causes = index.causes(changes, &difference);
        if causes.is_empty() {
            left.push(difference);
            continue;
        }
        for cause in causes {
            if let Some(change) = changes.get_mut(cause) {
                blame(change, &difference);
            }
        }
    }
    // Wire forms and prose are not part of the API; what they do to the source is a patch.
    for change in changes.iter_mut() {
        let (usual, reason) = change.code.rust();
        if change.rust.step == Step::None && usual == Step::Patch {
            change.rust.step = Step::Patch;
            change.rust.reason = Cow::Borrowed(reason);
        }
    }
    for difference in left.into_iter().filter(|left| left.step > Step::Patch) {
        changes.push(unexplained(difference));
    }
}

fn blame(change: &mut Change, difference: &Difference) {
    let (usual, reason) = change.code.rust();
    let rust = &mut change.rust;
    rust.step = rust.step.max(difference.step);
    rust.reason = Cow::Borrowed(match rust.step {
        step if step == usual => reason,
        Step::None => "the public API stays as it is",
        Step::Patch => "the source differs, its public API does not",
        Step::Minor => "the public API grows",
        Step::Major => "code that uses it may no longer compile",
    });
    if !rust.items.contains(&difference.text) {
        rust.items.push(difference.text.clone());
    }
    if !rust.touched.contains(&difference.touched) {
        rust.touched.push(difference.touched.clone());
    }
}

/// A difference that no change of the document accounts for, as a change of its own.
fn unexplained(difference: Difference) -> Change {
    let code = if difference.moved {
        Code::RustNameMoved
    } else {
        Code::RustUnexplained
    };
    let place = |side| {
        let mut places = difference.places.iter();
        let found = places.find(|(own, _)| *own == side);
        found.map(|(_, place)| place.clone())
    };
    let nobody = || Verdict {
        effect: Effect::Safe,
        reason: Cow::Borrowed(UNTOUCHED),
    };
    Change {
        code,
        subject: difference.subject.clone(),
        old: place(Side::Old),
        new: place(Side::New),
        before: None,
        after: None,
        direction: None,
        operations: Vec::new(),
        guess: None,
        client: nobody(),
        server: nobody(),
        rust: RustVerdict {
            step: difference.step,
            reason: Cow::Borrowed(code.rust().1),
            items: vec![difference.text],
            touched: vec![difference.touched],
        },
    }
}
