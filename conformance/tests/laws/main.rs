//! The laws, judged on small servers that are right, and on ones that are wrong in one way.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use plumbline_conformance::law::{LawOptions, judge};
use plumbline_conformance::{
    Contract, Limits, Outcome, Session, Severity, Target, Values, Verdict,
};
use plumbline_reference::Server;
use std::collections::BTreeMap;
use std::sync::Arc;

fn contract() -> Arc<Contract> {
    let reading = plumbline_specs::read(
        plumbline_specs::Input {
            name: "document.yaml",
            bytes: include_bytes!("document.yaml"),
        },
        &plumbline_specs::Options::default(),
    )
    .unwrap();
    Arc::new(Contract::new(reading).unwrap())
}

fn serve(contract: &Arc<Contract>, items: u64, defects: &[&str]) -> Server {
    let options = plumbline_reference::Options {
        items,
        defects: defects.iter().map(|&id| id.to_owned()).collect(),
        ..plumbline_reference::Options::default()
    };
    Server::start(Arc::clone(contract), options).unwrap()
}

/// The outcomes of one operation of a server, and how many requests they took.
async fn judged(
    contract: &Contract,
    server: &Server,
    label: &str,
    writes: bool,
) -> (Vec<Outcome>, u64) {
    let operation = contract.operation(label).unwrap();
    let session = Session::new(Target {
        base: server.url().parse().unwrap(),
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
    let outcomes = judge(contract, operation, &session, base, &options).await;
    (outcomes, session.sent())
}

/// The outcomes of one operation of a server with these defects.
async fn outcomes(label: &str, items: u64, defects: &[&str], writes: bool) -> (Vec<Outcome>, u64) {
    let contract = contract();
    let server = serve(&contract, items, defects);
    judged(&contract, &server, label, writes).await
}

async fn healthy(label: &str, count: u64) {
    for writes in [false, true] {
        let (outcomes, sent) = outcomes(label, count, &[], writes).await;
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
async fn caught(label: &str, count: u64, defect: &str, law: &str, writes: bool) -> String {
    let (outcomes, sent) = outcomes(label, count, &[defect], writes).await;
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
    assert!(failed, "{defect} at {label}: {outcome:#?}\n{broken:#?}");
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
    ($($name:ident: $label:literal, $defect:literal, $law:literal;)*) => {
        mod a_wrong_server_breaks {
            $(
                #[tokio::test]
                async fn $name() {
                    super::caught($label, 57, $defect, $law, false).await;
                }
            )*
        }
    };
}

caught! {
    page_slice_by_one: "pages", "slice-skips-one", "page-slice";
    no_duplicates_by_one: "pages", "slice-repeats-one", "no-duplicates";
    no_duplicates_at_the_end: "pages", "last-page-padded", "no-duplicates";
    last_page_without_its_last: "pages", "last-page-drops-item", "last-page";
    size_invariance_without_the_last: "pages", "last-page-drops-item", "size-invariance";
    page_bound_by_one: "pages", "page-holds-one-more", "page-bound";
    first_page_full_by_one: "pages", "first-page-short", "first-page-full";
    full_pages_by_one: "pages", "short-page-mid-walk", "full-pages";
    silent_cap_of_pages: "pages", "size-capped-silently", "silent-cap";
    silent_cap_of_offsets: "offsets", "size-capped-silently", "silent-cap";
    silent_cap_of_cursors: "cursors", "size-capped-silently", "silent-cap";
    every_page_answers_in_a_window: "pages", "deep-pages-refused", "every-page-answers";
    items_is_a_list_when_empty: "pages", "empty-list-is-null", "items-is-a-list";
    size_invariance_of_order: "pages", "order-depends-on-size", "size-invariance";
    same_answer_twice: "pages", "ties-unstable", "same-answer-twice";
    same_answer_twice_with_ties: "offsets", "ties-unstable", "sorted";
    page_base_of_zero: "pages", "page-zero-accepted", "page-base";
    past_the_end_by_repeating: "pages", "past-the-end-repeats", "past-the-end";
    walk_terminates: "pages", "past-the-end-repeats", "walk-terminates";
    past_the_end_by_failing: "pages", "past-the-end-fails", "past-the-end";
    past_the_end_of_offsets: "offsets", "past-the-end-repeats", "past-the-end";
    total_constant: "pages", "total-of-page", "total-constant";
    total_true: "pages", "total-of-page", "total-true";
    total_true_under_a_filter: "pages", "total-ignores-filter", "total-true";
    page_echo: "pages", "page-echo-from-zero", "page-echo";
    size_echo: "pages", "size-echo-means-otherwise", "size-echo";
    filtered_after_paging: "pages", "filter-after-paging", "filtered";
    filtered_after_paging_by_offset: "offsets", "filter-after-paging", "filtered";
    filtered_not_at_all: "pages", "filter-ignored", "filtered";
    sorted_within_pages: "pages", "sort-within-page", "sorted";
    sorted_not_at_all: "offsets", "sort-ignored", "sorted";
    sorted_one_way_only: "cursors", "reverse-ignored", "sorted";
    default_sort: "pages", "default-sort-reversed", "default-sort";
    defaults: "pages", "default-size-differs", "defaults";
    defaults_of_offsets: "search", "default-size-differs", "defaults";
    presentation_keeps_set: "pages", "presentation-drops-items", "presentation-keeps-set";
    bounds_by_wrapping: "pages", "negative-position-wraps", "bounds";
    bounds_by_wrapping_offsets: "offsets", "negative-position-wraps", "bounds";
    bounds_in_a_body: "search", "negative-position-wraps", "bounds";
    bounds_by_failing: "pages", "bad-input-500", "bounds";
    bounds_by_taking_all: "offsets", "size-out-of-bounds-accepted", "bounds";
    bounds_with_another_body: "pages", "error-of-wrong-form", "bounds";
    offset_echo: "offsets", "offset-echo-of-next", "offset-echo";
    offset_slice: "offsets", "offset-rounded-to-pages", "offset-slice";
    next_is_sum: "offsets", "next-is-page-number", "next-is-sum";
    next_advances: "offsets", "next-repeats", "next-advances";
    walk_terminates_by_offset: "offsets", "next-repeats", "walk-terminates";
    next_iff_more_by_offset: "offsets", "next-when-exactly-full", "next-iff-more";
    next_iff_more_by_cursor: "cursors", "next-when-exactly-full", "next-iff-more";
    no_empty_page: "offsets", "empty-page-mid-walk", "no-empty-page";
    cursor_advances: "cursors", "next-repeats", "cursor-advances";
    walk_terminates_by_cursor: "cursors", "next-repeats", "walk-terminates";
    cursor_replays: "cursors", "cursor-works-once", "cursor-replays";
    bad_cursor_is_the_first_page: "cursors", "bad-cursor-begins-again", "bad-cursor";
    bad_cursor_fails: "cursors", "bad-cursor-500", "bad-cursor";
    cursor_is_bound: "cursors", "cursor-ignores-selection", "cursor-is-bound";
    prev_of_next: "cursors", "previous-too-far", "prev-of-next";
    prev_of_next_by_link: "links", "previous-too-far", "prev-of-next";
    link_keeps_query: "links", "link-drops-query", "link-keeps-query";
    link_keeps_origin: "links", "link-names-inner-host", "link-keeps-query";
    link_first_is_first: "links", "link-first-is-this", "link-keeps-query";
    no_duplicates_by_link: "links", "slice-repeats-one", "no-duplicates";
    same_collection: "pages", "twin-differs", "same-collection";
    read_back: "pages", "read-differs-from-list", "read-back";
}

/// A long list is walked at fewer sizes, and to its end at great ones alone.
#[tokio::test]
async fn faults_show_in_a_long_list_too() {
    for (label, defect, law) in [
        ("pages", "slice-skips-one", "page-slice"),
        ("pages", "last-page-drops-item", "last-page"),
        ("offsets", "next-when-exactly-full", "next-iff-more"),
        ("cursors", "size-capped-silently", "silent-cap"),
        ("links", "link-drops-query", "link-keeps-query"),
    ] {
        caught(label, 1000, defect, law, false).await;
    }
}

/// Zero is a token too.
#[tokio::test]
async fn a_token_that_is_falsy_is_missed() {
    caught("cursors", 57, "next-token-falsy", "next-iff-more", false).await;
}

/// Beside a next the flag is a hint, so it warns; `caught` looks for failures.
#[tokio::test]
async fn a_flag_beside_a_next_warns() {
    let (outcomes, _) = outcomes("offsets", 57, &["more-never"], false).await;
    let outcome = outcomes
        .iter()
        .find(|outcome| outcome.rule == "next-iff-more");
    assert_eq!(outcome.unwrap().verdict, Verdict::Warned, "{outcome:#?}");
}

#[tokio::test]
async fn writes_show_what_stays_and_what_comes_twice() {
    caught("pages", 57, "deleted-item-listed", "read-back", true).await;
    caught(
        "cursors",
        57,
        "created-item-listed-twice",
        "read-back",
        true,
    )
    .await;
    caught(
        "cursors",
        57,
        "cursor-by-position",
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
            let (outcomes, _) = outcomes(label, 57, &["shared-paging"], false).await;
            let isolation = outcomes.iter().find(|outcome| outcome.rule == "isolation");
            runs += usize::from(isolation.unwrap().verdict == Verdict::Failed);
        }
        assert!(runs >= 9, "{label}: {runs} of 10 runs");
    }
}

/// What changes under the kit's hands is not judged.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_moves_is_not_judged() {
    let contract = contract();
    let server = serve(&contract, 57, &[]);
    let url = format!("{}/items", server.url());
    let writer = tokio::spawn(async move {
        let client = reqwest::Client::new();
        for number in 0.. {
            let request = client.post(&url).header("Content-Type", "application/json");
            let sent = request
                .body(format!("{{\"name\": \"item {number}\"}}"))
                .send();
            assert_eq!(sent.await.unwrap().status(), 201);
        }
    });
    let (outcomes, _) = judged(&contract, &server, "pages", false).await;
    writer.abort();
    for outcome in outcomes {
        assert_eq!(outcome.verdict, Verdict::Skipped, "{outcome:#?}");
        assert!(outcome.reason.unwrap().contains("the data moved"));
    }
}
