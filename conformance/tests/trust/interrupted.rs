//! A run that is dropped or interrupted lets go of the server; one that does not come to its end
//! reports what it has.

use crate::server::{Server, Then};
use plumbline_conformance::{Interrupt, Limits, verify};
use serde_json::json;

/// Things that are listed by pages, read, made and deleted.
const DOCUMENT: &str = include_str!("things.yaml");

/// A run whose future is dropped ends its requests.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_dropped_lets_go_of_the_server() {
    let server = Server::start(|_| Then::Hold);
    let run = tokio::spawn(verify(server.url()).document("d", DOCUMENT).run());
    let held = server.next();
    run.abort();
    assert_eq!(server.gone(), held);
}

/// A library's user interrupts a run, and has its report.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_interrupted_reports_what_it_has() {
    let server = Server::start(|request| {
        if request.target.starts_with("/things/") {
            Then::Hold
        } else {
            Then::answer(200, json!({"items": [{"id": "a"}]}).to_string())
        }
    });
    let interrupt = Interrupt::new();
    let run = verify(server.url())
        .document("d", DOCUMENT)
        .jobs(1)
        .interrupt(interrupt.clone());
    let run = tokio::spawn(run.run());
    let mut held = server.next();
    while !held.target.starts_with("/things/") {
        held = server.next();
    }
    interrupt.interrupt();
    assert_eq!(server.gone(), held);
    let verified = run.await.unwrap().unwrap();
    let report = verified.report();
    assert_eq!(
        report.incomplete.as_deref(),
        Some("the run was interrupted after 1 of 3 steps")
    );
    assert!(!verified.conforms());
    // What was not reached is left out, and says why.
    assert_eq!(report.uncovered["getThing"], "the run was interrupted");
    let law = report
        .outcomes
        .iter()
        .find(|one| one.rule == "no-duplicates");
    assert_eq!(
        law.unwrap().reason.as_deref(),
        Some("the run was interrupted")
    );
    assert_eq!(report.totals().failed, 0);
    assert!(report.totals().passed > 0);
}

/// A run that may not send all that it has to send has not looked at the rest.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_whose_requests_are_spent_has_not_come_to_its_end() {
    let server = Server::start(|_| Then::answer(200, json!({"items": [{"id": "a"}]}).to_string()));
    let limits = Limits {
        requests: 2,
        ..Limits::default()
    };
    let run = verify(server.url()).document("d", DOCUMENT).limits(limits);
    let verified = run.jobs(1).run().await.unwrap();
    let report = verified.report();
    let spent = "the run's 2 requests are spent";
    assert_eq!(report.incomplete.as_deref(), Some(spent));
    let reasons = report
        .outcomes
        .iter()
        .filter_map(|one| one.reason.as_deref());
    assert!(
        reasons.clone().any(|reason| reason == spent),
        "{:?}",
        reasons.collect::<Vec<_>>()
    );
    assert!(!verified.conforms());
    assert_eq!(report.requests, 2);
}
