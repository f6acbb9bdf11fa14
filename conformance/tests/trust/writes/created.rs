//! What a run has created, or may have: listed where it stays, and never what was there before.

use super::server::{Habit, Server};
use super::{collection, document, marked, of, run};
use plumbline_conformance::Remaining;

#[test]
fn what_an_answer_showed_before_is_not_created() {
    let mine = |id: i64| serde_json::json!({"id": id, "title": "mine"});
    for operations in [collection("/notes"), marked("/notes")] {
        let server = Server::getting(&["/notes"], 201);
        let verified = run(of(&server, &document(&operations)).writes(true));
        // An id that no server can have is asked for as well.
        let touched: Vec<i64> = server
            .touched("/notes")
            .iter()
            .filter_map(|id| id.parse().ok())
            .filter(|id| *id < i64::MAX)
            .collect();
        assert_eq!(touched, [0; 0]);
        assert_eq!(server.items("/notes"), [mine(1), mine(2), mine(3)]);
        // What its 201 says was created is not what it shows.
        let why =
            "the id that its 201 gave was there before, so it is not the id of what was created";
        let remaining = &verified.report().remaining;
        assert!(
            !remaining.is_empty() && remaining.iter().all(|own| own.why == why),
            "{remaining:?}"
        );
    }
}

/// Where a document knows 201 beside 200, an answer with 200 may be of what was there.
#[test]
fn what_its_status_does_not_call_created_is_left_there() {
    let server = Server::getting(&["/notes"], 200);
    let mut operations = collection("/notes");
    // Nothing shows beforehand what is there.
    operations.remove(0);
    operations[0] = operations[0].replace("'201': {", "'201': {description: d}\n        '200': {");
    let verified = run(of(&server, &document(&operations)).writes(true));
    assert_eq!(server.items("/notes")[0]["title"], "mine");
    assert_eq!(server.ids("/notes"), [1, 2, 3]);
    let remaining = &verified.report().remaining;
    let why = "its status is not the 201 of a creation, so it may have been there before";
    assert!(
        !remaining.is_empty() && remaining.iter().all(|own| own.why == why),
        "{remaining:?}"
    );
}

/// A creation that its answer does not speak of may have happened all the same.
#[test]
fn what_may_have_been_created_is_listed() {
    for (status, why) in [
        (
            303,
            "a request to create was redirected, so it may be there",
        ),
        (
            500,
            "a request to create made the server fail, so it may be there",
        ),
        (201, "no id of what was created is known"),
    ] {
        let server = Server::hiding(&["/notes"], status);
        let verified = run(of(&server, &document(&collection("/notes"))).writes(true));
        let remaining = &verified.report().remaining;
        assert!(server.ids("/notes").len() > 3, "{status} creates nothing");
        assert!(
            !remaining.is_empty() && remaining.iter().all(|own| own.why == why),
            "{status}: {remaining:?}"
        );
    }
}

