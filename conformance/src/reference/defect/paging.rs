//! Defects of pages: slices, totals, echoes, sizes, selections and orders.

use super::super::ask::{Position, reversed};
use super::super::list;
use super::super::refuse::{Complaint, Matter};
use super::super::scene::Scene;
use super::super::transport::Wire;
use super::{Class, Defect, Seam, Stage, when};
use plumbline_specs::api::{Expression, PaginationStyle, SizeEcho};

const fn defect(
    id: &'static str,
    breaks: &'static str,
    caught_by: &'static [&'static str],
    applies: fn(&plumbline_specs::api::Api, &plumbline_specs::api::Operation) -> bool,
    seam: Seam,
) -> Defect {
    Defect {
        id,
        class: Class::Pagination,
        breaks,
        caught_by,
        applies,
        seam,
    }
}

/// How deep a list with a hidden result window goes.
const WINDOW: usize = 40;

pub(super) const DEFECTS: &[Defect] = &[
    defect(
        "slice-skips-one",
        "Every page but the first begins one item late.",
        &[
            "page-slice",
            "offset-slice",
            "size-invariance",
            "total-true",
            "next-iff-more",
        ],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 {
                listing.start = (listing.start + 1).min(listing.chosen.len());
                listing.end = (listing.end + 1).min(listing.chosen.len());
            }
        }),
    ),
    defect(
        "slice-repeats-one",
        "Every page but the first begins with the last item of the page before.",
        &["no-duplicates"],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 && listing.start < listing.chosen.len() {
                listing.start -= 1;
            }
        }),
    ),
    defect(
        "page-holds-one-more",
        "A page holds one item more than was asked for.",
        &["page-bound"],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            listing.end = (listing.end + 1).min(listing.chosen.len());
        }),
    ),
    defect(
        "page-holds-one-less",
        "A full page holds one item less than was asked for.",
        &["full-pages", "first-page-full"],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.end - listing.start > 1 && listing.end < listing.chosen.len() {
                listing.end -= 1;
            }
        }),
    ),
    defect(
        "first-page-short",
        "The first page alone lacks its last item.",
        &["first-page-full", "full-pages"],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start == 0 && listing.end > 1 {
                listing.end -= 1;
            }
        }),
    ),
    defect(
        "last-page-drops-item",
        "The last page lacks the last item.",
        &[
            "last-page",
            "size-invariance",
            "page-slice",
            "offset-slice",
            "next-iff-more",
        ],
        when::paged,
        Seam::List(Stage::Page, |listing, _| {
            if listing.start > 0 && listing.end == listing.chosen.len() {
                listing.items.pop();
            }
        }),
    ),
    defect(
        "last-page-padded",
        "The last page is filled up with items of the page before.",
        &["last-page", "no-duplicates"],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            if listing.start > 0 && listing.end == count && listing.start < count {
                listing.start = count.saturating_sub(listing.size());
            }
        }),
    ),
    defect(
        "last-item-twice",
        "The last page ends with its last item a second time.",
        &["last-page", "no-duplicates"],
        when::paged,
        Seam::List(Stage::Page, |listing, _| {
            if listing.end == listing.chosen.len()
                && listing.items.len() < listing.size()
                && let Some(last) = listing.items.last().cloned()
            {
                listing.items.push(last);
            }
        }),
    ),
    defect(
        "short-page-mid-walk",
        "A page in mid-walk holds half of what was asked for.",
        &["full-pages", "page-slice", "offset-slice"],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 && listing.end < listing.chosen.len() {
                listing.end = listing.start + (listing.end - listing.start).div_ceil(2);
            }
        }),
    ),
    defect(
        "empty-page-mid-walk",
        "The second page is empty though more follows.",
        &["no-empty-page", "full-pages", "page-slice"],
        when::paged,
        Seam::List(Stage::Page, |listing, _| {
            let second = listing.start > 0 && listing.start <= listing.size();
            if second && listing.end < listing.chosen.len() {
                listing.items.clear();
            }
        }),
    ),
    defect(
        "deep-pages-500",
        "Pages beyond a depth nobody speaks of fail.",
        &["every-page-answers"],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= WINDOW {
                listing.broken = Some(500);
            }
        }),
    ),
    defect(
        "deep-pages-refused",
        "Pages beyond a hidden result window are refused.",
        &["every-page-answers"],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= WINDOW {
                listing.broken = Some(400);
            }
        }),
    ),
    defect(
        "deep-pages-empty",
        "Pages beyond a hidden result window are empty.",
        &[
            "page-slice",
            "offset-slice",
            "size-invariance",
            "full-pages",
            "no-empty-page",
        ],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= WINDOW {
                listing.end = listing.start;
            }
        }),
    ),
    defect(
        "page-counts-from-zero",
        "Page 1 is the second page.",
        &["page-base", "page-slice"],
        when::pages,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            let size = listing.size();
            listing.start = listing.start.saturating_add(size).min(count);
            listing.end = listing.end.saturating_add(size).min(count);
        }),
    ),
    defect(
        "page-zero-accepted",
        "Page 0 answers like page 1.",
        &["bounds", "page-base"],
        when::pages,
        Seam::Check(|complaints, scene| {
            complaints.retain(|own| !(own.matter == Matter::Bounds && is_position(own, scene)));
        }),
    ),
    defect(
        "negative-position-wraps",
        "A negative page or offset counts from the end.",
        &["bounds"],
        when::counted,
        Seam::Accept(
            |own, scene| own.matter == Matter::Bounds && is_position(own, scene),
            Stage::Cut,
            |listing, _| {
                let (Position::Page(number) | Position::Offset(number)) = listing.asked.position
                else {
                    return;
                };
                if number < 0 {
                    let count = listing.chosen.len();
                    listing.start = count.saturating_sub(listing.size());
                    listing.end = count;
                }
            },
        ),
    ),
    defect(
        "word-for-number-accepted",
        "A word in the place of a page or offset answers with the first page.",
        &["bounds"],
        when::counted,
        Seam::Check(|complaints, scene| {
            complaints.retain(|own| !(own.matter == Matter::Unreadable && is_position(own, scene)));
        }),
    ),
    defect(
        "size-out-of-bounds-accepted",
        "A size of zero or below is accepted.",
        &["bounds"],
        when::sized,
        Seam::Check(|complaints, scene| {
            complaints.retain(|own| !(own.matter == Matter::Bounds && is_size(own, scene)));
        }),
    ),
    defect(
        "word-for-size-accepted",
        "A word in the place of a size answers with the default size.",
        &["bounds"],
        when::sized,
        Seam::Check(|complaints, scene| {
            complaints.retain(|own| !(own.matter == Matter::Unreadable && is_size(own, scene)));
        }),
    ),
    defect(
        "size-out-of-bounds-500",
        "A size of zero or below makes the server fail.",
        &["bounds"],
        when::sized,
        Seam::Accept(
            |own, scene| own.matter == Matter::Bounds && is_size(own, scene),
            Stage::Cut,
            |listing, scene| {
                let size = scene.operation.pagination.as_ref();
                let size = size.and_then(|profile| profile.size.as_ref());
                let size = size.map(|place| scene.integer(place));
                if matches!(size, Some(super::super::ask::Integer::Is(..=0))) {
                    listing.broken = Some(500);
                }
            },
        ),
    ),
    defect(
        "size-capped-silently",
        "A page holds 20 items at most, which nobody documents.",
        &["silent-cap", "full-pages"],
        when::capped,
        Seam::List(Stage::Ask, |listing, _| {
            listing.asked.size = listing.asked.size.map(|size| size.min(20));
        }),
    ),
    defect(
        "size-ignored",
        "Every page has the default size, whatever was asked for.",
        &["page-bound", "full-pages"],
        when::sized,
        Seam::List(Stage::Ask, |listing, scene| {
            let profile = scene.operation.pagination.as_ref();
            listing.asked.size = profile
                .and_then(|profile| scene.default_size(profile))
                .or(Some(10));
        }),
    ),
    defect(
        "default-size-differs",
        "Without a size a page is shorter than documented.",
        &["defaults"],
        when::sized,
        Seam::List(Stage::Ask, |listing, scene| {
            if !asks_size(scene) {
                let half = listing.asked.size.unwrap_or(20) / 2;
                listing.asked.size = Some(half.max(1));
            }
        }),
    ),
    defect(
        "default-position-differs",
        "Without a page or offset the list begins with its second item or page.",
        &["defaults"],
        when::counted,
        Seam::List(Stage::Ask, |listing, scene| {
            let place = position(scene);
            if place.is_some_and(|place| scene.read(place).is_some()) {
                return;
            }
            match &mut listing.asked.position {
                Position::Page(number) | Position::Offset(number) => {
                    *number = number.saturating_add(1);
                }
                Position::Start | Position::Token(_) => {}
            }
        }),
    ),
    defect(
        "total-of-page",
        "The total is the number of items on the page.",
        &["total-true", "total-constant"],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| {
            listing.total = listing.items.len() as u64;
        }),
    ),
    defect(
        "total-off-by-one",
        "The total counts one item too many.",
        &["total-true"],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| listing.total += 1),
    ),
    defect(
        "total-remaining",
        "The total counts from the page on.",
        &["total-constant", "total-true"],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| {
            listing.total = listing.total.saturating_sub(listing.start as u64);
        }),
    ),
    defect(
        "total-depends-on-size",
        "The total is rounded up to whole pages.",
        &["total-constant", "total-true"],
        when::totalled,
        Seam::List(Stage::Page, |listing, _| {
            let size = (listing.size() as u64).max(1);
            if size < 1_000_000 {
                listing.total = listing.total.div_ceil(size) * size;
            }
        }),
    ),
    defect(
        "total-ignores-filter",
        "The total counts the whole collection, also under a filter.",
        &["total-true", "filtered"],
        when::filtered_with_total,
        Seam::List(Stage::Page, |listing, _| {
            listing.total = listing.all.len() as u64;
        }),
    ),
    defect(
        "page-echo-from-zero",
        "The page that is repeated counts from zero.",
        &["page-echo"],
        when::echoes_number,
        Seam::List(Stage::Page, |listing, _| listing.echo_number -= 1),
    ),
    defect(
        "page-echo-constant",
        "The page that is repeated is always the first.",
        &["page-echo"],
        when::echoes_number,
        Seam::List(Stage::Page, |listing, _| listing.echo_number = 1),
    ),
    defect(
        "size-echo-means-otherwise",
        "The size that is repeated means something else than promised.",
        &["size-echo", "offset-echo"],
        when::echoes_size,
        Seam::List(Stage::Page, |listing, scene| {
            let profile = scene.operation.pagination.as_ref();
            let echo = profile.and_then(|profile| profile.size_echo);
            listing.echo_size = match echo {
                Some(SizeEcho::Items) => listing.asked.size.unwrap_or_default(),
                Some(SizeEcho::Asked) | None => listing.items.len() as u64,
            };
        }),
    ),
    defect(
        "size-echo-of-total",
        "The number of items that is said is that of all items.",
        &["size-echo"],
        when::echoes_items,
        Seam::List(Stage::Page, |listing, _| listing.echo_size = listing.total),
    ),
    defect(
        "offset-echo-of-next",
        "The offset that is repeated is already the next one.",
        &["offset-echo"],
        when::echoes_offset,
        Seam::List(Stage::Page, |listing, _| {
            listing.echo_offset = i64::try_from(listing.end).unwrap_or(i64::MAX);
        }),
    ),
    defect(
        "past-the-end-repeats",
        "Beyond the end the last page comes again.",
        &["past-the-end"],
        when::counted,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            if listing.start >= count && count > 0 {
                listing.start = count.saturating_sub(listing.size());
                listing.end = count;
            }
        }),
    ),
    defect(
        "past-the-end-begins-again",
        "Beyond the end the first page comes again.",
        &["past-the-end"],
        when::counted,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= listing.chosen.len() {
                listing.start = 0;
                listing.end = listing.size().min(listing.chosen.len());
            }
        }),
    ),
    defect(
        "past-the-end-fails",
        "Beyond the end the server fails.",
        &["past-the-end"],
        when::counted,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= listing.chosen.len() && !listing.chosen.is_empty() {
                listing.broken = Some(500);
            }
        }),
    ),
    defect(
        "filter-ignored",
        "A filter is read and then forgotten.",
        &["filtered"],
        when::filtered,
        Seam::List(Stage::Ask, |listing, _| listing.asked.wants.clear()),
    ),
    defect(
        "filter-after-paging",
        "The page is cut first and filtered then.",
        &["filtered"],
        when::filtered,
        Seam::List(Stage::Page, |listing, _| {
            let mut all = listing.all.clone();
            list::sort(&mut all, &listing.asked.order);
            let page = all.into_iter().skip(listing.start).take(listing.size());
            listing.items = page
                .filter(|item| {
                    let wants = &listing.asked.wants;
                    wants
                        .iter()
                        .all(|want| super::super::ask::fits(want, &item.value))
                })
                .collect();
        }),
    ),
    defect(
        "filter-on-first-page-only",
        "Further pages are pages of the whole collection.",
        &["filtered"],
        when::grouped,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 {
                listing.chosen.clone_from(&listing.all);
                let order = listing.asked.order.clone();
                list::sort(&mut listing.chosen, &order);
                let end = listing.start.saturating_add(listing.size());
                listing.end = end.min(listing.chosen.len());
            }
        }),
    ),
    defect(
        "filter-inverted",
        "A filter gives what does not fit it.",
        &["filtered"],
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
    defect(
        "filter-loses-order",
        "Under a filter the items come in the order of creation.",
        &["filtered"],
        when::grouped,
        Seam::List(Stage::Select, |listing, _| {
            if !listing.asked.wants.is_empty() {
                list::sort(&mut listing.chosen, &[]);
                listing.chosen.reverse();
            } else if listing.asked.order.is_empty() {
                list::sort(&mut listing.chosen, &[]);
            }
        }),
    ),
    defect(
        "sort-ignored",
        "An order that is asked for is passed over.",
        &["sorted"],
        when::sorted,
        Seam::List(Stage::Select, |listing, _| {
            list::sort(&mut listing.chosen, &[])
        }),
    ),
    defect(
        "sort-within-page",
        "Items are put in order within each page only.",
        &["sorted"],
        when::sorted,
        Seam::List(Stage::Page, |listing, _| {
            let mut all = listing.chosen.clone();
            list::sort(&mut all, &[]);
            all.sort_by_key(|item| item.sequence % 5);
            listing.items = all
                .into_iter()
                .skip(listing.start)
                .take(listing.end - listing.start)
                .collect();
            let order = listing.asked.order.clone();
            list::sort(&mut listing.items, &order);
        }),
    ),
    defect(
        "reverse-ignored",
        "Both directions of an order give the same.",
        &["sorted"],
        when::reversible,
        Seam::List(Stage::Ask, |listing, scene| {
            let Some(profile) = &scene.operation.pagination else {
                return;
            };
            let backwards = profile.sort.iter().find(|sort| {
                let keys: Vec<_> = sort.by.iter().map(reversed).collect();
                keys == listing.asked.order
                    && sort.reverse.as_ref().is_some_and(|ask| scene.asks(ask))
            });
            if let Some(sort) = backwards {
                listing.asked.order.clone_from(&sort.by);
            }
        }),
    ),
    defect(
        "sort-drops-items",
        "An order leaves out the item that comes last in it.",
        &["sorted"],
        when::sorted,
        Seam::List(Stage::Select, |listing, scene| {
            let Some(profile) = &scene.operation.pagination else {
                return;
            };
            if profile.sort.iter().any(|sort| {
                scene.asks(&sort.set) || sort.reverse.as_ref().is_some_and(|ask| scene.asks(ask))
            }) {
                listing.chosen.pop();
            }
        }),
    ),
    defect(
        "ties-unstable",
        "Items that are equal in the order swap places from request to request.",
        &["same-answer-twice"],
        when::paged,
        Seam::List(Stage::Select, |listing, scene| {
            let turn = scene.world.store().number("~turn");
            if turn.is_multiple_of(2)
                && let [first, second, ..] = listing.chosen.as_mut_slice()
            {
                std::mem::swap(first, second);
            }
        }),
    ),
    defect(
        "order-depends-on-size",
        "Another page size gives another order.",
        &["size-invariance"],
        when::sized,
        Seam::List(Stage::Select, |listing, _| {
            let count = listing.chosen.len().max(1);
            let turn = (listing.size() % count).min(listing.chosen.len());
            listing.chosen.rotate_left(turn);
        }),
    ),
    defect(
        "default-sort-reversed",
        "Without an order the items come the wrong way round.",
        &["default-sort"],
        when::ordered,
        Seam::List(Stage::Ask, |listing, scene| {
            let Some(profile) = &scene.operation.pagination else {
                return;
            };
            if listing.asked.order == profile.default_sort
                && !profile.sort.iter().any(|sort| scene.asks(&sort.set))
            {
                listing.asked.order = profile.default_sort.iter().map(reversed).collect();
            }
        }),
    ),
    defect(
        "presentation-drops-items",
        "An option that adds to items takes one away.",
        &["presentation-keeps-set"],
        when::presented,
        Seam::List(Stage::Select, |listing, scene| {
            if presents(scene) && !listing.chosen.is_empty() {
                listing.chosen.remove(0);
            }
        }),
    ),
    defect(
        "presentation-reorders",
        "An option that adds to items changes their order.",
        &["presentation-keeps-set"],
        when::presented,
        Seam::List(Stage::Select, |listing, scene| {
            if presents(scene) {
                listing.chosen.reverse();
            }
        }),
    ),
    defect(
        "twin-differs",
        "Of two lists over one collection one lacks an item.",
        &["same-collection"],
        when::twin,
        Seam::List(Stage::Select, |listing, _| {
            listing.chosen.pop();
        }),
    ),
    defect(
        "shared-paging",
        "Requests at the same time share one page and one size.",
        &["isolation"],
        when::counted,
        Seam::Wire(Wire::SharedPaging),
    ),
];

/// Whether the request asks for something that only adds to items.
fn presents(scene: &Scene<'_>) -> bool {
    scene
        .operation
        .pagination
        .as_ref()
        .is_some_and(|profile| profile.presentation.iter().any(|ask| scene.asks(ask)))
}

fn position<'a>(scene: &Scene<'a>) -> Option<&'a Expression> {
    match &scene.operation.pagination.as_ref()?.style {
        PaginationStyle::Page { number, .. } => Some(number),
        PaginationStyle::Offset { offset, .. } => Some(offset),
        PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => None,
    }
}

fn is_position(complaint: &Complaint, scene: &Scene<'_>) -> bool {
    position(scene).is_some_and(|place| complaint.concerns(place))
}

fn is_size(complaint: &Complaint, scene: &Scene<'_>) -> bool {
    let size = scene.operation.pagination.as_ref();
    let size = size.and_then(|profile| profile.size.as_ref());
    size.is_some_and(|place| complaint.concerns(place))
}

fn asks_size(scene: &Scene<'_>) -> bool {
    let size = scene.operation.pagination.as_ref();
    let size = size.and_then(|profile| profile.size.as_ref());
    size.is_some_and(|place| scene.read(place).is_some())
}
