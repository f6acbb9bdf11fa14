//! The defects that a server can be given: each bends the data of one stage.

mod behaviour;
mod paging;
mod schema;
mod tokens;

use super::access::Access;
use super::call::Answer;
use super::life::{Change, Lookup};
use super::list::Listing;
use super::refuse::Complaint;
use super::scene::Scene;
use super::transport::Wire;
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
    pub caught_by: &'static [&'static str],
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
        tokens::DEFECTS,
        schema::DEFECTS,
        behaviour::DEFECTS,
    ]
    .concat()
});

/// Which part of a list's way is bent, after the stage is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// What is asked for.
    Ask,
    /// The selection, in order.
    Select,
    /// Begin and end of the page.
    Cut,
    /// The page and all that is said about it.
    Page,
}

/// Where a defect sits, with what it does there.
#[derive(Clone, Copy, Debug)]
enum Seam {
    Access(fn(&mut Access, &Scene<'_>)),
    Check(fn(&mut Vec<Complaint>, &Scene<'_>)),
    List(Stage, fn(&mut Listing, &Scene<'_>)),
    /// As `List` and `Check`: a value that should be refused is taken, and acted on.
    Accept(
        fn(&Complaint, &Scene<'_>) -> bool,
        Stage,
        fn(&mut Listing, &Scene<'_>),
    ),
    Find(fn(&mut Lookup, &Scene<'_>)),
    Change(fn(&mut Change, &Scene<'_>)),
    Answer(fn(&mut Answer, &Scene<'_>)),
    Wire(Wire),
}

/// The defects that one server has.
#[derive(Debug, Default)]
pub(super) struct Defects(Vec<Defect>);

impl Defects {
    pub(super) fn new(ids: &[String]) -> Self {
        Self(
            DEFECTS
                .iter()
                .filter(|defect| ids.iter().any(|id| id == defect.id))
                .copied()
                .collect(),
        )
    }

    fn at<'a>(&'a self, scene: &Scene<'_>) -> impl Iterator<Item = Seam> + use<'a> {
        let seams: Vec<_> = self
            .0
            .iter()
            .filter(|defect| defect.applies(scene.api(), scene.operation))
            .map(|defect| defect.seam)
            .collect();
        seams.into_iter()
    }

    pub(super) fn access(&self, access: &mut Access, scene: &Scene<'_>) {
        for seam in self.at(scene) {
            if let Seam::Access(bend) = seam {
                bend(access, scene);
            }
        }
    }

    pub(super) fn check(&self, complaints: &mut Vec<Complaint>, scene: &Scene<'_>) {
        for seam in self.at(scene) {
            match seam {
                Seam::Check(bend) => bend(complaints, scene),
                Seam::Accept(test, ..) => complaints.retain(|complaint| !test(complaint, scene)),
                _ => {}
            }
        }
    }

    pub(super) fn listing(&self, stage: Stage, listing: &mut Listing, scene: &Scene<'_>) {
        for seam in self.at(scene) {
            match seam {
                Seam::List(own, bend) | Seam::Accept(_, own, bend) if own == stage => {
                    bend(listing, scene);
                }
                _ => {}
            }
        }
    }

    pub(super) fn find(&self, lookup: &mut Lookup, scene: &Scene<'_>) {
        for seam in self.at(scene) {
            if let Seam::Find(bend) = seam {
                bend(lookup, scene);
            }
        }
    }

    pub(super) fn change(&self, change: &mut Change, scene: &Scene<'_>) {
        for seam in self.at(scene) {
            if let Seam::Change(bend) = seam {
                bend(change, scene);
            }
        }
    }

    pub(super) fn answer(&self, answer: &mut Answer, scene: &Scene<'_>) {
        for seam in self.at(scene) {
            if let Seam::Answer(bend) = seam {
                bend(answer, scene);
            }
        }
    }

    /// The defects of the wire; these concern all operations.
    pub(super) fn wires(&self) -> Vec<Wire> {
        self.0
            .iter()
            .filter_map(|defect| match defect.seam {
                Seam::Wire(wire) => Some(wire),
                _ => None,
            })
            .collect()
    }
}

/// Which operations a defect applies to.
mod when {
    use plumbline_specs::api::{
        Api, Match, Operation, Pagination, PaginationStyle, Role, SizeEcho,
    };

    fn profile(operation: &Operation, test: impl Fn(&Pagination) -> bool) -> bool {
        operation.pagination.as_ref().is_some_and(test)
    }

    pub(super) fn always(_: &Api, _: &Operation) -> bool {
        true
    }

    pub(super) fn paged(_: &Api, operation: &Operation) -> bool {
        operation.pagination.is_some()
    }

    pub(super) fn sized(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| profile.size.is_some())
    }

    pub(super) fn pages(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            matches!(profile.style, PaginationStyle::Page { .. })
        })
    }

    pub(super) fn offsets(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            matches!(profile.style, PaginationStyle::Offset { .. })
        })
    }

    pub(super) fn next_offsets(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            matches!(profile.style, PaginationStyle::Offset { next: Some(_), .. })
        })
    }

    /// Where a number in the request says where the page begins.
    pub(super) fn counted(api: &Api, operation: &Operation) -> bool {
        pages(api, operation) || offsets(api, operation)
    }

    /// Where the answer says how to go on.
    pub(super) fn continued(api: &Api, operation: &Operation) -> bool {
        next_offsets(api, operation) || tokens(api, operation)
    }

    pub(super) fn tokens(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            matches!(
                profile.style,
                PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. }
            )
        })
    }

    pub(super) fn links(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            matches!(profile.style, PaginationStyle::Link { .. })
        })
    }

    pub(super) fn backwards(api: &Api, operation: &Operation) -> bool {
        links(api, operation)
            || profile(operation, |profile| {
                matches!(
                    profile.style,
                    PaginationStyle::Cursor {
                        previous: Some(_),
                        ..
                    }
                )
            })
    }

    pub(super) fn totalled(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| profile.total.is_some())
    }

    pub(super) fn filtered(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| !profile.filter.is_empty())
    }

