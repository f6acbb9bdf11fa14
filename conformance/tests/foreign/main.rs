//! A server in another language, written from its document alone and wrong in one place only: the
//! finding names the rule, and its curl commands, pasted into a shell, show the contradiction.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod pasted;
mod shop;

use pasted::{Pasted, findings};
use plumbline_conformance::{Verdict, run::Verified};
use shop::Shop;
use std::collections::BTreeSet;

fn verify(shop: &Shop) -> Verified {
    let run = plumbline_conformance::verify(shop.url())
        .document("openapi.yaml", include_bytes!("openapi.yaml"))
        .overlay("overlay.yaml", include_bytes!("overlay.yaml"))
        .writes(true)
        .run();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(run).unwrap()
}

/// The outcomes of a verdict, as `operation/rule`.
fn outcomes(verified: &Verified, verdict: Verdict) -> BTreeSet<String> {
    let outcomes = verified.report.outcomes.iter();
    outcomes
        .filter(|outcome| outcome.verdict == verdict)
        .map(|outcome| format!("{}/{}", outcome.operation, outcome.rule))
        .collect()
}

#[test]
fn the_healthy_server_has_no_finding() {
    let Some(shop) = Shop::open("none") else {
        return;
    };
    let verified = verify(&shop);
    let told: Vec<_> = [Verdict::Failed, Verdict::Warned]
        .map(|verdict| outcomes(&verified, verdict))
        .into_iter()
        .flatten()
        .collect();
    assert!(told.is_empty(), "{told:?}: {}", verified.text());
    assert!(verified.report.totals().passed > 100);
    assert!(verified.report.uncovered.is_empty());
}

/// One fault: the rule that has to name it, where nothing but this part of the paths may be
/// blamed, and what the pasted answers of one of its findings have to show.
struct Fault {
    id: &'static str,
    rule: &'static str,
    operations: &'static str,
    shows: fn(&[Pasted]) -> bool,
}

impl Fault {
    fn is_found(&self) {
        let Some(shop) = Shop::open(self.id) else {
            return;
        };
        let verified = verify(&shop);
        let failed = outcomes(&verified, Verdict::Failed);
        let text = verified.text();
        assert!(
            failed
                .iter()
                .any(|one| one.ends_with(&format!("/{}", self.rule))),
            "{}: {failed:?}\n{text}",
            self.id
        );
        for one in &failed {
            let (operation, _) = one.split_once('/').unwrap();
            assert!(
                self.operations.is_empty() || operation.contains(self.operations),
                "{} blames {one}",
                self.id
            );
        }
        let findings = findings(&text, self.rule);
        let pasted: Vec<Vec<Pasted>> = findings
            .iter()
            .map(|commands| commands.iter().map(|one| Pasted::of(one)).collect())
            .collect();
        assert!(
            pasted.iter().any(|answers| (self.shows)(answers)),
            "{}: {findings:#?} {pasted:#?}",
            self.id
        );
    }
}

macro_rules! faults {
    ($($id:literal $name:ident $rule:literal $operations:literal $shows:expr;)*) => {$(
        #[test]
        fn $name() {
            Fault { id: $id, rule: $rule, operations: $operations, shows: $shows }.is_found();
        }
    )*};
}

