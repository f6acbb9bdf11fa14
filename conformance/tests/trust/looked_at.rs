//! "Passed" means "looked at": what was not seen is left out with a reason, and no word of
//! conforming is said of it.

use super::answering::{Asked, serve, serve_as};
use plumbline_conformance::{Outcome, Report, Verdict, run::Verified, verify};
use serde_json::{Value, json};

/// A list of five things with a filter, an order and an option, whose refusal is documented.
const LIST: &str = "
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
        - {name: size, in: query, schema: {type: integer, minimum: 1, maximum: 50, default: 20}}
        - {name: name, in: query, schema: {type: string}}
        - {name: order, in: query, schema: {type: string}}
        - {name: with, in: query, explode: false, schema: {type: array, items: {type: string}}}
      responses:
        '200':
          description: A page.
          content: {application/json: {schema: {type: object, required: [data]}}}
        '422': {description: Refused.}
      x-pagination:
        style: page
        number: $request.query.page
        size: $request.query.size
        items: $response.body#/data
        key: /id
        filter: [{set: {$request.query.name: '{value}'}, item: /name, match: equals}]
        sort: [{set: {$request.query.order: name}, by: [{item: /name, order: ascending}]}]
        presentation: [{$request.query.with: [owner, tags]}]
";

/// A page of five things; what else is wanted of it is for `refused` to say.
fn page(asked: &Asked, refused: impl Fn(&Asked) -> Option<u16>) -> (u16, String) {
    let (Some(page), Some(size)) = (
        asked.number("page", 1, 1 << 40),
        asked.number("size", 20, 50),
    ) else {
        return (422, String::new());
    };
    if let Some(status) = refused(asked) {
        return (status, String::new());
    }
    let all: Vec<Value> = ["c", "a", "d", "b", "a"]
        .iter()
        .zip(1..)
        .map(|(name, id)| json!({"id": id, "name": name}))
        .filter(|thing| asked.query("name").is_none_or(|name| thing["name"] == name))
        .collect();
    let mut all = all;
    if asked.query("order").is_some() {
        all.sort_by_key(|thing| thing["name"].to_string());
    }
    let data: Vec<_> = all.into_iter().skip((page - 1) * size).take(size).collect();
    (200, json!({ "data": data }).to_string())
}

async fn verified(document: &str, url: &str) -> Verified {
    let verify = verify(url).document("openapi.yaml", document.as_bytes());
    verify.run().await.unwrap()
}

fn outcome<'a>(report: &'a Report, rule: &str) -> &'a Outcome {
    let mut outcomes = report.outcomes.iter();
    outcomes.find(|outcome| outcome.rule == rule).unwrap()
}

