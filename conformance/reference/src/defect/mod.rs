//! The defects that a server can be given: each bends the data of one stage.

mod behaviour;
mod content;
mod paging;
mod schema;
mod tokens;
mod when;

use super::call::ServerResponse;
use super::complaint::Complaint;
use super::context::{RequestContext, World};
use super::listing::Listing;
use super::stage::{Access, Change, Lookup, Stage, Wire};
use plumbline_conformance::Rule;
use plumbline_specs::api::{Api, Operation};
use serde::Serialize;
use std::sync::LazyLock;

/// What kind of fault it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// An answer is not what the document describes.
    Schema,
    /// The pages of a list do not add up.
    Pagination,
    /// The server does something else than it says.
    Behaviour,
}

impl Class {
    /// Its name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Pagination => "pagination",
            Self::Behaviour => "behaviour",
        }
    }

    /// A defect of this kind.
    const fn defect(
        self,
        id: &'static str,
        breaks: &'static str,
        caught_by: &'static [Rule],
        applies: fn(&Api, &Operation) -> bool,
        seam: Seam,
    ) -> Defect {
        Defect {
            id,
            class: self,
            breaks,
            caught_by,
            applies,
            seam,
        }
    }
}

/// One way to be wrong.
#[derive(Clone, Copy, Debug)]
pub struct Defect {
    /// In kebab-case, stable.
    pub id: &'static str,
    /// What kind of fault it is.
    pub class: Class,
    /// What it breaks, in one sentence.
    pub breaks: &'static str,
    /// The rules of which at least one has to fail.
    pub caught_by: &'static [Rule],
    applies: fn(&Api, &Operation) -> bool,
    seam: Seam,
}

impl Defect {
    /// Whether it does anything at an operation.
    pub fn applies(&self, api: &Api, operation: &Operation) -> bool {
        (self.applies)(api, operation)
    }
}

/// All defects.
pub static DEFECTS: LazyLock<Vec<Defect>> = LazyLock::new(|| {
    [
        paging::DEFECTS,
        content::DEFECTS,
        tokens::DEFECTS,
        schema::DEFECTS,
        behaviour::DEFECTS,
    ]
    .concat()
});

/// Where a defect sits, with what it does there.
#[derive(Clone, Copy, Debug)]
enum Seam {
    Access(fn(&mut Access, &RequestContext<'_>)),
    Check(fn(&mut Vec<Complaint>, &RequestContext<'_>)),
    List(Stage, fn(&mut Listing, &RequestContext<'_>)),
    /// As `List` and `Check`: a value that should be refused is taken, and acted on.
    Accept(
        fn(&Complaint, &RequestContext<'_>) -> bool,
        Stage,
        fn(&mut Listing, &RequestContext<'_>),
    ),
    Find(fn(&mut Lookup, &RequestContext<'_>)),
    Change(fn(&mut Change, &RequestContext<'_>)),
    Response(fn(&mut ServerResponse, &RequestContext<'_>)),
    Wire(Wire),
}

/// The seams of the defects that a server has, where they do anything at the operation.
fn at<'a>(context: &'a RequestContext<'_>) -> impl Iterator<Item = Seam> + use<'a> {
    of(context.world)
        .filter(|defect| defect.applies(context.api(), context.operation))
        .map(|defect| defect.seam)
        .collect::<Vec<_>>()
        .into_iter()
}

/// The defects that a server has.
fn of(world: &World) -> impl Iterator<Item = &'static Defect> {
    let ids = &world.options.defects;
    let chosen = move |defect: &&Defect| ids.iter().any(|id| id == defect.id);
    DEFECTS.iter().filter(chosen)
}

pub(super) fn access(access: &mut Access, context: &RequestContext<'_>) {
    for seam in at(context) {
        if let Seam::Access(bend) = seam {
            bend(access, context);
        }
    }
}

pub(super) fn check(complaints: &mut Vec<Complaint>, context: &RequestContext<'_>) {
    for seam in at(context) {
        match seam {
            Seam::Check(bend) => bend(complaints, context),
            Seam::Accept(test, ..) => complaints.retain(|complaint| !test(complaint, context)),
            _ => {}
        }
    }
}

pub(super) fn listing(stage: Stage, listing: &mut Listing, context: &RequestContext<'_>) {
    for seam in at(context) {
        match seam {
            Seam::List(own, bend) | Seam::Accept(_, own, bend) if own == stage => {
                bend(listing, context);
            }
            _ => {}
        }
    }
}

pub(super) fn find(lookup: &mut Lookup, context: &RequestContext<'_>) {
    for seam in at(context) {
        if let Seam::Find(bend) = seam {
            bend(lookup, context);
        }
    }
}

pub(super) fn change(change: &mut Change, context: &RequestContext<'_>) {
    for seam in at(context) {
        if let Seam::Change(bend) = seam {
            bend(change, context);
        }
    }
}

pub(super) fn answer(answer: &mut ServerResponse, context: &RequestContext<'_>) {
    for seam in at(context) {
        if let Seam::Response(bend) = seam {
            bend(answer, context);
        }
    }
}

/// The defects of the wire; these concern all operations.
pub(super) fn wires(world: &World) -> Vec<Wire> {
    of(world)
        .filter_map(|defect| match defect.seam {
            Seam::Wire(wire) => Some(wire),
            _ => None,
        })
        .collect()
}
