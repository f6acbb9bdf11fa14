//! A run that can no longer ask as who it is says so, and accuses nobody.

use super::answering::{Asked, serve};
use plumbline_conformance::{Stopped, Verdict, run::Verified, verify};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Notes of a desk behind a token; signing out ends it.
const DESK: &str = "
openapi: 3.0.3
info: {title: Desk, version: '1'}
components:
  securitySchemes: {Token: {type: http, scheme: bearer}}
security: [{Token: []}]
paths:
  /notes:
    get:
      operationId: listNotes
      responses:
        '200': {description: All., content: {application/json: {schema: {type: array}}}}
        '401': {description: Unknown token.}
    post:
      operationId: createNote
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [text], properties: {text: {type: string}}}}}}
      responses:
        '201': {description: Made., content: {application/json: {schema: {type: object, required: [id]}}}}
        '400': {description: Bad.}
        '401': {description: Unknown token.}
  /session:
    get:
      operationId: getSession
      responses:
        '200': {description: Who., content: {application/json: {schema: {type: object}}}}
        '401': {description: Unknown token.}
        '403': {description: Not for you.}
    put:
      operationId: renewSession
      requestBody: {required: true, content: {application/json: {schema: {type: object, required: [mark], properties: {mark: {type: string}}}}}}
      responses:
        '204': {description: Renewed.}
        '400': {description: Bad.}
        '401': {description: Unknown token.}
";

/// A right server of the desk. The token dies when `kills` says so of a request that was taken.
fn desk(document: &str, kills: fn(&Asked) -> bool) -> String {
    let reads = document.contains("listNotes");
    let dead = Arc::new(AtomicBool::new(false));
    serve(move |asked| {
        let is_known = asked.header("authorization") == Some("Bearer first");
        if !is_known || dead.load(Ordering::SeqCst) {
            return (401, String::new());
        }
        let body: Option<serde_json::Value> = serde_json::from_str(&asked.body).ok();
        let json = asked.header("content-type") == Some("application/json");
        let text = |name: &str| json && body.as_ref().is_some_and(|body| body[name].is_string());
        let answer = match (asked.method.as_str(), asked.path.as_str()) {
            ("GET", "/notes") if reads => (200, json!([]).to_string()),
            ("GET", "/session") if reads => (403, String::new()),
            ("POST", "/notes") if text("text") => (201, json!({"id": 1}).to_string()),
            ("PUT", "/session") if text("mark") => (204, String::new()),
            ("POST" | "PUT", _) => (400, String::new()),
            _ => (404, String::new()),
        };
        if answer.0 < 300 && kills(asked) {
            dead.store(true, Ordering::SeqCst);
        }
        answer
    })
}

async fn verified(document: &str, url: &str, token: &str) -> Verified {
    let verify = verify(url).document("desk.yaml", document.as_bytes());
    let verify = verify.header("Authorization", token).writes(true);
    verify.run().await.unwrap()
}

fn findings(verified: &Verified) -> usize {
    let outcomes = verified.report().outcomes.iter();
    outcomes.map(|outcome| outcome.findings.len()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_die_in_a_run_end_it_without_a_finding() {
    let url = desk(DESK, |asked| asked.method == "POST");
    let verified = verified(DESK, &url, "Bearer first").await;
    let text = verified.text();
    let Some(Stopped::CredentialsDied { after, status }) = &verified.report().stopped else {
        panic!("{text}");
    };
    assert_eq!((after.as_str(), *status), ("createNote", 401), "{text}");
    // `getSession` is refused with 403 all the time.
    let mut failed = verified
        .report()
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::Failed);
    assert!(
        failed.all(|outcome| outcome.operation == "getSession"),
        "{text}"
    );
    assert!(!verified.conforms() && !text.contains("Conforms"), "{text}");
    let left = &verified.report().uncovered["renewSession"];
    assert_eq!(left, "the credentials died after `createNote`");
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_die_where_nothing_only_reads_end_the_run_too() {
    let begin = DESK.find("    get:\n      operationId: listNotes").unwrap();
    let end = DESK.find("    post:").unwrap();
    let mut document = format!("{}{}", &DESK[..begin], &DESK[end..]);
    let begin = document
        .find("    get:\n      operationId: getSession")
        .unwrap();
    let end = document.find("    put:").unwrap();
    document.replace_range(begin..end, "");
    let url = desk(&document, |asked| asked.method == "POST");
    let verified = verified(&document, &url, "Bearer first").await;
    let stopped = verified.report().stopped.as_ref();
    let died =
        matches!(stopped, Some(Stopped::CredentialsDied { after, .. }) if after == "createNote");
    assert!(died, "{}", verified.text());
    assert_eq!(findings(&verified), 0, "{}", verified.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_wrong_from_the_start_is_one_line() {
    let url = desk(DESK, |_| false);
    let verified = verified(DESK, &url, "Bearer wrong").await;
    let text = verified.text();
    assert_eq!(findings(&verified), 0, "{text}");
    assert!(!verified.conforms() && !text.contains("Conforms"), "{text}");
    for part in [
        "`Token`",
        "--header 'Authorization: Bearer $TOKEN'",
        "listNotes",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_of_one_operation_ends_nothing() {
    // `getSession` is refused with 403 to this token, and all else is answered.
    let url = desk(DESK, |_| false);
    let verified = verified(DESK, &url, "Bearer first").await;
    let text = verified.text();
    assert_eq!(verified.report().stopped, None, "{text}");
    let refused: Vec<&str> = verified
        .report()
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict == Verdict::Failed)
        .map(|outcome| outcome.operation.as_str())
        .collect();
    assert_eq!(refused, ["getSession"], "{text}");
}

/// A value that nothing takes would go unnoticed, and that of a credential would be shown.
#[test]
fn a_value_is_for_something_and_no_credential() {
    const DOCUMENT: &str = "openapi: 3.0.3
info: {title: T, version: '1'}
security: [{key: []}]
components: {securitySchemes: {key: {type: apiKey, in: query, name: sig}}}
paths:
  /things/{id}:
    get:
      operationId: getThing
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: depth, in: query, schema: {type: integer}}
      responses: {'200': {description: d}}
";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for (name, said) in [
        (
            "sig",
            Some("it is a credential of the document's: give it by a header, as `$NAME`"),
        ),
        (
            "getThing.sig",
            Some("it is a credential of the document's: give it by a header, as `$NAME`"),
        ),
        (
            "dept",
            Some("no parameter, and no variable of a fixture, is called so"),
        ),
        (
            "getThings.depth",
            Some("no parameter, and no variable of a fixture, is called so"),
        ),
        (
            "depth",
            Some("parameters of that name are optional: write `OPERATION.NAME` to give one"),
        ),
        ("getThing.depth", None),
        ("id", None),
    ] {
        let verify = verify("http://127.0.0.1:1")
            .document("d.yaml", DOCUMENT)
            .set(name, "PLAIN");
        let error = runtime.block_on(verify.run()).unwrap_err().to_string();
        match said {
            Some(said) => assert_eq!(error, format!("nothing takes the value `{name}`: {said}")),
            None => assert!(error.contains("cannot be reached"), "{name}: {error}"),
        }
    }
}
