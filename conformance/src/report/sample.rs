//! One report made by hand, hostile where a server can be, and the snapshots of every format.

use super::{TextOptions, explain, github, html, json, junit, junit_schema, rules_markdown, text};
use crate::run::Asked;
use crate::{
    Exchange, ExchangeId, FORMAT, Failure, Family, Finding, Note, Outcome, Reply, Report, Request,
    Rule, Rules, Severity, Verdict, rule,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

const ONE: NonZeroUsize = NonZeroUsize::MIN;

const RULES: &[Rule] = &[
    Rule {
        id: "documented-status",
        family: Family::Check,
        promise: "Every status that comes is documented.",
        source: "OpenAPI 3.0.3, Responses Object",
        example: "500 where the document knows 200 and 404.",
    },
    Rule {
        id: "no-duplicates",
        family: Family::Law,
        promise: "No key comes twice in a walk.",
        source: "the profile's `key`",
        example: "Page 2 begins with the item that ended page 1.",
    },
    Rule {
        id: "silent-cap",
        family: Family::Law,
        promise: "A size beyond N returns N items | or is refused <documented>.",
        source: "the profile's `maximum`",
        example: "size=1000 gives 100 items and says nothing.",
    },
    Rule {
        id: "recorded-keys",
        family: Family::Fixture,
        promise: "An answer has the keys that were recorded.",
        source: "the fixture",
        example: "`total` is gone.",
    },
];

pub(super) fn rules() -> Rules {
    Rules::new(&[RULES])
}

fn get(id: u64, page: &str, answer: Result<Reply, Failure>) -> Exchange {
    Exchange {
        id: ExchangeId(id),
        request: Request {
            operation: "findExperiments".to_owned(),
            method: "GET".to_owned(),
            path: "/v1/private/experiments".to_owned(),
            query: vec![
                ("page".to_owned(), page.to_owned()),
                ("size".to_owned(), "2".to_owned()),
            ],
            ..Request::default()
        },
        answer,
    }
}

fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.as_bytes().to_vec(),
        millis: 4,
    }
}

fn finding(severity: Severity, message: &str, evidence: &[u64]) -> Finding {
    Finding {
        severity,
        message: message.to_owned(),
        expected: String::new(),
        actual: String::new(),
        pointer: None,
        place: None,
        keys: Vec::new(),
        evidence: evidence.iter().copied().map(ExchangeId).collect(),
        parameter: None,
    }
}

fn known(mut outcome: Outcome) -> Outcome {
    outcome.verdict = Verdict::Known;
    outcome.reason = Some("https://github.com/comet-ml/opik/issues/1".to_owned());
    outcome
}