faults! {
    "page-overlaps" pages_that_overlap "no-duplicates" "Book" |of| {
        let (first, second) = (of[0].list("/books", "/id"), of[1].list("/books", "/id"));
        first.iter().any(|id| second.contains(id))
    };
    "last-page-dropped" a_last_page_that_is_dropped "size-invariance" "Book" |of| {
        of[0].list("/books", "/id").is_empty() && of[0].at("/total") == of[1].at("/total")
    };
    "filter-after-paging" a_filter_that_comes_after_the_paging "filtered" "Book" |of| {
        // The filtered page holds fewer than were asked for, and the list has more that match.
        let wanted = of[0].list("/books", "/author")[0].clone();
        let all = of.last().unwrap().list("/books", "/author");
        all.iter().filter(|author| **author == wanted).count()
            > of[0].list("/books", "/author").len()
    };
    "sort-within-page" a_sort_of_single_pages "sorted" "Book" |of| {
        let (first, second) = (of[0].list("/books", "/author"), of[1].list("/books", "/author"));
        let (last, next) = (first.last().unwrap().as_str(), second[0].as_str());
        last > next || last < next && of[0].command.contains("sort=-author")
    };
    "ties-by-page" ties_that_each_page_orders_anew "no-duplicates" "Book" |of| {
        let (first, second) = (of[0].list("/books", "/id"), of[1].list("/books", "/id"));
        of[0].command.contains("sort=") && first.iter().any(|id| second.contains(id))
    };
    "total-counts-page" a_total_of_the_page "total-constant" "Book" |of| {
        of[0].at("/total") != of[1].at("/total")
    };
    "total-ignores-filter" a_total_without_the_filter "total-true" "Book" |of| {
        of[0].at("/total") != of[0].list("/books", "/id").len().to_string()
            && of[0].command.contains("author=") && of[1].list("/books", "/id").is_empty()
    };
    "size-clamped" a_size_that_is_clamped "bounds" "Book" |of| {
        of[0].status == 200 && (of[0].command.contains("size=0") || of[0].command.contains("size=201"))
    };
    "page-zero-wraps" a_page_before_the_first "page-base" "Book" |of| {
        of.iter().any(|page| page.status == 200 && page.command.contains("page=0"))
    };
    "null-in-list" a_null_where_there_is_none "body-schema" "Book" |of| {
        of[0].list("/books", "/author").contains(&serde_json::Value::Null.to_string())
    };
    "number-crashes" a_number_that_crashes "no-server-error" "" |of| of[0].status == 500;
    "error-as-list" an_error_of_another_form "error-schema" "Book" |of| {
        of[0].status == 400 && of[0].json.get("error").is_none()
    };
    "error-as-html" an_error_of_another_media_type "media-type" "" |of| {
        of[0].status >= 400 && of[0].header("content-type") == Some("text/html")
    };
    "created-200" a_status_that_is_not_documented "documented-status" "Book" |of| {
        of[0].status == 200 && of[0].command.contains("-X POST")
    };
    "location-missing" a_header_that_is_missing "documented-headers" "Book" |of| {
        of[0].status == 201 && of[0].header("location").is_none()
    };
    "title-trimmed" a_value_that_is_not_kept "life-cycle" "Book" |of| {
        let sent = of[0].command.split("\"title\":\"").nth(1).unwrap();
        of[0].at("/title").len() == 5 && sent.find('"').unwrap() > 3
    };
    "unknown-is-null" an_unknown_id_that_is_null "unknown-id" "Book" |of| {
        of[0].status == 200 && of[0].json.is_null()
    };
    "delete-does-nothing" a_delete_that_does_nothing "life-cycle" "Book" |of| {
        of[0].command.contains("-X DELETE") && of[0].status == 204 && of[1].status == 200
    };
    "next-counts-pages" a_next_that_counts_pages "next-is-sum" "Order" |of| {
        let next: usize = of[0].at("/next_offset").parse().unwrap();
        of[0].list("/orders", "/number").len() > 1 && of[0].command.contains(&format!("offset={}", next - 1))
    };
    "next-when-full" a_next_after_a_full_last_page "next-iff-more" "Order" |of| {
        of[0].at("/next_offset") != "null" && of[1].list("/orders", "/number").is_empty()
    };
    "offset-window" a_hidden_result_window "every-page-answers" "Order" |of| {
        of[0].status == 400 && of[1].at("/next_offset") == "20"
    };
    "cursor-by-time" a_cursor_that_is_a_time "size-invariance" "Event" |of| {
        // Right after the page before it, the page lacks what happened in the same minute.
        let (page, all) = (of[0].list("/data", "/id"), of[1].list("/data", "/id"));
        page.first().is_none_or(|first| first.parse::<usize>().unwrap() % 3 == 0) && all.len() == 26
    };
    "cursor-skips" a_cursor_that_skips "size-invariance" "Event" |of| {
        let all = of[1].list("/data", "/id");
        all.len() == 26 && of[0].list("/data", "/id").len() < 26
    };
    "cursor-comes-back" a_cursor_that_comes_back "cursor-advances" "Event" |of| {
        of[0].at("/next_cursor") == of[1].at("/next_cursor")
    };
    "bad-cursor-restarts" a_bad_cursor_that_starts_again "bad-cursor" "Event" |of| {
        of[0].status == 200 && of[0].list("/data", "/id")[0] == "0"
    };
    "link-forgets-filter" a_link_that_forgets_the_filter "link-keeps-query" "Customer" |of| {
        of[0].command.contains("city=") && !of[0].header("link").unwrap().contains("city=")
    };
    "link-to-elsewhere" a_link_to_another_origin "link-keeps-query" "Customer" |of| {
        of[0].header("link").unwrap().contains("localhost:80/")
    };
}

/// A date-time without an offset is what many servers send and most clients read: it warns.
#[test]
fn a_time_without_a_zone_warns() {
    let Some(shop) = Shop::open("time-without-zone") else {
        return;
    };
    let verified = verify(&shop);
    assert!(verified.conforms(), "{}", verified.text());
    let warned = outcomes(&verified, Verdict::Warned);
    assert_eq!(
        warned.iter().map(String::as_str).collect::<Vec<_>>(),
        ["listEvents/body-schema"]
    );
    let shown = findings(&verified.text(), "body-schema");
    let page = Pasted::of(&shown[0][0]);
    assert_eq!(page.list("/data", "/at")[0], "2026-05-01T09:00:00");
}
