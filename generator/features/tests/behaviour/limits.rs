//! What a server may take of time and memory, whatever it sends.

use crate::server::{always, endless, json, raw, serve, status};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::TryStreamExt as _;
use plumbline_features as features;
use plumbline_features::runtime::{Error, Json, Meta, NoError, Operation, Request};
use serde::de::{Deserialize, Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::json;
use std::fmt;
use std::io::Write as _;
use std::time::{Duration, Instant};

const SHORT: Duration = Duration::from_millis(100);

/// Long enough for what ends, to fail where something does not.
const GUARD: Duration = Duration::from_secs(60);

const MEGABYTE: usize = 1024 * 1024;

async fn guarded<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(GUARD, work).await.unwrap()
}

#[tokio::test]
async fn a_body_is_measured_unpacked() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&vec![b' '; 17 * MEGABYTE]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < MEGABYTE);
    let reply = status(200)
        .body("application/json", packed)
        .header("content-encoding", "gzip");
    let server = always(reply);
    let client = features::free_form::Client::builder(&server.url());
    let client = client.build().unwrap();
    assert_eq!(
        client
            .add_document(&json!(1))
            .await
            .unwrap_err()
            .to_string(),
        "addDocument: status 200: the body has more than 16777216 bytes"
    );
}

/// A body whose first element takes longer to read than there is time.
#[derive(Debug)]
struct Slow;

const ALLOWED: Duration = Duration::from_secs(2);

impl<'de> Deserialize<'de> for Slow {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Slow;

            fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str("an array")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Slow, A::Error> {
                let begun = Instant::now();
                while begun.elapsed() <= ALLOWED {}
                while from.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Slow)
            }
        }
        from.deserialize_seq(Elements)
    }
}

struct GetSlow;

impl Operation for GetSlow {
    type Success = Json<Slow>;
    type Failure = NoError;

    const META: &'static Meta = &Meta {
        id: "getSlow",
        method: "GET",
        path: "/slow",
        accept: "application/json",
        security: &[],
    };

    fn is_success(status: u16) -> bool {
        status == 200
    }
}

#[tokio::test]
async fn reading_a_body_ends_at_the_deadline() {
    let body = format!("[{}1]", "1,".repeat(MEGABYTE));
    let server = always(status(200).body("application/json", body));
    let client = features::webhooks::Client::builder(&server.url()).timeout(ALLOWED);
    let client = client.build().unwrap();
    let error = Request::<GetSlow>::new(client.as_ref()).await.unwrap_err();
    assert_eq!(error.to_string(), "getSlow: no answer within 2s");
}

/// A long body that does not fit is told by its place, without the body as a tree of values.
#[tokio::test]
async fn a_long_body_that_does_not_fit_names_the_place() {
    let data = "{\"id\":\"a\"},".repeat(MEGABYTE / 8);
    for (last, expected) in [
        ("{\"id\":2}", "at page.data[131072].id: expected a string"),
        ("{}", "at page.data[131072]: expected a member `id`"),
        ("{", "at .: expected JSON"),
    ] {
        let body = format!("{{\"page\":{{\"next_cursor\":null,\"data\":[{data}{last}]}}}}");
        let server = always(status(200).body("application/json", body));
        let client = features::paging_cursor::Client::builder(&server.url());
        let client = client.build().unwrap();
        let error = client.list_experiments().await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("\"a\""), "{error}");
    }
}

const HEAD: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/// Comments, blanks and what else comes between records are no records.
#[tokio::test]
async fn a_record_is_waited_for_whatever_else_comes() {
    let url = endless(HEAD, "8\r\n: ping\n\n\r\n");
    let client = features::stream_events::Client::builder(&url).timeout(SHORT);
    let client = client.build().unwrap();
    let question = features::stream_events::StreamAnswerBody::new("why?".to_owned());
    let mut records = client.stream_answer(&question).await.unwrap();
    let error = guarded(records.next()).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "streamAnswer: no answer within 100ms");

    let head = HEAD.replace("text/event-stream", "application/x-ndjson");
    let url = endless(head.leak(), "2\r\n \n\r\n");
    let client = features::stream_lines::Client::builder(&url).timeout(SHORT);
    let client = client.build().unwrap();
    let mut records = client.list_item_lines().await.unwrap();
    let error = guarded(records.next()).await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "listItemLines: no answer within 100ms");
}