pub(super) fn report() -> Report {
    let hostile = "</pre><script>alert(1)</script>\u{1b}[2J]]>\n::error::x";
    Report {
        format: FORMAT,
        plumbline: "0.0.0".to_owned(),
        begun: Some("2026-11-27T10:00:00Z".to_owned()),
        asked: Asked {
            only: vec![hostile.to_owned()],
            writes: true,
            ..Asked::default()
        },
        stopped: None,
        coverage: serde_json::from_value(json!({
            "findExperiments": {
                "reads": true, "pages": true, "answered": true,
                "statuses": {"200": true, "400": false}, "parameters": {"query.page": true},
            },
        }))
        .unwrap(),
        notes: vec![Note {
            message: format!("`pattern` cannot be used: {hostile}"),
            file: "openapi.yaml".to_owned(),
            line: Some(7),
            pointer: "/components/schemas/X/pattern".to_owned(),
        }],
        spec: "opik".to_owned(),
        digest: None,
        outdated: Vec::new(),
        title: "Opik experiments 1.0.0".to_owned(),
        target: "http://127.0.0.1:4000/api".to_owned(),
        headers: vec![("Authorization".to_owned(), "$OPIK_API_KEY".to_owned())],
        shard: None,
        remaining: Vec::new(),
        incomplete: None,
        outcomes: vec![
            Outcome::judged(
                rule::check::DOCUMENTED_STATUS,
                "findExperiments",
                ONE,
                Vec::new(),
            ),
            Outcome::judged(
                rule::law::NO_DUPLICATES,
                "findExperiments",
                ONE,
                vec![Finding {
                    expected: "4 keys, each once".to_owned(),
                    actual: "4 keys, one of them twice".to_owned(),
                    pointer: Some("/content/0/id".to_owned()),
                    place: Some("/paths/~1v1~1private~1experiments/get/x-pagination".to_owned()),
                    keys: (1..=10).map(|key| format!("key-{key}")).collect(),
                    ..finding(
                        Severity::Failure,
                        "the key `key-1` ends page 1 and begins page 2",
                        &[1, 2],
                    )
                }],
            )
            .of("size 2"),
            Outcome::skipped(
                rule::law::SILENT_CAP,
                "findExperiments",
                "there are fewer than two items",
            ),
            Outcome::judged(
                rule::fixture::RECORDED_KEYS,
                "createExperiment",
                ONE,
                vec![Finding {
                    actual: hostile.to_owned(),
                    ..finding(Severity::Warning, "the key `total` is new", &[3])
                }],
            )
            .of("life/create"),
            Outcome::judged(
                rule::check::DOCUMENTED_STATUS,
                "createExperiment",
                ONE,
                vec![finding(Severity::Failure, "nothing came back", &[4])],
            ),
            known(
                Outcome::judged(
                    rule::check::DOCUMENTED_STATUS,
                    "createExperiment",
                    ONE,
                    vec![finding(Severity::Failure, "409 is not documented", &[])],
                )
                .of("life/again"),
            ),
        ],
        uncovered: BTreeMap::from([(
            "streamExperiments".to_owned(),
            "no fixture names it".to_owned(),
        )]),
        exchanges: vec![
            get(
                1,
                "1",
                Ok(reply(200, r#"{"content":[{"id":"key-0"},{"id":"key-1"}]}"#)),
            ),
            get(
                2,
                "2",
                Ok(reply(200, r#"{"content":[{"id":"key-1"},{"id":"key-2"}]}"#)),
            ),
            Exchange {
                id: ExchangeId(3),
                request: Request {
                    operation: "createExperiment".to_owned(),
                    method: "POST".to_owned(),
                    path: "/v1/private/experiments".to_owned(),
                    query: Vec::new(),
                    headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
                    body: Some(br#"{"name":"it's"}"#.to_vec()),
                    ..Request::default()
                },
                answer: Ok(reply(201, hostile)),
            },
            get(4, "%00", Err(Failure::Timeout(10_000))),
        ],
        requests: 412,
        millis: 3_400,
    }
}

#[test]
fn text_is_plain_when_piped() {
    insta::assert_snapshot!(text(&report(), &rules(), TextOptions::default()));
}

#[test]
fn colours_change_nothing_but_colours() {
    let look = TextOptions {
        colour: true,
        ..TextOptions::default()
    };
    let coloured = text(&report(), &rules(), look);
    assert!(coloured.contains("\u{1b}["));
    let plain = regex::Regex::new("\u{1b}\\[[0-9;]*m")
        .unwrap()
        .replace_all(&coloured, "")
        .into_owned();
    // Trailing blanks are cut before the last colour ends, so compare lines without them.
    let lines = |text: &str| -> Vec<String> {
        text.lines()
            .map(|line| line.trim_end().to_owned())
            .collect()
    };
    assert_eq!(
        lines(&plain),
        lines(&text(&report(), &rules(), TextOptions::default()))
    );
}

#[test]
fn a_report_without_findings_is_short() {
    let report = Report {
        outcomes: vec![Outcome::judged(
            rule::law::NO_DUPLICATES,
            "findExperiments",
            ONE,
            Vec::new(),
        )],
        uncovered: BTreeMap::new(),
        exchanges: Vec::new(),
        ..report()
    };
    insta::assert_snapshot!(text(&report, &rules(), TextOptions::default()));
}

#[test]
fn json_reads_back() {
    let written = json(&report());
    assert_eq!(serde_json::from_str::<Report>(&written).unwrap(), report());
    insta::assert_snapshot!(written);
}

#[test]
fn junit_has_the_structure_of_the_schema() {
    let written = junit(&report(), &rules()).unwrap();
    assert_eq!(junit_schema::departures(&written), Vec::<String>::new());
    insta::assert_snapshot!(written);
}

#[test]
fn an_empty_report_is_valid_everywhere() {
    let report = Report::default();
    let empty = junit(&report, &rules()).unwrap();
    assert_eq!(junit_schema::departures(&empty), Vec::<String>::new());
    assert!(html(&report, &rules()).unwrap().ends_with("</html>"));
    assert_eq!(
        github::annotations(&report),
        "::error title=plumbline::Nothing was judged.\n"
    );
    assert!(text(&report, &rules(), TextOptions::default()).contains("Nothing was judged."));
}

#[test]
fn an_incomplete_run_says_so_in_every_form() {
    let why = "the run was interrupted after 1 of 2 steps";
    for outcomes in [
        Vec::new(),
        vec![Outcome::judged(
            rule::law::NO_DUPLICATES,
            "list",
            ONE,
            Vec::new(),
        )],
    ] {
        let report = Report {
            incomplete: Some(why.to_owned()),
            outcomes,
            ..Report::default()
        };
        let junit = junit(&report, &rules()).unwrap();
        assert_eq!(junit_schema::departures(&junit), Vec::<String>::new());
        let property = format!(r#"<property name="incomplete" value="{why}"/>"#);
        assert_eq!(junit.matches(&property).count(), report.outcomes.len() + 1);
        assert!(junit.contains(r#"errors="1""#));
        assert!(json(&report).contains(&format!(r#""incomplete": "{why}""#)));
        let annotation = format!("::error title=the run is incomplete::{why}");
        assert!(github::annotations(&report).contains(&annotation));
        for shown in [
            text(&report, &rules(), TextOptions::default()),
            html(&report, &rules()).unwrap(),
            github::summary(&report, &rules()),
        ] {
            assert!(shown.contains(&format!("Incomplete: {why}.")), "{shown}");
            assert!(!shown.contains("Conforms"), "{shown}");
        }
    }
}

#[test]
fn html_keeps_hostile_text_as_text() {
    let written = html(&report(), &rules()).unwrap();
    assert!(!written.contains("<script"));
    assert!(!written.contains('\u{1b}'));
    insta::assert_snapshot!(written.split_once("</head>").unwrap().1);
}

#[test]
fn github_shows_annotations_and_a_summary() {
    let annotations = github::annotations(&report());
    for line in annotations.lines() {
        assert!(line.starts_with("::error title=") || line.starts_with("::warning title="));
    }
    insta::assert_snapshot!(format!(
        "{annotations}\n{}",
        github::summary(&report(), &rules())
    ));
}

#[test]
fn many_annotations_end_with_a_count() {
    let one = Outcome::judged(
        rule::law::NO_DUPLICATES,
        "list",
        ONE,
        vec![finding(Severity::Failure, "twice", &[])],
    );
    let report = Report {
        outcomes: vec![one; 12],
        ..Report::default()
    };
    let annotations = github::annotations(&report);
    assert_eq!(annotations.lines().count(), 10);
    assert!(annotations.ends_with("::3 more; the step's summary lists them all\n"));
}

#[test]
fn the_tables_become_markdown() {
    insta::assert_snapshot!(rules_markdown(&rules()));
}

#[test]
fn a_rule_is_explained() {
    insta::assert_snapshot!(explain(&rules(), "no-duplicates").unwrap());
    assert_eq!(
        explain(&rules(), "no-duplicate").unwrap_err(),
        "there is no rule `no-duplicate`; did you mean `no-duplicates`?"
    );
    assert_eq!(
        explain(&rules(), "xyz").unwrap_err(),
        "there is no rule `xyz`"
    );
}