    /// Where a filter is likely to find several items.
    pub(super) fn grouped(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            profile
                .filter
                .iter()
                .any(|filter| filter.matches != Match::Equals || filter.item.as_str() != "/id")
        })
    }

    pub(super) fn filtered_with_total(api: &Api, operation: &Operation) -> bool {
        filtered(api, operation) && totalled(api, operation)
    }

    pub(super) fn filtered_by_token(api: &Api, operation: &Operation) -> bool {
        filtered(api, operation) && tokens(api, operation)
    }

    pub(super) fn sorted(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| !profile.sort.is_empty())
    }

    pub(super) fn sorted_by_token(api: &Api, operation: &Operation) -> bool {
        sorted(api, operation) && tokens(api, operation)
    }

    pub(super) fn reversible(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            profile.sort.iter().any(|sort| sort.reverse.is_some())
        })
    }

    pub(super) fn ordered(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| !profile.default_sort.is_empty())
    }

    pub(super) fn flagged(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| profile.more.is_some())
    }

    pub(super) fn presented(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| !profile.presentation.is_empty())
    }

    pub(super) fn echoes_number(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| profile.echo.number.is_some())
    }

    pub(super) fn echoes_offset(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| profile.echo.offset.is_some())
    }

    pub(super) fn echoes_size(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| profile.echo.size.is_some())
    }

    pub(super) fn echoes_items(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            profile.echo.size.is_some() && profile.size_echo == Some(SizeEcho::Items)
        })
    }

    pub(super) fn capped(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            profile.size.is_some() && profile.maximum.is_none()
        })
    }

    /// The second in the alphabet of two lists over one collection.
    pub(super) fn twin(_: &Api, operation: &Operation) -> bool {
        profile(operation, |profile| {
            profile
                .same_collection
                .as_ref()
                .is_some_and(|other| *other < operation.label())
        })
    }

    fn role(operation: &Operation, roles: &[Role]) -> bool {
        operation
            .resource
            .as_ref()
            .is_some_and(|resource| roles.contains(&resource.role))
    }

    /// Whether another operation does `roles` on the same collection.
    fn beside(api: &Api, operation: &Operation, roles: &[Role]) -> bool {
        operation.resource.as_ref().is_some_and(|own| {
            api.operations.iter().any(|other| {
                other.resource.as_ref().is_some_and(|resource| {
                    resource.collection == own.collection && roles.contains(&resource.role)
                })
            })
        })
    }

    pub(super) fn gets(_: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::Get])
    }

    /// Reads of an item whose owner the path names.
    pub(super) fn gets_owned(_: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::Get])
            && operation
                .resource
                .as_ref()
                .is_some_and(|resource| resource.parent.is_some())
    }

    /// Lists and reads of what can be deleted and made.
    pub(super) fn gets_mortal(api: &Api, operation: &Operation) -> bool {
        gets(api, operation) && beside(api, operation, &[Role::Delete])
    }

    pub(super) fn lists_mortal(api: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::List]) && beside(api, operation, &[Role::Delete])
    }

    pub(super) fn lists_growing(api: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::List]) && beside(api, operation, &[Role::Create])
    }

    pub(super) fn creates(api: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::Create]) && beside(api, operation, &[Role::Get, Role::List])
    }

    pub(super) fn creates_chosen(_: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::Create])
            && operation
                .resource
                .as_ref()
                .is_some_and(|resource| resource.chosen.is_some())
    }

    pub(super) fn updates(api: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::Update]) && beside(api, operation, &[Role::Get])
    }

    pub(super) fn deletes(api: &Api, operation: &Operation) -> bool {
        role(operation, &[Role::Delete]) && beside(api, operation, &[Role::Get, Role::List])
    }

    pub(super) fn has_body(_: &Api, operation: &Operation) -> bool {
        operation.body.is_some()
    }

    pub(super) fn has_parameters(_: &Api, operation: &Operation) -> bool {
        !operation.parameters.is_empty()
    }

    pub(super) fn takes_input(api: &Api, operation: &Operation) -> bool {
        has_body(api, operation) || has_parameters(api, operation)
    }

    pub(super) fn guarded(_: &Api, operation: &Operation) -> bool {
        !operation.security.is_empty()
            && operation
                .security
                .iter()
                .all(|requirement| !requirement.is_empty())
    }

    /// Where credentials mean something, also where none are fine.
    pub(super) fn keyed(_: &Api, operation: &Operation) -> bool {
        operation
            .security
            .iter()
            .any(|requirement| !requirement.is_empty())
    }

    pub(super) fn streams(_: &Api, operation: &Operation) -> bool {
        operation
            .responses
            .iter()
            .flat_map(|response| &response.content)
            .any(|media| media.stream.is_some())
    }
}
