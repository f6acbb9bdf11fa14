//! Defects of pages: where they begin and end, and what counts as a page.

use super::super::complaint::{Complaint, Matter};
use super::super::context::RequestContext;
use super::super::parsed::Position;
use super::super::stage::Stage;
use super::{Class, Defect, Seam, when};
use plumbline_conformance::rule::{check, law};
use plumbline_specs::api::{Expression, PaginationStyle};

/// How deep a list with a hidden result window goes.
const WINDOW: usize = 30;

pub(super) const DEFECTS: &[Defect] = &[
    Class::Pagination.defect(
        "slice-skips-one",
        "Every page but the first begins one item late.",
        &[
            law::PAGE_SLICE,
            law::OFFSET_SLICE,
            law::SIZE_INVARIANCE,
            law::TOTAL_TRUE,
            law::NEXT_IFF_MORE,
        ],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 {
                listing.start = (listing.start + 1).min(listing.chosen.len());
                listing.end = (listing.end + 1).min(listing.chosen.len());
            }
        }),
    ),
    Class::Pagination.defect(
        "slice-repeats-one",
        "Every page but the first begins with the last item of the page before.",
        &[law::NO_DUPLICATES],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 && listing.start < listing.chosen.len() {
                listing.start -= 1;
            }
        }),
    ),
    Class::Pagination.defect(
        "page-holds-one-more",
        "A page holds one item more than was asked for.",
        &[law::PAGE_BOUND],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            listing.end = (listing.end + 1).min(listing.chosen.len());
        }),
    ),
    Class::Pagination.defect(
        "page-holds-one-less",
        "A full page holds one item less than was asked for.",
        &[law::FULL_PAGES, law::FIRST_PAGE_FULL],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.end - listing.start > 1 && listing.end < listing.chosen.len() {
                listing.end -= 1;
            }
        }),
    ),
    Class::Pagination.defect(
        "first-page-short",
        "The first page alone lacks its last item.",
        &[law::FIRST_PAGE_FULL, law::FULL_PAGES],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start == 0 && listing.end > 1 {
                listing.end -= 1;
            }
        }),
    ),
    Class::Pagination.defect(
        "last-page-drops-item",
        "The last page lacks the last item.",
        &[
            law::LAST_PAGE,
            law::SIZE_INVARIANCE,
            law::PAGE_SLICE,
            law::OFFSET_SLICE,
            law::NEXT_IFF_MORE,
        ],
        when::paged,
        Seam::List(Stage::Page, |listing, _| {
            if listing.start > 0 && listing.end == listing.chosen.len() {
                listing.items.pop();
            }
        }),
    ),
    Class::Pagination.defect(
        "last-page-padded",
        "The last page is filled up with items of the page before.",
        &[law::LAST_PAGE, law::NO_DUPLICATES],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            if listing.start > 0 && listing.end == count && listing.start < count {
                listing.start = count.saturating_sub(listing.size());
            }
        }),
    ),
    Class::Pagination.defect(
        "last-item-twice",
        "The last page ends with its last item a second time.",
        &[law::LAST_PAGE, law::NO_DUPLICATES],
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
    Class::Pagination.defect(
        "short-page-mid-walk",
        "A page in mid-walk holds half of what was asked for.",
        &[law::FULL_PAGES, law::PAGE_SLICE, law::OFFSET_SLICE],
        when::sized,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start > 0 && listing.end < listing.chosen.len() {
                listing.end = listing.start + (listing.end - listing.start).div_ceil(2);
            }
        }),
    ),
    Class::Pagination.defect(
        "empty-page-mid-walk",
        "The second page is empty though more follows.",
        &[law::NO_EMPTY_PAGE, law::FULL_PAGES, law::PAGE_SLICE],
        when::paged,
        Seam::List(Stage::Page, |listing, _| {
            let second = listing.start > 0 && listing.start <= listing.size();
            if second && listing.end < listing.chosen.len() {
                listing.items.clear();
            }
        }),
    ),
    Class::Pagination.defect(
        "deep-pages-500",
        "Pages beyond a depth nobody speaks of fail.",
        &[law::EVERY_PAGE_ANSWERS],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= WINDOW {
                listing.broken = Some(500);
            }
        }),
    ),
    Class::Pagination.defect(
        "deep-pages-refused",
        "Pages beyond a hidden result window are refused.",
        &[law::EVERY_PAGE_ANSWERS],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= WINDOW {
                listing.broken = Some(400);
            }
        }),
    ),
    Class::Pagination.defect(
        "deep-pages-empty",
        "Pages beyond a hidden result window are empty.",
        &[
            law::PAGE_SLICE,
            law::OFFSET_SLICE,
            law::SIZE_INVARIANCE,
            law::FULL_PAGES,
            law::NO_EMPTY_PAGE,
        ],
        when::paged,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= WINDOW {
                listing.end = listing.start;
            }
        }),
    ),
    Class::Pagination.defect(
        "page-counts-from-zero",
        "Page 1 is the second page.",
        &[law::PAGE_BASE, law::PAGE_SLICE],
        when::pages,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            let size = listing.size();
            listing.start = listing.start.saturating_add(size).min(count);
            listing.end = listing.end.saturating_add(size).min(count);
        }),
    ),
    Class::Pagination.defect(
        "page-zero-accepted",
        "Page 0 answers like page 1.",
        &[law::BOUNDS, law::PAGE_BASE],
        when::pages,
        Seam::Check(|complaints, context| {
            complaints.retain(|own| !(own.matter == Matter::Bounds && is_position(own, context)));
        }),
    ),
    Class::Pagination.defect(
        "negative-position-wraps",
        "A negative page or offset counts from the end.",
        &[law::BOUNDS],
        when::counted,
        Seam::Accept(
            |own, context| own.matter == Matter::Bounds && is_position(own, context),
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
    Class::Pagination.defect(
        "word-for-number-accepted",
        "A word in the place of a page or offset answers with the first page.",
        &[law::BOUNDS],
        when::counted,
        Seam::Check(|complaints, context| {
            complaints
                .retain(|own| !(own.matter == Matter::Unreadable && is_position(own, context)));
        }),
    ),
    Class::Pagination.defect(
        "size-out-of-bounds-accepted",
        "A size of zero or below is accepted.",
        &[law::BOUNDS],
        when::sized,
        Seam::Check(|complaints, context| {
            complaints.retain(|own| !(own.matter == Matter::Bounds && is_size(own, context)));
        }),
    ),
    Class::Pagination.defect(
        "word-for-size-accepted",
        "A word in the place of a size answers with the default size.",
        &[law::BOUNDS],
        when::sized,
        Seam::Check(|complaints, context| {
            complaints.retain(|own| !(own.matter == Matter::Unreadable && is_size(own, context)));
        }),
    ),
    Class::Pagination.defect(
        "size-out-of-bounds-500",
        "A size of zero or below makes the server fail.",
        &[law::BOUNDS],
        when::sized,
        Seam::Accept(
            |own, context| own.matter == Matter::Bounds && is_size(own, context),
            Stage::Cut,
            |listing, context| {
                let size = context.operation.pagination.as_ref();
                let size = size.and_then(|profile| profile.size.as_ref());
                let size = size.map(|place| context.integer(place));
                if matches!(size, Some(super::super::parsed::Integer::Is(..=0))) {
                    listing.broken = Some(500);
                }
            },
        ),
    ),
    Class::Pagination.defect(
        "size-capped-silently",
        "A page holds 20 items at most, which nobody documents.",
        &[law::SILENT_CAP, law::FULL_PAGES],
        when::capped,
        Seam::List(Stage::Ask, |listing, _| {
            listing.asked.size = listing.asked.size.map(|size| size.min(20));
        }),
    ),
    Class::Pagination.defect(
        "size-ignored",
        "Every page has the default size, whatever was asked for.",
        &[law::PAGE_BOUND, law::FULL_PAGES],
        when::sized,
        Seam::List(Stage::Ask, |listing, context| {
            let profile = context.operation.pagination.as_ref();
            listing.asked.size = profile
                .and_then(|profile| context.default_size(profile))
                .or(Some(10));
        }),
    ),
    Class::Pagination.defect(
        "default-size-differs",
        "Without a size a page is shorter than documented.",
        &[law::DEFAULTS],
        when::sized,
        Seam::List(Stage::Ask, |listing, context| {
            if !asks_size(context) {
                // Short enough to show in a short list too.
                let half = listing.asked.size.unwrap_or(20) / 2;
                listing.asked.size = Some(half.clamp(1, 10));
            }
        }),
    ),
    Class::Pagination.defect(
        "default-position-differs",
        "Without a page or offset the list begins with its second item or page.",
        &[law::DEFAULTS],
        when::counted,
        Seam::List(Stage::Ask, |listing, context| {
            let place = position(context);
            if place.is_some_and(|place| context.read(place).is_some()) {
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
    Class::Pagination.defect(
        "past-the-end-repeats",
        "Beyond the end the last page comes again.",
        &[law::PAST_THE_END],
        when::counted,
        Seam::List(Stage::Cut, |listing, _| {
            let count = listing.chosen.len();
            if listing.start >= count && count > 0 {
                listing.start = count.saturating_sub(listing.size());
                listing.end = count;
            }
        }),
    ),
    Class::Pagination.defect(
        "past-the-end-begins-again",
        "Beyond the end the first page comes again.",
        &[law::PAST_THE_END],
        when::counted,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= listing.chosen.len() {
                listing.start = 0;
                listing.end = listing.size().min(listing.chosen.len());
            }
        }),
    ),
    Class::Pagination.defect(
        "past-the-end-fails",
        "Beyond the end the server fails.",
        &[
            law::PAST_THE_END,
            law::EVERY_PAGE_ANSWERS,
            check::NO_SERVER_ERROR,
        ],
        when::counted,
        Seam::List(Stage::Cut, |listing, _| {
            if listing.start >= listing.chosen.len() && !listing.chosen.is_empty() {
                listing.broken = Some(500);
            }
        }),
    ),
];

fn position<'a>(context: &RequestContext<'a>) -> Option<&'a Expression> {
    match &context.operation.pagination.as_ref()?.style {
        PaginationStyle::Page { number, .. } => Some(number),
        PaginationStyle::Offset { offset, .. } => Some(offset),
        PaginationStyle::Cursor { .. } | PaginationStyle::Link { .. } => None,
    }
}

fn is_position(complaint: &Complaint, context: &RequestContext<'_>) -> bool {
    position(context).is_some_and(|place| complaint.concerns(place))
}

fn is_size(complaint: &Complaint, context: &RequestContext<'_>) -> bool {
    let size = context.operation.pagination.as_ref();
    let size = size.and_then(|profile| profile.size.as_ref());
    size.is_some_and(|place| complaint.concerns(place))
}

fn asks_size(context: &RequestContext<'_>) -> bool {
    let size = context.operation.pagination.as_ref();
    let size = size.and_then(|profile| profile.size.as_ref());
    size.is_some_and(|place| context.read(place).is_some())
}
