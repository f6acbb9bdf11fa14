//! "Passed" means "looked at": what was not seen is left out with a reason, and no word of
//! conforming is said of it.

use super::answering::{Asked, serve};
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

fn command(arguments: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .args(arguments)
        .output()
        .unwrap();
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text)
}

/// Two operations below an id that nothing tells, and one that takes none.
const BARE: &str = "
openapi: 3.0.3
info: {title: Bare, version: '1'}
paths:
  /a/{key}: {get: {operationId: getA, parameters: [{name: key, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d}}}}
  /b/{key}: {get: {operationId: getB, parameters: [{name: key, in: path, required: true, schema: {type: string}}], responses: {'200': {description: d}}}}
  /c: {get: {operationId: getC, responses: {'200': {description: d, content: {application/json: {schema: {type: object, required: [k]}}}}}}}
  /d: {post: {operationId: makeD, responses: {'201': {description: d}}}}
";

#[test]
fn conforms_is_never_said_where_nothing_was_judged() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("openapi.yaml"), BARE).unwrap();
    let url = serve(|_| (200, "{\"k\": 1}".to_owned()));
    let files: Vec<String> = ["text", "json", "junit", "html", "github"]
        .iter()
        .map(|format| format!("{format}={}", at(format)))
        .collect();
    let spec = at("openapi.yaml");
    let mut arguments = vec![
        "verify", "--spec", &spec, "--target", &url, "--only", "getA",
    ];
    for file in &files {
        arguments.extend(["--report", file]);
    }
    let (exit, text) = command(&arguments);
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("Nothing was judged."), "{text}");
    let (merged, again) = command(&["merge", &at("json")]);
    assert_eq!(merged, Some(1), "{again}");
    let mut told = vec![text, again];
    told.extend(
        ["text", "json", "html", "github"]
            .map(|format| std::fs::read_to_string(at(format)).unwrap()),
    );
    for text in &told {
        assert!(!text.contains("Conforms"), "{text}");
    }
    let junit = std::fs::read_to_string(at("junit")).unwrap();
    assert!(junit.contains("message=\"Nothing was judged."), "{junit}");
}

#[test]
fn a_report_says_what_it_is_and_renders_again() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("openapi.yaml"), BARE).unwrap();
    let url = serve(|_| (200, "{\"k\": 1}".to_owned()));
    let (json, spec) = (format!("json={}", at("json")), at("openapi.yaml"));
    let verify = ["verify", "--spec", &spec, "--target", &url, "--jobs", "3"];
    let (exit, text) = command(&[&verify[..], &["--report", &json]].concat());
    assert_eq!(exit, Some(0), "{text}");
    for part in [
        "seen    1 of 4 operations, 1 of 4 statuses, 0 of 2 parameters",
        "options --jobs 3",
        &format!(
            "plumbline {}, report format 2, on 20",
            env!("CARGO_PKG_VERSION")
        ),
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let (exit, again) = command(&["merge", &at("json")]);
    assert_eq!((exit, again), (Some(0), text));
}

#[test]
fn shards_keep_what_none_of_them_covered_and_take_a_list_of_known_failures() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    std::fs::write(at("openapi.yaml"), BARE).unwrap();
    let known = |entries: &str| std::fs::write(at("known.yaml"), entries).unwrap();
    let url = serve(|_| (200, "{}".to_owned()));
    let (spec, list) = (at("openapi.yaml"), at("known.yaml"));
    known(
        "- {id: body-schema, operation: getC, reason: no k, tracked: here}\n- {id: documented-status, operation: makeD, reason: r, tracked: t}",
    );
    for part in ["1/3", "2/3", "3/3"] {
        let json = format!("json={}", at(&part.replace('/', "-")));
        let verify = ["verify", "--spec", &spec, "--target", &url, "--shard", part];
        let (exit, text) = command(&[&verify[..], &["--known", &list, "--report", &json]].concat());
        // Two of the three parts have nothing that can be asked; the list is no error in any.
        assert_eq!(exit, Some(i32::from(part != "3/3")), "{text}");
        assert!(!text.contains("known-"), "{text}");
    }
    let shards = ["1-3", "2-3", "3-3"].map(at);
    let shards: Vec<&str> = shards.iter().map(String::as_str).collect();
    let merge = |known: &[&str]| command(&[&["merge"], shards.as_slice(), known].concat());
    let (exit, text) = merge(&["--known", &list]);
    assert_eq!(exit, Some(0), "{text}");
    for part in ["1 known failure.", "3 operations are not covered."] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    // What the whole has judged and found right is outdated, and what is no rule.
    known(
        "- {id: documented-status, operation: getC, reason: r, tracked: t}\n- {id: body-shema, reason: r, tracked: t}",
    );
    let (exit, text) = merge(&["--known", &list]);
    assert_eq!(exit, Some(2), "{text}");
    for code in ["known-holds", "known-unjudged"] {
        assert!(text.contains(code), "{code}\n{text}");
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

#[test]
fn a_keyword_that_cannot_be_used_is_left_out_alone() {
    let schema = |keyword: &str| {
        format!(
            "
openapi: 3.1.0
info: {{title: One, version: '1'}}
paths:
  /one:
    get:
      operationId: getOne
      responses:
        '200':
          description: d
          content:
            application/json:
              schema:
                type: object
                required: [id]
                properties:
                  id: {{type: string}}
                  v:
                    {keyword}
"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let spec = folder.path().join("openapi.yaml").display().to_string();
    let url = serve(|_| (200, "{\"id\": 7}".to_owned()));
    for keyword in [
        r"pattern: '^[\w-.]+\Z'",
        "additionalProperties: 'false'",
        "patternProperties: {'[': {type: string}}",
        "dependentRequired: x",
    ] {
        std::fs::write(&spec, schema(keyword)).unwrap();
        let (exit, text) = command(&["verify", "--spec", &spec, "--target", &url]);
        assert_eq!(exit, Some(1), "{text}");
        assert!(text.contains("body-schema"), "{text}");
        let name = keyword.split([':', '\'']).next().unwrap();
        let named = text.matches("cannot be used").count();
        assert_eq!(named, 1, "{text}");
        assert!(
            text.contains(name) && text.contains("openapi.yaml:19:"),
            "{text}"
        );
    }
}
