//! Hostile texts stay texts in every form of a report.
use crate::hostile::TEXTS;
use plumbline_conformance::report::{self, TextOptions, github};
use plumbline_conformance::{
    Coverage, Exchange, ExchangeId, FORMAT, Failure, Finding, Note, Outcome, Remaining, Reply,
    Report, Request, Severity, Verdict, rule, run,
};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

const ONE: NonZeroUsize = NonZeroUsize::MIN;

fn finding(text: &str, severity: Severity, evidence: u64) -> Finding {
    Finding {
        severity,
        message: text.to_owned(),
        expected: text.to_owned(),
        actual: text.to_owned(),
        parameter: Some(text.to_owned()),
        pointer: Some(text.to_owned()),
        place: Some(text.to_owned()),
        keys: vec![text.to_owned(), text.to_owned()],
        evidence: vec![ExchangeId(evidence)],
    }
}

fn known(mut outcome: Outcome, text: &str) -> Outcome {
    outcome.verdict = Verdict::Known;
    outcome.reason = Some(text.to_owned());
    outcome
}

/// A report with one text in every place that a document, a server, a fixture or a recording fills.
fn report(text: &str) -> Report {
    let operation = format!("get {text}");
    let judged = |rule, severity| {
        Outcome::judged(rule, &operation, ONE, vec![finding(text, severity, 1)]).of(text)
    };
    // A rule as a report of another version may name it.
    let mut foreign = judged(rule::check::CREDENTIALS, Severity::Failure);
    foreign.rule = text.to_owned();
    let pair = || (text.to_owned(), text.to_owned());
    let request = Request {
        operation: operation.clone(),
        method: text.to_owned(),
        path: format!("/{text}"),
        query: vec![pair()],
        headers: vec![pair(), ("X-Text".to_owned(), text.to_owned())],
        body: Some(text.as_bytes().to_vec()),
        ..Request::default()
    };
    Report {
        format: FORMAT,
        plumbline: text.to_owned(),
        begun: Some(text.to_owned()),
        asked: run::Asked {
            only: vec![text.to_owned()],
            set: vec![pair()],
            ..run::Asked::default()
        },
        stopped: None,
        coverage: Coverage::default(),
        notes: vec![Note {
            message: text.to_owned(),
            file: text.to_owned(),
            line: Some(1),
            pointer: text.to_owned(),
        }],
        spec: text.to_owned(),
        digest: Some(text.to_owned()),
        outdated: vec![text.to_owned()],
        title: text.to_owned(),
        target: format!("http://h/{text}"),
        headers: vec![("X-Key".to_owned(), "$PLUMBLINE_KEY".to_owned())],
        shard: None,
        incomplete: Some(text.to_owned()),
        outcomes: vec![
            judged(rule::check::BODY_SCHEMA, Severity::Failure),
            judged(rule::check::MEDIA_TYPE, Severity::Warning),
            foreign,
            known(judged(rule::check::BAD_INPUT, Severity::Failure), text),
            Outcome::skipped(rule::check::ANSWERS, &operation, text),
            Outcome::judged(
                rule::check::ANSWERS,
                text,
                ONE,
                vec![finding(text, Severity::Failure, 2)],
            ),
        ],
        uncovered: BTreeMap::from([(format!("left {text}"), text.to_owned())]),
        remaining: vec![Remaining {
            operation: operation.clone(),
            id: Some(text.to_owned()),
            why: text.to_owned(),
        }],
        exchanges: vec![
            Exchange {
                id: ExchangeId(1),
                request: request.clone(),
                answer: Ok(Reply {
                    status: 200,
                    headers: vec![pair()],
                    body: text.as_bytes().to_vec(),
                    millis: 1,
                }),
            },
            Exchange {
                id: ExchangeId(2),
                request,
                answer: Err(Failure::Malformed(text.to_owned())),
            },
        ],
        requests: 2,
        millis: 2,
    }
}

