//! The laws, judged on small servers that are right, and on ones that are wrong in one way.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod server;

use plumbline_conformance::law::{LawOptions, judge};
use plumbline_conformance::{
    Contract, Limits, Outcome, Session, Severity, Target, Values, Verdict,
};
use server::{App, Fault};
use std::collections::BTreeMap;

/// The outcomes of one operation, and how many requests they took.
async fn outcomes(label: &str, count: usize, fault: Fault, writes: bool) -> (Vec<Outcome>, u64) {
    let reading = plumbline_specs::read(
        plumbline_specs::Input {
            name: "document.yaml",
            bytes: include_bytes!("document.yaml"),
        },
        &plumbline_specs::Options::default(),
    )
    .unwrap();
    let contract = Contract::new(reading).unwrap();
    let operation = contract.operation(label).unwrap();
    let app = App::new(count, fault);
    let server = app.serve();
    let session = Session::new(Target {
        base: server.base_url().parse().unwrap(),
        headers: Vec::new(),
        values: BTreeMap::new(),
        limits: Limits::default(),
    })
    .unwrap();
    let base = contract.request(operation, &Values::new()).unwrap();
    let options = LawOptions {
        writes,
        ..LawOptions::default()
    };
    let outcomes = judge(&contract, operation, &session, base, &options).await;
    (outcomes, session.sent())
}

async fn healthy(label: &str, count: usize) {
    for writes in [false, true] {
        let (outcomes, sent) = outcomes(label, count, Fault::Nothing, writes).await;
        let mut passed = 0;
        for outcome in &outcomes {
            match outcome.verdict {
                Verdict::Passed => passed += 1,
                Verdict::Skipped => {
                    // With a neighbour to every page, only what the profile leaves out is skipped.
                    let reason = outcome.reason.as_deref().unwrap();
                    let left_out = reason.contains("profile")
                        || reason.contains("writing was not asked for")
                        || reason.contains("several pages")
                        || reason.contains("no x-resource")
                        || reason.contains("positions shift")
                        // Two pages have none between them.
                        || count == 2 && reason.contains("between its first and its last");
                    assert!(count < 2 || left_out, "{label} {count}: {outcome:#?}");
                }
                _ => panic!("{label} with {count} items: {outcome:#?}"),
            }
        }
        let least = match count {
            0 => 4,
            1 => 7,
            _ => 16,
        };
        assert!(passed >= least, "{label} {count}: {passed} passed");
        assert!(sent <= 420, "{label} {count}: {sent} requests");
    }
}

macro_rules! healthy {
    ($($name:ident: $label:literal, $count:literal;)*) => {
        mod a_right_server_breaks_no_law {
            $(
                #[tokio::test]
                async fn $name() {
                    super::healthy($label, $count).await;
                }
            )*
        }
    };
}

healthy! {
    pages_of_none: "pages", 0;
    pages_of_1: "pages", 1;
    pages_of_2: "pages", 2;
    pages_of_57: "pages", 57;
    pages_of_1000: "pages", 1000;
    offsets_of_none: "offsets", 0;
    offsets_of_1: "offsets", 1;
    offsets_of_2: "offsets", 2;
    offsets_of_57: "offsets", 57;
    offsets_of_1000: "offsets", 1000;
    cursors_of_none: "cursors", 0;
    cursors_of_1: "cursors", 1;
    cursors_of_2: "cursors", 2;
    cursors_of_57: "cursors", 57;
    cursors_of_1000: "cursors", 1000;
    links_of_none: "links", 0;
    links_of_1: "links", 1;
    links_of_2: "links", 2;
    links_of_57: "links", 57;
    links_of_1000: "links", 1000;
    search_in_a_body_of_none: "search", 0;
    search_in_a_body_of_1: "search", 1;
    search_in_a_body_of_57: "search", 57;
    search_in_a_body_of_1000: "search", 1000;
}

