//! Defects of what a list holds and says of itself: totals, echoes, selections and orders.

use super::super::context::RequestContext;
use super::super::listing;
use super::super::selection::reversed;
use super::super::stage::Stage;
use super::super::stage::Wire;
use super::{Class, Defect, Seam, when};
use plumbline_conformance::rule::law;
use plumbline_specs::api::SizeEcho;

pub(super) const DEFECTS: &[Defect] = &[
    Class::Pagination.defect(
        "total-of-page",
        "The total is the number of items on the page.",
        &[law::TOTAL_TRUE, law::TOTAL_CONSTANT],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| {
            listing.total = listing.items.len() as u64;
        }),
    ),
    Class::Pagination.defect(
        "total-off-by-one",
        "The total counts one item too many.",
        &[law::TOTAL_TRUE],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| listing.total += 1),
    ),
    Class::Pagination.defect(
        "total-remaining",
        "The total counts from the page on.",
        &[law::TOTAL_CONSTANT, law::TOTAL_TRUE],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| {
            listing.total = listing.total.saturating_sub(listing.start as u64);
        }),
    ),
    Class::Pagination.defect(
        "total-depends-on-size",
        "The total is rounded up to whole pages.",
        &[law::TOTAL_CONSTANT, law::TOTAL_TRUE],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| {
            let size = (listing.size() as u64).max(1);
            if size < 1_000_000 {
                listing.total = listing.total.div_ceil(size) * size;
            }
        }),
    ),
    Class::Pagination.defect(
        "total-ignores-filter",
        "The total counts the whole collection, also under a filter.",
        &[law::TOTAL_TRUE, law::FILTERED],
        when::filtered_with_total,
        Seam::List(Stage::Page, |listing, _| {
            listing.total = listing.all.len() as u64;
        }),
    ),
    Class::Pagination.defect(
        "page-echo-from-zero",
        "The page that is repeated counts from zero.",
        &[law::PAGE_ECHO],
        when::echoes_number,
        Seam::List(Stage::Page, |listing, _| listing.echo_number -= 1),
    ),
    Class::Pagination.defect(
        "page-echo-constant",
        "The page that is repeated is always the first.",
        &[law::PAGE_ECHO],
        when::echoes_number,
        Seam::List(Stage::Page, |listing, _| listing.echo_number = 1),
    ),
    Class::Pagination.defect(
        "size-echo-means-otherwise",
        "The size that is repeated means something else than promised.",
        &[law::SIZE_ECHO, law::OFFSET_ECHO],
        when::echoes_size,
        Seam::List(Stage::Page, |listing, context| {
            let profile = context.operation.pagination.as_ref();
            let echo = profile.and_then(|profile| profile.size_echo);
            listing.echo_size = match echo {
                Some(SizeEcho::Items) => listing.asked.size.unwrap_or_default(),
                Some(SizeEcho::Asked) | None => listing.items.len() as u64,
            };
        }),
    ),
    Class::Pagination.defect(
        "size-echo-of-total",
        "The number of items that is said is that of all items.",
        &[law::SIZE_ECHO],
        when::echoes_items,
        Seam::List(Stage::Page, |listing, _| listing.echo_size = listing.total),
    ),
    Class::Pagination.defect(
        "offset-echo-of-next",
        "The offset that is repeated is already the next one.",
        &[law::OFFSET_ECHO],
        when::echoes_offset,
        Seam::List(Stage::Page, |listing, _| {
            listing.echo_offset = i64::try_from(listing.end).unwrap_or(i64::MAX);
        }),
    ),
    Class::Pagination.defect(
        "filter-ignored",
        "A filter is read and then forgotten.",
        &[law::FILTERED],
        when::filtered,
        Seam::List(Stage::Ask, |listing, _| listing.asked.wants.clear()),
    ),
    Class::Pagination.defect(
        "filter-after-paging",
        "The page is cut first and filtered then.",
        &[law::FILTERED],
        when::filtered,
        Seam::List(Stage::Page, |listing, _| {
            let mut all = listing.all.clone();
            listing::sort(&mut all, &listing.asked.order);
            let page = all.into_iter().skip(listing.start).take(listing.size());
            listing.items = page
                .filter(|item| {
                    let wants = &listing.asked.wants;
                    wants
                        .iter()
                        .all(|want| super::super::selection::fits(want, &item.value))
                })
                .collect();
        }),
    ),
    Class::Pagination.defect(
        "filter-on-first-page-only",
        "Further pages are pages of the whole collection.",
        &[law::FILTERED],
        when::grouped,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 {
                listing.chosen.clone_from(&listing.all);
                let order = listing.asked.order.clone();
                listing::sort(&mut listing.chosen, &order);
                let end = listing.start.saturating_add(listing.size());
                listing.end = end.min(listing.chosen.len());
            }
        }),
    ),
    Class::Pagination.defect(
        "filter-inverted",
        "A filter gives what does not fit it.",
        &[law::FILTERED],
        when::filtered,
        Seam::List(Stage::Select, |listing, _| {
            if !listing.asked.wants.is_empty() {
                let fits: Vec<_> = listing.chosen.iter().map(|item| item.sequence).collect();
                listing.chosen = listing
                    .all
                    .iter()
                    .filter(|item| !fits.contains(&item.sequence))
                    .cloned()
                    .collect();
            }
        }),
    ),
    Class::Pagination.defect(
        "filter-loses-order",
        "Under a filter the items come in an order of their own.",
        &[law::FILTERED],
        when::grouped,
        Seam::List(Stage::Select, |listing, _| {
            if !listing.asked.wants.is_empty() {
                listing.chosen.sort_by_key(|item| item.sequence % 5);
            }
        }),
    ),
    Class::Pagination.defect(
        "sort-ignored",
        "An order that is asked for is passed over.",
        &[law::SORTED],
        when::sorted,
        Seam::List(Stage::Select, |listing, _| {
            listing::sort(&mut listing.chosen, &[])
        }),
    ),
    Class::Pagination.defect(
        "sort-within-page",
        "Items are put in order within each page only.",
        &[law::SORTED],
        when::sorted,
        Seam::List(Stage::Page, |listing, _| {
            let mut all = listing.chosen.clone();
            listing::sort(&mut all, &[]);
            all.sort_by_key(|item| item.sequence % 5);
            listing.items = all
                .into_iter()
                .skip(listing.start)
                .take(listing.end - listing.start)
                .collect();
            let order = listing.asked.order.clone();
            listing::sort(&mut listing.items, &order);
        }),
    ),
    Class::Pagination.defect(
        "reverse-ignored",
        "Both directions of an order give the same.",
        &[law::SORTED],
        when::reversible,
        Seam::List(Stage::Ask, |listing, context| {
            let Some(profile) = &context.operation.pagination else {
                return;
            };
            let backwards = profile.sort.iter().find(|sort| {
                let keys: Vec<_> = sort.by.iter().map(reversed).collect();
                keys == listing.asked.order
                    && sort.reverse.as_ref().is_some_and(|ask| context.asks(ask))
            });
            if let Some(sort) = backwards {
                listing.asked.order.clone_from(&sort.by);
            }
        }),
    ),
    Class::Pagination.defect(
        "sort-drops-items",
        "An order leaves out the item that comes last in it.",
        &[law::SORTED],
        when::sorted,
        Seam::List(Stage::Select, |listing, context| {
            let Some(profile) = &context.operation.pagination else {
                return;
            };
            if profile.sort.iter().any(|sort| {
                context.asks(&sort.set)
                    || sort.reverse.as_ref().is_some_and(|ask| context.asks(ask))
            }) {
                listing.chosen.pop();
            }
        }),
    ),
    Class::Pagination.defect(
        "ties-unstable",
        "Items that are equal in the order swap places from request to request.",
        &[law::SAME_ANSWER_TWICE],
        when::paged,
        Seam::List(Stage::Select, |listing, context| {
            let turn = context.world.store().number("~turn");
            if turn.is_multiple_of(2)
                && let [first, second, ..] = listing.chosen.as_mut_slice()
            {
                std::mem::swap(first, second);
            }
        }),
    ),
    Class::Pagination.defect(
        "order-depends-on-size",
        "Another page size gives another order.",
        &[law::SIZE_INVARIANCE],
        when::sized,
        Seam::List(Stage::Select, |listing, _| {
            let count = listing.chosen.len().max(1);
            let turn = (listing.size() % count).min(listing.chosen.len());
            listing.chosen.rotate_left(turn);
        }),
    ),
    Class::Pagination.defect(
        "default-sort-reversed",
        "Without an order the items come the wrong way round.",
        &[law::DEFAULT_SORT],
        when::ordered,
        Seam::List(Stage::Ask, |listing, context| {
            let Some(profile) = &context.operation.pagination else {
                return;
            };
            if listing.asked.order == profile.default_sort
                && !profile.sort.iter().any(|sort| context.asks(&sort.set))
            {
                listing.asked.order = profile.default_sort.iter().map(reversed).collect();
            }
        }),
    ),
    Class::Pagination.defect(
        "presentation-drops-items",
        "An option that adds to items takes one away.",
        &[law::PRESENTATION_KEEPS_SET],
        when::presented,
        Seam::List(Stage::Select, |listing, context| {
            if presents(context) && !listing.chosen.is_empty() {
                listing.chosen.remove(0);
            }
        }),
    ),
    Class::Pagination.defect(
        "presentation-reorders",
        "An option that adds to items changes their order.",
        &[law::PRESENTATION_KEEPS_SET],
        when::presented,
        Seam::List(Stage::Select, |listing, context| {
            if presents(context) {
                listing.chosen.reverse();
            }
        }),
    ),
    Class::Pagination.defect(
        "twin-differs",
        "Of two lists over one collection one lacks an item.",
        &[law::SAME_COLLECTION],
        when::twin,
        Seam::List(Stage::Select, |listing, _| {
            listing.chosen.pop();
        }),
    ),
    Class::Pagination.defect(
        "shared-paging",
        "Requests at the same time share one page and one size.",
        &[law::ISOLATION],
        when::sized,
        Seam::Wire(Wire::SharedPaging),
    ),
];

/// Whether the request asks for something that only adds to items.
fn presents(context: &RequestContext<'_>) -> bool {
    context
        .operation
        .pagination
        .as_ref()
        .is_some_and(|profile| profile.presentation.iter().any(|ask| context.asks(ask)))
}