#[test]
fn what_stays_stands_in_every_report() {
    let server = Server::open(&["/notes"], &[]);
    let operations: Vec<String> = collection("/notes").into_iter().take(3).collect();
    let verified = run(of(&server, &document(&operations)).writes(true).shard(1, 1));
    let made: Vec<i64> = server
        .ids("/notes")
        .into_iter()
        .filter(|id| *id > 1000)
        .collect();
    assert!(!made.is_empty());
    let why = "no operation of the document deletes it";
    let expected: Vec<Remaining> = made
        .iter()
        .map(|id| Remaining {
            operation: "POST /notes".to_owned(),
            id: Some(id.to_string()),
            why: why.to_owned(),
        })
        .collect();
    let report = verified.report().clone();
    assert_eq!(report.remaining, expected);
    let merged = plumbline_conformance::merge::merge(vec![report]).unwrap();
    assert_eq!(merged.remaining, expected);
    let rules = plumbline_conformance::rule::rules();
    use plumbline_conformance::report;
    for text in [
        report::text(&merged, &rules, report::TextOptions::default()),
        report::json(&merged),
        report::junit(&merged, &rules).unwrap(),
        report::html(&merged, &rules).unwrap(),
        report::github::summary(&merged, &rules),
        report::github::annotations(&merged),
    ] {
        for part in ["POST /notes", "1001", why] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}

/// Two collections that nothing lists, so that no answer shows what was there.
fn unlisted() -> String {
    let paths = ["/notes", "/others"];
    let operations = paths.iter().flat_map(|path| collection(path).split_off(1));
    document(&operations.collect::<Vec<_>>())
}

/// An id counts where its Location is the item's own address, and its body the item.
#[test]
fn the_id_of_another_thing_is_not_that_of_what_was_created() {
    use Habit::{Answers, Locates};
    for (habit, is_own) in [
        (Locates("/notes/{}"), true),
        (Locates("/notes/{}/?x=1#y"), true),
        (Answers(r#"{"id": 1001}"#), true),
        (Answers(r#"{"note": {"id": 1001}}"#), true),
        (Answers(r#"{"data": {"id": 1001}}"#), true),
        (Locates("/jobs/3"), false),
        (Locates("/others/2"), false),
        (Locates("/notes/../others/3"), false),
        (Locates("/notes/1/audit/2"), false),
        (Locates("/api/v2/notes/3"), false),
        (Locates("http://elsewhere.invalid/notes/3"), false),
        (Locates("//elsewhere.invalid/notes/3"), false),
        (Answers(r#"{"job": {"id": 3}}"#), false),
    ] {
        let server = Server::with(&["/notes", "/others"], habit);
        let verify = of(&server, &unlisted()).writes(true).only("POST /notes");
        let verified = run(verify.only("PATCH /notes/{id}").only("DELETE /notes/{id}"));
        for path in ["/notes", "/others"] {
            for item in server.items(path).iter().take(3) {
                assert_eq!(item["title"], "mine", "{habit:?} changes {path}");
            }
            assert_eq!(server.ids(path)[..3], [1, 2, 3], "{habit:?} in {path}");
        }
        let why = "no id of what was created is known";
        let remaining = &verified.report().remaining;
        let is_told = remaining.iter().any(|own| own.why == why);
        assert_eq!(is_told, !is_own, "{habit:?}: {remaining:?}");
    }
}

/// One id for different creations is that of something that was there.
#[test]
fn an_id_that_every_creation_gives_is_nobody_s() {
    let server = Server::with(&["/notes", "/others"], Habit::Answers(r#"{"id": 1}"#));
    let verified = run(of(&server, &unlisted()).writes(true));
    for path in ["/notes", "/others"] {
        assert_eq!(server.items(path)[0]["title"], "mine");
    }
    let why =
        "several requests to create were answered with one id, so it may have been there before";
    let remaining = &verified.report().remaining;
    assert!(remaining.iter().any(|own| own.why == why), "{remaining:?}");
}

/// What a deletion says to be gone is read again.
#[test]
fn what_outlives_its_deletion_is_listed() {
    let server = Server::with(&["/notes"], Habit::Keeps);
    for operations in [collection("/notes"), marked("/notes")] {
        let verified = run(of(&server, &document(&operations)).writes(true));
        let mut made: Vec<String> = server.ids("/notes")[3..]
            .iter()
            .map(i64::to_string)
            .collect();
        let mut listed: Vec<String> = verified
            .report()
            .remaining
            .iter()
            .filter_map(|own| own.id.clone())
            .collect();
        made.sort();
        listed.sort();
        made.retain(|id| listed.contains(id));
        assert!(!listed.is_empty());
        assert_eq!(made, listed);
        let why = "DELETE /notes/{id} was answered with a success, and it can still be read";
        assert!(verified.report().remaining.iter().all(|own| own.why == why));
    }
}

/// A PATCH that makes what is not there has made it.
#[test]
fn what_a_patch_makes_is_deleted() {
    let server = Server::with(&["/notes"], Habit::Makes);
    let verified = run(of(&server, &document(&collection("/notes"))).writes(true));
    assert!(server.touched("/notes").contains(&i64::MAX.to_string()));
    assert_eq!(server.ids("/notes"), [1, 2, 3]);
    assert_eq!(verified.report().remaining, []);
}