/// The verdicts of the three laws about conditions.
fn conditions(report: &Report) -> [(Verdict, String); 3] {
    ["filtered", "sorted", "presentation-keeps-set"].map(|rule| {
        let outcome = outcome(report, rule);
        let told = outcome.findings.first().map(|finding| &finding.message);
        let told = told.or(outcome.reason.as_ref()).cloned();
        (outcome.verdict, told.unwrap_or_default())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_as_documented_is_left_out_and_what_is_not_fails() {
    let conditional = |asked: &Asked| {
        let names = ["name", "order", "with"];
        names.iter().any(|name| asked.query(name).is_some())
    };
    let url = serve(move |asked| page(asked, |asked| conditional(asked).then_some(422)));
    let verified_422 = verified(LIST, &url).await;
    for (verdict, reason) in conditions(verified_422.report()) {
        assert_eq!(verdict, Verdict::Skipped);
        assert!(
            reason.contains("refused with status 422, as the document allows"),
            "{reason}"
        );
    }
    assert!(verified_422.conforms(), "{}", verified_422.text());

    let url = serve(move |asked| page(asked, |asked| conditional(asked).then_some(418)));
    for (verdict, message) in conditions(verified(LIST, &url).await.report()) {
        assert_eq!(verdict, Verdict::Failed);
        assert!(message.contains("answers status 418"), "{message}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_written_as_the_parameter_says() {
    // With `explode: false` a list is one value with commas.
    let url = serve(|asked| {
        page(asked, |asked| {
            let with: Vec<_> = asked
                .query
                .iter()
                .filter(|(name, _)| name == "with")
                .collect();
            let right = matches!(with.as_slice(), [] | [(_, _)])
                && asked.query("with").is_none_or(|with| with == "owner,tags");
            (!right).then_some(422)
        })
    });
    let verified = verified(LIST, &url).await;
    let options = outcome(verified.report(), "presentation-keeps-set");
    assert_eq!(options.verdict, Verdict::Passed, "{options:#?}");
    assert!(options.looked_at() > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_a_filtered_list_is_where_its_matches_end() {
    let document = LIST
        .replace(
            "'422': {description: Refused.}",
            "'422': {description: Refused.}\n        '404': {description: No such page.}",
        )
        .replace("key: /id", "key: /id\n        past_the_end: 404");
    let url = serve(|asked| {
        let (status, text) = page(asked, |_| None);
        let first = asked.query("page").is_none_or(|page| page == "1");
        match text.contains("\"data\":[]") && !first {
            true => (404, String::new()),
            false => (status, text),
        }
    });
    let verified = verified(&document, &url).await;
    assert!(verified.conforms(), "{}", verified.text());
    assert_eq!(
        outcome(verified.report(), "filtered").verdict,
        Verdict::Passed
    );
    assert_eq!(
        outcome(verified.report(), "past-the-end").verdict,
        Verdict::Passed
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_verdict_says_how_much_it_rests_on() {
    let url = serve(|asked| page(asked, |_| None));
    let verified = verified(LIST, &url).await;
    for outcome in &verified.report().outcomes {
        let left_out = outcome.verdict == Verdict::Skipped;
        assert_eq!(outcome.looked_at() == 0, left_out, "{outcome:#?}");
        assert_eq!(outcome.reason.is_some(), left_out, "{outcome:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_kept_to_an_operation_asks_what_that_needs_and_no_more() {
    const NESTED: &str = "
openapi: 3.0.3
info: {title: Nested, version: '1'}
paths:
  /things: {get: {operationId: listThings, responses: {'200': {description: d, content: {application/json: {schema: {type: array}}}}}}}
  /things/{id}: {get: {operationId: getThing, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [id]}}}}, '404': {description: d}}}}
  /others: {get: {operationId: listOthers, responses: {'200': {description: d, content: {application/json: {schema: {type: array}}}}}}}
  /others/{id}: {get: {operationId: getOther, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d}}}}
";
    let asked = std::sync::Arc::new(std::sync::Mutex::new(std::collections::BTreeSet::new()));
    let log = std::sync::Arc::clone(&asked);
    let url = serve(move |asked| {
        log.lock().unwrap().insert(asked.path.clone());
        match asked.path.as_str() {
            "/things" | "/others" => (200, json!([{"id": "a1"}]).to_string()),
            "/things/a1" => (200, json!({"id": "a1"}).to_string()),
            _ => (404, String::new()),
        }
    });
    let verify = verify(url).document("openapi.yaml", NESTED.as_bytes());
    let verified = verify.only("getThing").run().await.unwrap();
    assert!(verified.conforms(), "{}", verified.text());
    let asked = asked.lock().unwrap();
    assert!(asked.contains("/things/a1"), "{asked:?}");
    // A connection is tried before anything is asked.
    let mut asked = asked.iter().filter(|path| !path.is_empty());
    assert!(asked.all(|path| path.starts_with("/things")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_that_breaks_in_a_whole_run_breaks_when_it_is_asked_for_alone() {
    // Page 2 of size 1 lacks what the schema requires, and only a law asks for it.
    let url = serve(|asked| {
        let (status, text) = page(asked, |_| None);
        let second = asked.query("page") == Some("2") && asked.query("size") == Some("1");
        (
            status,
            if second {
                text.replace("\"data\"", "\"dat\"")
            } else {
                text
            },
        )
    });
    let failed = |verified: &Verified| {
        let outcomes = verified.report().outcomes.iter();
        let failed = outcomes.filter(|outcome| outcome.verdict == Verdict::Failed);
        failed
            .map(|outcome| outcome.rule.clone())
            .collect::<Vec<_>>()
    };
    let whole = failed(&verified(LIST, &url).await);
    assert!(whole.contains(&"body-schema".to_owned()), "{whole:?}");
    let verify = verify(&url).document("openapi.yaml", LIST.as_bytes());
    let alone = verify.only("body-schema").run().await.unwrap();
    assert_eq!(failed(&alone), ["body-schema"], "{}", alone.text());
}

/// A body that nothing reads is not judged, and the report says so; a text is held to its schema.
#[tokio::test]
async fn a_body_that_is_not_read_is_not_judged() {
    for (kind, schema, body, verdict) in [
        (
            "application/xml",
            "{type: object, required: [a]}",
            "<b/>",
            Verdict::Skipped,
        ),
        (
            "text/csv",
            "{type: object, required: [a]}",
            "b",
            Verdict::Skipped,
        ),
        (
            "text/plain",
            "{type: string, enum: [a]}",
            "b",
            Verdict::Failed,
        ),
        (
            "text/plain",
            "{type: string, enum: [a]}",
            "a\n",
            Verdict::Passed,
        ),
        ("text/plain", "{}", "b", Verdict::Passed),
    ] {
        let document = format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {{description: d, content: {{{kind}: {{schema: {schema}}}}}}}\n"
        );
        let url = serve_as(kind, move |_| (200, body.to_owned()));
        let verified = verified(&document, &url).await;
        let outcome = outcome(verified.report(), "body-schema");
        assert_eq!(outcome.verdict, verdict, "{kind} {schema} {body}");
        if verdict == Verdict::Skipped {
            let why = format!("a body of `{kind}` is not held to its schema");
            assert_eq!(outcome.reason, Some(why));
        }
    }
}

/// What the document says nothing of is left out, not passed over in silence.
#[tokio::test]
async fn a_life_of_which_nothing_is_said_is_left_out() {
    let document = "
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    post:
      responses: {'201': {description: Made.}}
  /things/{id}:
    delete:
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'204': {description: Gone.}}
";
    let url = serve(|_| (201, json!({"id": 1}).to_string()));
    let verify = verify(url).document("d.yaml", document).writes(true);
    let verified = verify.run().await.unwrap();
    let outcome = outcome(verified.report(), "life-cycle");
    assert_eq!(outcome.verdict, Verdict::Skipped);
    let reason = outcome.reason.as_deref().unwrap();
    assert!(reason.ends_with("give x-resource"), "{reason}");
}

/// A user and a password in the target's URL are sent.
#[tokio::test]
async fn credentials_in_the_target_are_sent() {
    let document = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths: {/a: {get: {responses: {'200': {description: d}}}}}
";
    let url = serve(|asked| {
        // user:p@ss
        let own = asked.header("authorization") == Some("Basic dXNlcjpwQHNz");
        (if own { 200 } else { 401 }, String::new())
    });
    let url = url.replace("http://", "http://user:p%40ss@");
    let verified = verified(document, &url).await;
    assert!(verified.conforms(), "{}", verified.text());
    assert!(!verified.text().contains("dXNl"), "{}", verified.text());
}