/// What could act on a terminal, or turn its lines.
fn acts(letter: char) -> bool {
    !['\n', '\t'].contains(&letter) && letter.is_control()
        || ('\u{202a}'..='\u{202e}').contains(&letter)
        || ('\u{2066}'..='\u{2069}').contains(&letter)
        || [
            '\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}', '\u{feff}',
        ]
        .contains(&letter)
}

/// The tags of HTML or XML, each with the names of its attributes; comments and declarations too.
fn tags(markup: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = markup;
    while let Some((_, after)) = rest.split_once('<') {
        let mut quote = None;
        let end = after.find(|letter| {
            match (quote, letter) {
                (None, '"' | '\'') => quote = Some(letter),
                (Some(own), _) if own == letter => quote = None,
                (None, '>') => return true,
                _ => {}
            }
            false
        });
        let (tag, tail) = after.split_at(end.unwrap_or(after.len()));
        let mut parts = Vec::new();
        for (index, piece) in tag.split(['"', '\'']).enumerate() {
            if index % 2 == 0 {
                parts.push(piece.trim());
            }
        }
        tags.push(parts.join(" "));
        rest = tail;
    }
    tags
}

/// What a form makes of a text that means no harm is the shape of what it makes of every other.
#[test]
fn no_text_leaves_its_place_in_any_form() {
    let rules = rule::rules();
    let plain = report("plain");
    let html = tags(&report::html(&plain, &rules).unwrap());
    let junit = tags(&report::junit(&plain, &rules).unwrap());
    let commands = github::annotations(&plain).lines().count();
    let summary = shape(&github::summary(&plain, &rules));
    for text in TEXTS {
        // A text without anything to show leaves out what would show it.
        let text = if text.trim().is_empty() { "-" } else { text };
        let hostile = report(text);
        let look = TextOptions::default();
        let forms = [
            ("text", report::text(&hostile, &rules, look)),
            ("left out", report::left_out(&hostile, look)),
            ("json", report::json(&hostile)),
            ("junit", report::junit(&hostile, &rules).unwrap()),
            ("html", report::html(&hostile, &rules).unwrap()),
            ("annotations", github::annotations(&hostile)),
            ("summary", github::summary(&hostile, &rules)),
        ];
        for (form, written) in &forms {
            assert_eq!(written.find(acts), None, "{form} of {text:?}: {written:?}");
        }
        let [
            _,
            _,
            (_, json),
            (_, xml),
            (_, page),
            (_, lines),
            (_, markdown),
        ] = &forms;
        assert_eq!(serde_json::from_str::<Report>(json).unwrap(), hostile);
        assert_eq!(tags(page), html, "html of {text:?}");
        assert_eq!(tags(xml), junit, "junit of {text:?}");
        roxmltree::Document::parse(xml).unwrap();
        assert_eq!(lines.lines().count(), commands, "{text:?}: {lines}");
        for line in lines.lines() {
            let begins = ["::error title=", "::warning title=", "::notice title="];
            assert!(
                begins.iter().any(|own| line.starts_with(own)),
                "{text:?}: {line}"
            );
        }
        assert_eq!(shape(markdown), summary, "summary of {text:?}: {markdown}");
    }
}

/// The blocks and marks of Markdown, without the texts in them.
fn shape(markdown: &str) -> Vec<String> {
    use pulldown_cmark::{Event, Options, Parser};
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_MATH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS;
    let mut shape: Vec<String> = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        let next = match event {
            Event::Text(_) | Event::SoftBreak => "text".to_owned(),
            Event::Code(_) => "code".to_owned(),
            Event::Html(html) | Event::InlineHtml(html) => tags(&html).join(" "),
            other => format!("{other:?}"),
        };
        // Two ways to write a code span.
        let next = match next.as_str() {
            "code" | "code text /code" => "text".to_owned(),
            _ => next,
        };
        if next == "code" || next == "/code" {
            continue;
        }
        if next != "text" || shape.last().is_none_or(|last| last != "text") {
            shape.push(next);
        }
    }
    shape
}