/// Cutting off line after line from the front took time that grew with the square of the length.
#[tokio::test]
async fn lines_are_cut_in_linear_time() {
    let body = "\n".repeat(16 * MEGABYTE) + "{\"id\":\"1\"}";
    let server = always(status(200).body("application/x-ndjson", body));
    let client = features::stream_lines::Client::builder(&server.url()).timeout(GUARD);
    let client = client.build().unwrap();
    let mut records = client.list_item_lines().await.unwrap();
    assert_eq!(guarded(records.next()).await.unwrap().unwrap().id, "1");
}

/// HTML, 9.2.6: CR, LF and CR LF end a line, wherever a chunk ends.
#[tokio::test]
async fn events_end_their_lines_in_three_ways() {
    let url = raw(vec![vec![
        HEAD,
        "d\r\ndata: {\"text\"\r\n",
        "6\r\n:\"a\"}\r\r\n",
        "1\r\n\r\r\n",
        "11\r\ndata: {\"text\":\r\nd\r\n",
        "b\r\nata:\"b\"}\n\n\r\r\n",
        "14\r\ndata: {\"text\":\"c\"}\r\n\r\n",
        "1\r\n\r\r\n",
        "1\r\n\n\r\n",
        "13\r\ndata: {\"text\":\"d\"}\r\r\n",
        "0\r\n\r\n",
    ]]);
    let client = features::stream_events::Client::builder(&url)
        .build()
        .unwrap();
    let question = features::stream_events::StreamAnswerBody::new("why?".to_owned());
    let records = client.stream_answer(&question).await.unwrap();
    let all: Vec<_> = records.try_collect().await.unwrap();
    let texts: Vec<_> = all.iter().map(|it| it.text.as_str()).collect();
    assert_eq!(texts, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn pages_without_items_come_to_an_end() {
    for (limit, pages) in [(None, 101), (Some(3), 4), (Some(0), 1)] {
        let server = serve(|index, _| {
            let next = format!("c{index}");
            json(&json!({"page": {"data": [], "next_cursor": next}}))
        });
        let mut builder = features::paging_cursor::Client::builder(&server.url());
        if let Some(limit) = limit {
            builder = builder.max_empty_pages(limit);
        }
        let client = builder.build().unwrap();
        let mut items = client.list_experiments().items();
        let error = guarded(items.next()).await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Paging(_)), "{error}");
        assert_eq!(
            error.to_string(),
            format!("listExperiments: {pages} pages in a row hold no items")
        );
        assert_eq!(server.seen().len(), pages);
    }
}

/// A few of them are no fault: a filter may leave pages empty.
#[tokio::test]
async fn some_pages_may_have_no_items() {
    let server = serve(|index, _| {
        let data = if index % 3 == 2 {
            json!([{"id": "a"}])
        } else {
            json!([])
        };
        let next = (index < 8).then(|| format!("c{index}"));
        json(&json!({"page": {"data": data, "next_cursor": next}}))
    });
    let client = features::paging_cursor::Client::builder(&server.url());
    let client = client.max_empty_pages(2).build().unwrap();
    let all = guarded(client.list_experiments().items().collect()).await;
    assert_eq!(all.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn interim_answers_do_not_put_the_deadline_off() {
    let url = endless("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    let client = features::paging_cursor::Client::builder(&url).timeout(SHORT);
    let client = client.retries(0).build().unwrap();
    let error = guarded(async { client.list_experiments().await }).await;
    assert!(matches!(error, Err(Error::Timeout { .. })), "{error:?}");
}
