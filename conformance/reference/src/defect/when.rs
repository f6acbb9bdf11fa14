//! Which operations a defect applies to.

use plumbline_specs::api::{
    Api, Match, NoItems, Operation, Pagination, PaginationStyle, Role, SizeEcho,
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

/// Where a page without items has a list all the same.
pub(super) fn lists_nothing(_: &Api, operation: &Operation) -> bool {
    profile(operation, |profile| {
        profile.no_items != Some(NoItems::Absent)
    })
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

/// Whether items of the operation's collection can be deleted, and not only be marked.
fn mortal(api: &Api, operation: &Operation) -> bool {
    operation.resource.as_ref().is_some_and(|own| {
        let mut resources = api
            .operations
            .iter()
            .filter_map(|other| other.resource.as_ref());
        resources.any(|other| {
            other.collection == own.collection
                && other.role == Role::Delete
                && other.sets.is_empty()
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
    gets(api, operation) && mortal(api, operation)
}

pub(super) fn lists_mortal(api: &Api, operation: &Operation) -> bool {
    role(operation, &[Role::List]) && mortal(api, operation)
}

pub(super) fn lists_growing(api: &Api, operation: &Operation) -> bool {
    role(operation, &[Role::List]) && beside(api, operation, &[Role::Create])
}

pub(super) fn creates(api: &Api, operation: &Operation) -> bool {
    role(operation, &[Role::Create]) && beside(api, operation, &[Role::Get, Role::List])
}

/// Creations that promise what comes of a second one under the same id.
pub(super) fn creates_again(api: &Api, operation: &Operation) -> bool {
    creates(api, operation)
        && operation
            .resource
            .as_ref()
            .is_some_and(|resource| resource.again.is_some())
}

/// Creations whose success documents a Location.
pub(super) fn creates_at(api: &Api, operation: &Operation) -> bool {
    creates(api, operation)
        && operation.responses.iter().any(|response| {
            let mut headers = response.headers.iter();
            response.status.is_success()
                && headers.any(|header| header.name.eq_ignore_ascii_case("location"))
        })
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

pub(super) fn streams(_: &Api, operation: &Operation) -> bool {
    operation
        .responses
        .iter()
        .flat_map(|response| &response.content)
        .any(|media| media.stream.is_some())
}