/// Expects one law at least to fail on a server, and gives what was found, for messages.
async fn caught(label: &str, count: usize, fault: Fault, law: &str, writes: bool) -> String {
    let (outcomes, sent) = outcomes(label, count, fault, writes).await;
    let broken: Vec<String> = outcomes
        .iter()
        .filter(|outcome| matches!(outcome.verdict, Verdict::Failed | Verdict::Warned))
        .map(|outcome| format!("{}: {}", outcome.rule, outcome.findings[0].message))
        .collect();
    let outcome = outcomes
        .iter()
        .find(|outcome| outcome.rule == law)
        .unwrap_or_else(|| panic!("{law} does not bind {label}"));
    let failed = outcome
        .findings
        .iter()
        .any(|finding| finding.severity == Severity::Failure);
    assert!(failed, "{fault:?} at {label}: {outcome:#?}\n{broken:#?}");
    for finding in outcomes.iter().flat_map(|outcome| &outcome.findings) {
        assert!(!finding.evidence.is_empty(), "{finding:#?}");
        assert!(finding.evidence.len() <= 3, "{finding:#?}");
        assert!(!finding.expected.is_empty(), "{finding:#?}");
    }
    for outcome in &outcomes {
        assert!(outcome.findings.len() <= 256, "{outcome:#?}");
    }
    assert!(sent <= 620, "{sent} requests");
    broken.join("\n")
}

macro_rules! caught {
    ($($name:ident: $label:literal, $fault:ident, $law:literal;)*) => {
        mod a_wrong_server_breaks {
            use super::Fault;
            $(
                #[tokio::test]
                async fn $name() {
                    super::caught($label, 57, Fault::$fault, $law, false).await;
                }
            )*
        }
    };
}

caught! {
    page_slice_by_one: "pages", OffByOne, "page-slice";
    no_duplicates_by_one: "pages", OffByOne, "no-duplicates";
    no_duplicates_by_a_repeated_page: "pages", RepeatsPage, "no-duplicates";
    last_page_without_its_last: "pages", DropsLast, "last-page";
    size_invariance_without_the_last: "pages", DropsLast, "size-invariance";
    page_bound_by_one: "pages", OneTooMany, "page-bound";
    first_page_full_by_one: "pages", ShortFirst, "first-page-full";
    full_pages_by_one: "pages", ShortPage, "full-pages";
    silent_cap_of_pages: "pages", SilentCap, "silent-cap";
    silent_cap_of_offsets: "offsets", SilentCap, "silent-cap";
    silent_cap_of_cursors: "cursors", SilentCap, "silent-cap";
    every_page_answers_in_a_window: "pages", ResultWindow, "every-page-answers";
    items_is_a_list_when_empty: "pages", NullItems, "items-is-a-list";
    size_invariance_of_order: "pages", OrderBySize, "size-invariance";
    same_answer_twice: "pages", UnstableOrder, "same-answer-twice";
    same_answer_twice_with_ties: "offsets", UnstableTies, "sorted";
    page_base_of_zero: "pages", ZeroBased, "page-base";
    past_the_end_by_repeating: "pages", PastTheEndRepeats, "past-the-end";
    walk_terminates: "pages", PastTheEndRepeats, "walk-terminates";
    past_the_end_by_failing: "pages", PastTheEndFails, "past-the-end";
    past_the_end_of_offsets: "offsets", PastTheEndRepeats, "past-the-end";
    total_constant: "pages", TotalOfPage, "total-constant";
    total_true: "pages", TotalOfPage, "total-true";
    total_true_under_a_filter: "pages", TotalUnfiltered, "total-true";
    page_echo: "pages", PageEcho, "page-echo";
    size_echo: "pages", SizeEcho, "size-echo";
    filtered_after_paging: "pages", FilterAfterPaging, "filtered";
    filtered_after_paging_by_offset: "offsets", FilterAfterPaging, "filtered";
    filtered_not_at_all: "pages", FilterIgnored, "filtered";
    filtered_by_case: "search", FilterKeepsCase, "filtered";
    sorted_within_pages: "pages", SortWithinPage, "sorted";
    sorted_not_at_all: "offsets", SortIgnored, "sorted";
    sorted_one_way_only: "cursors", ReverseIgnored, "sorted";
    default_sort: "pages", DefaultOrder, "default-sort";
    defaults: "pages", DefaultSize, "defaults";
    defaults_of_offsets: "search", DefaultSize, "defaults";
    presentation_keeps_set: "pages", CountsDropItems, "presentation-keeps-set";
    bounds_by_wrapping: "pages", NegativeWraps, "bounds";
    bounds_by_wrapping_offsets: "offsets", NegativeWraps, "bounds";
    bounds_in_a_body: "search", NegativeWraps, "bounds";
    bounds_by_failing: "pages", GarbageFails, "bounds";
    bounds_by_taking_all: "offsets", NoMinimum, "bounds";
    bounds_with_another_body: "pages", RefusalBody, "bounds";
    offset_echo: "offsets", OffsetEcho, "offset-echo";
    offset_slice: "offsets", RoundsOffset, "offset-slice";
    next_is_sum: "offsets", NextIsPage, "next-is-sum";
    next_advances: "offsets", NextStuck, "next-advances";
    walk_terminates_by_offset: "offsets", NextStuck, "walk-terminates";
    next_iff_more_by_offset: "offsets", NextWhenFull, "next-iff-more";
    next_iff_more_by_cursor: "cursors", NextWhenFull, "next-iff-more";
    no_empty_page: "offsets", EmptyPage, "no-empty-page";
    cursor_advances: "cursors", Endless, "cursor-advances";
    walk_terminates_by_cursor: "cursors", Endless, "walk-terminates";
    cursor_replays: "cursors", CursorConsumed, "cursor-replays";
    bad_cursor_is_the_first_page: "cursors", BadCursorIsFirst, "bad-cursor";
    bad_cursor_fails: "cursors", BadCursorFails, "bad-cursor";
    cursor_is_bound: "cursors", CursorMixes, "cursor-is-bound";
    prev_of_next: "cursors", PreviousWrong, "prev-of-next";
    prev_of_next_by_link: "links", PreviousWrong, "prev-of-next";
    link_keeps_query: "links", LinkLosesQuery, "link-keeps-query";
    link_keeps_origin: "links", LinkOtherOrigin, "link-keeps-query";
    link_first_is_first: "links", FirstLinkWrong, "link-keeps-query";
    no_duplicates_by_link: "links", OffByOne, "no-duplicates";
    same_collection: "pages", OtherListLacks, "same-collection";
    read_back: "pages", ReadDiffers, "read-back";
}

