//! Streams of records: framing, chunks that end anywhere, a last record that reports a failure.

use crate::server::{always, raw, status};
use futures_util::TryStreamExt as _;
use plumbline_clients::opik;
use plumbline_clients::runtime::Error;
use plumbline_features as features;
use serde_json::json;

const NAMES: &str = "{\"dataset_name\":\"a\",\"name\":\"first\"}\r\n{\"dataset_name\":\"b\",\"name\":\"second\"}\r\n";

fn request() -> opik::ExperimentStreamRequestPublic {
    let mut request = opik::ExperimentStreamRequestPublic::new("first".to_owned());
    request.limit = Some(2);
    request
}

#[tokio::test]
async fn opik_ends_its_records_with_crlf() {
    let server = always(status(200).body("application/octet-stream", NAMES));
    let client = opik::Client::builder(&server.url()).build().unwrap();
    let records = client.stream_experiments(&request()).await.unwrap();
    let all: Vec<opik::ExperimentPublic> = records.try_collect().await.unwrap();
    let names: Vec<_> = all.iter().map(|it| it.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["first", "second"]);
    let seen = server.only();
    assert_eq!(seen.json(), json!({"name": "first", "limit": 2}));
    assert_eq!(seen.header("accept"), Some("application/octet-stream"));
}

#[tokio::test]
async fn opik_gives_up_with_a_last_record() {
    let last = "{\"code\":500,\"message\":\"Streaming operation timed out\"}\r\n";
    let body = format!("{NAMES}{last}");
    let server = always(status(200).body("application/octet-stream", body));
    let client = opik::Client::builder(&server.url()).build().unwrap();
    let mut records = client.stream_experiments(&request()).await.unwrap();
    assert!(records.next().await.unwrap().is_ok());
    assert!(records.next().await.unwrap().is_ok());
    match records.next().await.unwrap().unwrap_err() {
        Error::Record(report) => {
            assert_eq!(report.code, Some(500));
            assert_eq!(
                report.message.as_deref(),
                Some("Streaming operation timed out")
            );
        }
        other => panic!("{other}"),
    }
    assert!(records.next().await.is_none());
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Chunks end within a record, between `\r` and `\n`, and within a character.
#[tokio::test]
async fn chunks_may_end_anywhere() {
    let url = raw(vec![vec![
        HEAD,
        "5\r\n{\"id\"\r\n",
        "6\r\n:\"1\"}\r\r\n",
        "1\r\n\n\r\n",
        "2\r\n\r\n\r\n",
        "c\r\n{\"id\":\"2\"}\n{\r\n",
        "8\r\n\"id\":\"3\"\r\n",
        "1\r\n}\r\n",
        "0\r\n\r\n",
    ]]);
    let client = features::stream_lines::Client::builder(&url)
        .build()
        .unwrap();
    let records = client.list_item_lines().await.unwrap();
    let all: Vec<_> = records.try_collect().await.unwrap();
    let ids: Vec<_> = all.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["1", "2", "3"]);
}

#[tokio::test]
async fn a_stream_that_breaks_off_is_told() {
    let url = raw(vec![vec![
        HEAD,
        "b\r\n{\"id\":\"1\"}\n\r\n",
        "f\r\n{\"id\"",
    ]]);
    let client = features::stream_lines::Client::builder(&url)
        .build()
        .unwrap();
    let mut records = client.list_item_lines().await.unwrap();
    assert_eq!(records.next().await.unwrap().unwrap().id, "1");
    assert_eq!(
        records.next().await.unwrap().unwrap_err().to_string(),
        "listItemLines: status 200: the stream broke off"
    );
    assert!(records.next().await.is_none());
}

#[tokio::test]
async fn a_record_that_does_not_fit_names_the_place() {
    let body = "{\"id\":\"1\"}\n{\"id\":2}\n";
    let server = always(status(200).body("application/x-ndjson", body));
    let client = features::stream_lines::Client::builder(&server.url());
    let client = client.build().unwrap();
    let mut records = client.list_item_lines().await.unwrap();
    assert!(records.next().await.unwrap().is_ok());
    assert_eq!(
        records.next().await.unwrap().unwrap_err().to_string(),
        "listItemLines: status 200: at id: expected a string, found a number 2"
    );
}

#[tokio::test]
async fn a_record_has_an_end() {
    let server = always(status(200).body("application/x-ndjson", "{\"id\":\"1234567890\"}\n"));
    let client = features::stream_lines::Client::builder(&server.url());
    let client = client.max_body(10).build().unwrap();
    let mut records = client.list_item_lines().await.unwrap();
    assert_eq!(
        records.next().await.unwrap().unwrap_err().to_string(),
        "listItemLines: status 200: a record has more than 10 bytes"
    );
}
