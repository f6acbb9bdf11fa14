//! Archives that are written: by the format's own schema, and read back as they were.

use super::{file, options, phoenix};
use plumbline_conformance::har::{self, Entry};
use plumbline_conformance::{Exchange, ExchangeId, Failure, Reply, Request, fixture};
use plumbline_conformance::{record, traffic};
use plumbline_reference::VENDORS;
use serde_json::Value;
use std::collections::BTreeMap;

fn conforms(archive: &Value) {
    let schema: Value = serde_json::from_slice(&file("har.schema.json")).unwrap();
    let validator = jsonschema::draft202012::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let faults: Vec<String> = validator
        .iter_errors(archive)
        .map(|error| format!("{}: {error}", error.instance_path().as_str()))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

fn entries(exchanges: Vec<Exchange>) -> Vec<Entry> {
    exchanges
        .into_iter()
        .zip(0_i64..)
        .map(|(exchange, second)| Entry {
            exchange,
            begun: jiff::Timestamp::from_second(second).unwrap(),
            comment: None,
        })
        .collect()
}

fn read(archive: &Value) -> traffic::Traffic {
    traffic::read(archive.to_string().as_bytes(), "own.har").unwrap()
}

#[test]
fn every_fixture_of_every_vendor_goes_out_and_comes_back() {
    let base = "http://localhost:8080/api".parse().unwrap();
    let mut count = 0;
    for vendor in VENDORS {
        for (name, bytes) in vendor.fixtures {
            let own = fixture::load(bytes, name).unwrap();
            let sent: Vec<Exchange> = fixture::expand(&own, &BTreeMap::new())
                .unwrap()
                .into_iter()
                .map(|expanded| Exchange {
                    id: ExchangeId(0),
                    request: expanded.request,
                    answer: Ok(expanded.reply),
                })
                .collect();
            let archive = har::export(&base, &entries(sent.clone()));
            conforms(&archive);
            let back = read(&archive);
            assert!(back.notes.is_empty(), "{:#?}", back.notes);
            assert_eq!(back.exchanges.len(), sent.len(), "{name}");
            for (passed, sent) in back.exchanges.iter().zip(&sent) {
                let target = format!("/api{}", sent.request.path_and_query());
                let (path, query) = target.split_once('?').unwrap_or((&target, ""));
                assert_eq!(passed.method, sent.request.method);
                assert_eq!(
                    (passed.url.path(), passed.url.query().unwrap_or_default()),
                    (path, query)
                );
                let body = sent.request.body.clone().filter(|body| !body.is_empty());
                assert_eq!(passed.body, body, "{name} {target}");
                let (came, reply) = (
                    passed.answer.as_ref().unwrap(),
                    sent.answer.as_ref().unwrap(),
                );
                assert_eq!((came.status, &came.body), (reply.status, &reply.body));
                count += 1;
            }
        }
    }
    assert!(count > 100, "{count}");
}

#[test]
fn bytes_and_failures_have_their_form() {
    let exchange = |answer| Exchange {
        id: ExchangeId(1),
        request: Request {
            operation: "getExperiment".to_owned(),
            method: "PUT".to_owned(),
            path: "/v1/x%20y".to_owned(),
            query: vec![("q".to_owned(), "a+b%26".to_owned())],
            headers: vec![("Content-Type".to_owned(), "image/png".to_owned())],
            body: Some(vec![0, 159, 255]),
            ..Request::default()
        },
        answer,
    };
    let archive = har::export(
        &"https://h.example/".parse().unwrap(),
        &entries(vec![
            exchange(Ok(Reply {
                status: 299,
                headers: vec![("content-type".to_owned(), "image/png".to_owned())],
                body: vec![1, 254],
                millis: 7,
            })),
            exchange(Err(Failure::Timeout(10))),
        ]),
    );
    conforms(&archive);
    let entry = &archive["log"]["entries"][0];
    assert_eq!(entry["request"]["queryString"][0]["value"], "a b&");
    assert_eq!(entry["response"]["content"]["encoding"], "base64");
    let back = read(&archive);
    assert_eq!(back.exchanges[0].body.as_deref(), Some(&[0, 159, 255][..]));
    assert_eq!(back.exchanges[0].answer.as_ref().unwrap().body, [1, 254]);
    // What has no answer is left out when it is read, and said.
    assert_eq!(back.exchanges.len(), 1);
    assert_eq!(back.notes[0].code.as_str(), "aborted");
}

#[test]
fn what_was_imported_can_be_exported() {
    let contract = phoenix();
    let traffic = traffic::read(&file("playwright.har"), "playwright.har").unwrap();
    let recording = record::recording(&contract, &traffic, &options()).unwrap();
    let own = recording.fixture.unwrap();
    let exchanges = fixture::expand(&own, &BTreeMap::new()).unwrap();
    let exchanges = exchanges
        .into_iter()
        .map(|expanded| Exchange {
            id: ExchangeId(0),
            request: expanded.request,
            answer: Ok(expanded.reply),
        })
        .collect();
    let archive = har::export(&"http://h".parse().unwrap(), &entries(exchanges));
    conforms(&archive);
    let again = record::recording(&contract, &read(&archive), &options()).unwrap();
    let again = again.fixture.unwrap();
    let steps = |own: &fixture::Fixture| -> Vec<_> {
        own.exchanges
            .iter()
            .map(|step| {
                (
                    step.id.clone(),
                    step.request.path.clone(),
                    step.capture.clone(),
                )
            })
            .collect()
    };
    assert_eq!(steps(&again), steps(&own));
}