/// A long list is walked at fewer sizes, and to its end at great ones alone.
#[tokio::test]
async fn faults_show_in_a_long_list_too() {
    for (label, fault, law) in [
        ("pages", Fault::OffByOne, "page-slice"),
        ("pages", Fault::DropsLast, "last-page"),
        ("offsets", Fault::NextWhenFull, "next-iff-more"),
        ("cursors", Fault::SilentCap, "silent-cap"),
        ("links", Fault::LinkLosesQuery, "link-keeps-query"),
    ] {
        caught(label, 1000, fault, law, false).await;
    }
}

/// Zero is a token too.
#[tokio::test]
async fn a_token_that_is_falsy_is_missed() {
    caught("cursors", 57, Fault::NextTruthy, "next-iff-more", false).await;
}

/// Beside a next the flag is a hint, so it warns; `caught` looks for failures.
#[tokio::test]
async fn a_flag_beside_a_next_warns() {
    let (outcomes, _) = outcomes("offsets", 57, Fault::MoreWrong, false).await;
    let outcome = outcomes
        .iter()
        .find(|outcome| outcome.rule == "next-iff-more");
    assert_eq!(outcome.unwrap().verdict, Verdict::Warned, "{outcome:#?}");
}

#[tokio::test]
async fn writes_show_what_stays_and_what_comes_twice() {
    caught("pages", 57, Fault::DeletedStays, "read-back", true).await;
    caught("cursors", 57, Fault::CreatedTwice, "read-back", true).await;
    caught(
        "cursors",
        57,
        Fault::CursorIsOffset,
        "stability-under-writes",
        true,
    )
    .await;
}

/// Ten runs, of which nine have to catch it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_kept_in_a_shared_variable_is_caught_in_nine_of_ten_runs() {
    for label in ["pages", "cursors"] {
        let mut runs = 0;
        for _ in 0..10 {
            let (outcomes, _) = outcomes(label, 57, Fault::SharedState, false).await;
            let isolation = outcomes.iter().find(|outcome| outcome.rule == "isolation");
            runs += usize::from(isolation.unwrap().verdict == Verdict::Failed);
        }
        assert!(runs >= 9, "{label}: {runs} of 10 runs");
    }
}

/// What changes under the kit's hands is not judged.
#[tokio::test]
async fn data_that_moves_is_not_judged() {
    let (outcomes, _) = outcomes("pages", 57, Fault::DataMoves, false).await;
    for outcome in outcomes {
        assert_eq!(outcome.verdict, Verdict::Skipped, "{outcome:#?}");
        assert!(outcome.reason.unwrap().contains("the data moved"));
    }
}
