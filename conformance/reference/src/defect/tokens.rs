//! Defects of next offsets, cursors and links.

use super::super::complaint::{Complaint, Matter, Refusal};
use super::super::context::RequestContext;
use super::super::listing::{Link, address};
use super::super::ordering::Standing;
use super::super::parsed::Position;
use super::super::stage::Stage;
use super::super::token::{self, Token, Way};
use super::{Class, Defect, Seam, when};
use plumbline_conformance::rule::law;
use plumbline_specs::api::{Pagination, PaginationStyle};
use serde_json::Value;

pub(super) const DEFECTS: &[Defect] = &[
    Class::Pagination.defect(
        "next-when-exactly-full",
        "A last page that is exactly full names a next one.",
        &[law::NEXT_IFF_MORE],
        when::continued,
        Seam::List(Stage::Page, |listing, context| {
            let full = listing.items.len() == listing.size();
            if full && listing.end == listing.chosen.len() {
                go_on(listing, context);
            }
        }),
    ),
    Class::Pagination.defect(
        "next-always",
        "Every page names a next one, the empty one too.",
        &[law::NEXT_IFF_MORE, law::WALK_TERMINATES, law::PAST_THE_END],
        when::continued,
        Seam::List(Stage::Page, go_on),
    ),
    Class::Pagination.defect(
        "next-never",
        "No page names a next one.",
        &[law::NEXT_IFF_MORE, law::SIZE_INVARIANCE],
        when::continued,
        Seam::List(Stage::Page, stop),
    ),
    Class::Pagination.defect(
        "next-missing-before-last-item",
        "A page before which only one item remains names no next one.",
        &[law::NEXT_IFF_MORE, law::SIZE_INVARIANCE],
        when::continued,
        Seam::List(Stage::Page, |listing, context| {
            if listing.end + 1 == listing.chosen.len() {
                stop(listing, context);
            }
        }),
    ),
    Class::Pagination.defect(
        "next-token-falsy",
        "The last page's number of items decides whether a next one is named, not what remains.",
        &[law::NEXT_IFF_MORE, law::SIZE_INVARIANCE],
        when::continued,
        Seam::List(Stage::Page, |listing, context| {
            if listing.items.len().is_multiple_of(2) {
                stop(listing, context);
            }
        }),
    ),
    Class::Pagination.defect(
        "next-repeats",
        "The next page is the same page again.",
        &[law::NEXT_ADVANCES, law::CURSOR_ADVANCES, law::WALK_TERMINATES],
        when::continued,
        Seam::List(Stage::Page, |listing, context| {
            if listing.next.is_none() || listing.start == 0 {
                return;
            }
            match &listing.asked.position {
                Position::Offset(offset) => listing.next = Some((*offset).into()),
                _ => {
                    let place = context
                        .operation
                        .pagination
                        .as_ref()
                        .and_then(|profile| context.token_place(profile));
                    let own = place.and_then(|place| context.read(&place));
                    if let Some(own) = own {
                        listing.next = Some(own);
                        relink(listing, context);
                    }
                }
            }
        }),
    ),
    Class::Pagination.defect(
        "next-is-page-number",
        "The next offset counts pages instead of items.",
        &[law::NEXT_IS_SUM, law::NO_DUPLICATES],
        when::next_offsets,
        Seam::List(Stage::Page, |listing, _| {
            if listing.next.is_some() {
                listing.next = Some((listing.end / listing.size().max(1)).into());
            }
        }),
    ),
    Class::Pagination.defect(
        "next-one-too-far",
        "The next offset passes over an item.",
        &[law::NEXT_IS_SUM, law::SIZE_INVARIANCE],
        when::next_offsets,
        Seam::List(Stage::Page, |listing, _| {
            if listing.next.is_some() {
                listing.next = Some((listing.end + 1).into());
            }
        }),
    ),
    Class::Pagination.defect(
        "offset-counts-pages",
        "The offset that is asked for is taken as a number of pages.",
        &[law::OFFSET_SLICE, law::NEXT_IFF_MORE, law::SIZE_INVARIANCE],
        when::offsets,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            let size = listing.size();
            listing.start = listing.start.saturating_mul(size).min(count);
            listing.end = listing.start.saturating_add(size).min(count);
        }),
    ),
    Class::Pagination.defect(
        "offset-rounded-to-pages",
        "An offset that is no multiple of the size is rounded down to one.",
        &[law::OFFSET_SLICE],
        when::offsets,
        Seam::List(Stage::Cut, |listing, _| {
            let size = listing.size().max(1);
            if listing.start < listing.chosen.len() {
                listing.start -= listing.start % size;
                let end = listing.start.saturating_add(size);
                listing.end = end.min(listing.chosen.len());
            }
        }),
    ),
    Class::Pagination.defect(
        "more-always",
        "The flag says that more follows, also at the end.",
        &[law::NEXT_IFF_MORE],
        when::flagged,
        Seam::List(Stage::Page, |listing, _| listing.more = true),
    ),
    Class::Pagination.defect(
        "more-never",
        "The flag never says that more follows.",
        &[law::NEXT_IFF_MORE],
        when::flagged,
        Seam::List(Stage::Page, |listing, _| listing.more = false),
    ),
    Class::Pagination.defect(
        "bad-cursor-begins-again",
        "A cursor that is none gives the first page.",
        &[law::BAD_CURSOR],
        when::tokens,
        Seam::Check(|complaints, _| complaints.retain(|own| own.matter != Matter::Cursor)),
    ),
    Class::Pagination.defect(
        "bad-cursor-500",
        "A cursor that is none makes the server fail.",
        &[law::BAD_CURSOR],
        when::tokens,
        Seam::Response(|answer, context| {
            if refused_for(context, Matter::Cursor) {
                answer.status = 500;
            }
        }),
    ),
    Class::Pagination.defect(
        "bad-cursor-empty",
        "A cursor that is none gives an empty page.",
        &[law::BAD_CURSOR],
        when::tokens,
        Seam::Accept(
            |own, _| own.matter == Matter::Cursor,
            Stage::Cut,
            |listing, context| {
                if listing.asked.position == Position::Start && given(context).is_some() {
                    listing.start = listing.chosen.len();
                    listing.end = listing.start;
                }
            },
        ),
    ),
    Class::Pagination.defect(
        "cursor-ignores-selection",
        "A cursor is taken under another filter or order and passes over as many items as in its own.",
        &[law::CURSOR_IS_BOUND],
        when::filtered_by_token,
        Seam::Accept(is_foreign, Stage::Cut, |listing, context| {
            if listing.asked.position == Position::Start
                && let Some((Token::Beside(_, standing), _)) =
                    given(context).and_then(|text| token::open(&text))
            {
                let passed = listing
                    .all
                    .iter()
                    .filter(|item| item.sequence >= standing.sequence)
                    .count();
                listing.start = passed.min(listing.chosen.len());
                let end = listing.start.saturating_add(listing.size());
                listing.end = end.min(listing.chosen.len());
            }
        }),
    ),
    Class::Pagination.defect(
        "cursor-loses-filter",
        "Pages after the first forget the filter.",
        &[law::FILTERED],
        when::filtered_by_token,
        Seam::List(Stage::Ask, |listing, _| {
            if matches!(listing.asked.position, Position::Token(_)) {
                listing.asked.wants.clear();
            }
        }),
    ),
    Class::Pagination.defect(
        "cursor-loses-order",
        "Pages after the first come in the default order.",
        &[law::SORTED],
        when::sorted_by_token,
        Seam::List(Stage::Select, |listing, _| {
            if matches!(listing.asked.position, Position::Token(_)) {
                super::super::listing::sort(&mut listing.chosen, &[]);
            }
        }),
    ),
    Class::Pagination.defect(
        "cursor-works-once",
        "A cursor that is asked again gives an empty page.",
        &[law::CURSOR_REPLAYS],
        when::tokens,
        Seam::List(Stage::Cut, |listing, context| {
            let Some(text) = given(context) else {
                return;
            };
            let number = context.world.store().number(&format!("~{text}"));
            if number > 1 {
                listing.start = listing.chosen.len();
                listing.end = listing.start;
            }
        }),
    ),
    Class::Pagination.defect(
        "cursor-by-position",
        "A cursor counts items, so that what comes and goes meanwhile shifts the pages.",
        &[law::STABILITY_UNDER_WRITES],
        when::tokens,
        Seam::List(Stage::Cut, |listing, _| {
            // A token names the item before the page. Its place among the items that were there
            // at the start is what a position would have been when the token was given.
            let Position::Token(Token::Beside(Way::After, standing)) = &listing.asked.position
            else {
                return;
            };
            let order = listing.asked.order.clone();
            let mut old: Vec<_> = listing.all.iter().chain(&listing.gone).collect();
            old.retain(|item| !item.made);
            let position = old
                .iter()
                .filter(|item| {
                    Standing::of(&order, &item.value, item.sequence)
                        .compare(standing, &order)
                        .is_le()
                })
                .count();
            listing.start = position.min(listing.chosen.len());
            let end = listing.start.saturating_add(listing.size());
            listing.end = end.min(listing.chosen.len());
        }),
    ),
    Class::Pagination.defect(
        "previous-too-far",
        "The way back leads one item too far.",
        &[law::PREV_OF_NEXT],
        when::backwards,
        Seam::List(Stage::Cut, |listing, _| {
            if let Position::Token(Token::Beside(Way::Before, _)) = listing.asked.position {
                listing.end = listing.end.saturating_sub(1);
                listing.start = listing.start.saturating_sub(1);
            }
        }),
    ),
    Class::Pagination.defect(
        "link-drops-query",
        "A link keeps nothing of the request but the cursor.",
        &[law::LINK_KEEPS_QUERY],
        when::links,
        Seam::List(Stage::Page, |listing, context| {
            let name = context.operation.pagination.as_ref();
            let name = name.and_then(|profile| context.token_place(profile));
            let name = name.map(|place| place.to_string()).unwrap_or_default();
            let name = name.rsplit('.').next().unwrap_or_default().to_owned();
            for link in &mut listing.links {
                if let Some((path, query)) = link.target.split_once('?') {
                    let kept = query.split('&').find(|pair| pair.starts_with(&name));
                    link.target = match kept {
                        Some(pair) => format!("{path}?{pair}"),
                        None => path.to_owned(),
                    };
                }
            }
        }),
    ),
    Class::Pagination.defect(
        "link-names-inner-host",
        "A link names a host that the client does not know.",
        &[law::LINK_KEEPS_QUERY],
        when::links,
        Seam::List(Stage::Page, |listing, context| {
            for link in &mut listing.links {
                link.target = link
                    .target
                    .replacen(&context.call.origin(), "http://backend:8080", 1);
            }
        }),
    ),
    Class::Pagination.defect(
        "link-first-is-this",
        "The link to the first page leads to this one.",
        &[law::LINK_KEEPS_QUERY],
        when::links,
        Seam::List(Stage::Page, |listing, context| {
            let Some(profile) = &context.operation.pagination else {
                return;
            };
            let own = given(context).map(Value::String);
            for link in &mut listing.links {
                if link.relation == "first" {
                    link.target = address(context, profile, own.as_ref());
                }
            }
        }),
    ),
];

/// The token that the request hands in.
fn given(context: &RequestContext<'_>) -> Option<String> {
    let profile = context.operation.pagination.as_ref()?;
    let place = context.token_place(profile)?;
    context
        .read(&place)
        .map(|value| super::super::value::text(&value))
        .filter(|text| !text.is_empty())
}

/// A token of this server that was given for something else.
fn is_foreign(complaint: &Complaint, context: &RequestContext<'_>) -> bool {
    complaint.matter == Matter::Cursor
        && given(context).is_some_and(|text| token::open(&text).is_some())
}

/// Whether the request was refused for a fault of that kind.
fn refused_for(context: &RequestContext<'_>, matter: Matter) -> bool {
    matches!(&context.refusal, Some(Refusal::Bad(complaints))
        if complaints.iter().any(|own| own.matter == matter))
}

/// Names a next page, whether there is one or not.
fn go_on(listing: &mut super::super::listing::Listing, context: &RequestContext<'_>) {
    let Some(profile) = &context.operation.pagination else {
        return;
    };
    if listing.next.is_some() {
        return;
    }
    listing.more = true;
    listing.next = match profile.style {
        PaginationStyle::Offset { .. } => Some((listing.start + listing.items.len()).into()),
        _ => listing
            .token(context, profile, Way::After)
            .or_else(|| Some(beyond(context, profile))),
    };
    relink(listing, context);
}

/// A token for what comes after everything.
fn beyond(context: &RequestContext<'_>, profile: &Pagination) -> Value {
    let standing = Standing {
        ranks: Vec::new(),
        sequence: u64::MAX,
    };
    token::write(context, profile, Way::After, &standing, u64::from(u32::MAX))
}

/// Names no next page.
fn stop(listing: &mut super::super::listing::Listing, context: &RequestContext<'_>) {
    listing.next = None;
    listing.more = false;
    relink(listing, context);
}

/// Brings the link to the next page up to date.
fn relink(listing: &mut super::super::listing::Listing, context: &RequestContext<'_>) {
    let Some(profile) = &context.operation.pagination else {
        return;
    };
    if !matches!(profile.style, PaginationStyle::Link { .. }) {
        return;
    }
    listing.links.retain(|link| link.relation != "next");
    if let Some(next) = &listing.next {
        listing.links.push(Link {
            relation: "next",
            target: address(context, profile, Some(next)),
        });
    }
}
