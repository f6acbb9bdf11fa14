//! What lies around every request: the base URL, compression, timeouts, names, middleware, spans.

use crate::server::{always, json, silent, status};
use flate2::Compression;
use flate2::write::GzEncoder;
use plumbline_clients::opik::Client;
use plumbline_clients::runtime::{BoxFuture, Error, Middleware, Next};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::io::Write as _;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::span;
use uuid::Uuid;

#[tokio::test]
async fn a_prefix_of_the_base_url_is_kept() {
    for base in ["/api", "/api/", "/a%2Fb/v2"] {
        let server = always(json(&json!({"content": []})));
        let client = Client::builder(&format!("{}{base}", server.url()))
            .build()
            .unwrap();
        client.find_experiments().page(2).await.unwrap();
        let prefix = base.trim_end_matches('/');
        assert_eq!(
            server.only().target,
            format!("{prefix}/v1/private/experiments?page=2")
        );
    }
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(br#"{"page":7,"content":[]}"#).unwrap();
    let reply = status(200)
        .body("application/json", packed.finish().unwrap())
        .header("content-encoding", "gzip");
    let server = always(reply);
    let client = Client::builder(&server.url()).build().unwrap();
    assert_eq!(client.find_experiments().await.unwrap().page, Some(7));
    assert_eq!(server.only().header("accept-encoding"), Some("gzip"));
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_left() {
    let (url, _listener) = silent();
    let wait = Duration::from_millis(50);
    let client = Client::builder(&url).timeout(wait).build().unwrap();
    let error = client.find_experiments().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    assert_eq!(error.to_string(), "findExperiments: no answer within 50ms");
    // A request's own time goes before the client's.
    let client = Client::builder(&url).build().unwrap();
    let error = client.find_experiments().timeout(wait).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { after, .. } if after == wait));
}

#[tokio::test]
async fn a_client_says_who_it_is_and_what_it_takes() {
    let server = always(json(&json!({"content": []})));
    let client = Client::builder(&server.url()).build().unwrap();
    client.find_experiments().await.unwrap();
    let named = Client::builder(&server.url())
        .user_agent("mine/2")
        .build()
        .unwrap();
    let request = named.find_experiments().header("X-Trace", "17");
    request.await.unwrap();
    let seen = server.seen();
    let version = env!("CARGO_PKG_VERSION");
    let own = format!("plumbline-clients/{version}");
    assert_eq!(seen[0].header("user-agent"), Some(own.as_str()));
    assert_eq!(seen[0].header("accept"), Some("application/json"));
    assert_eq!(seen[1].header("user-agent"), Some("mine/2"));
    assert_eq!(seen[1].header("x-trace"), Some("17"));
}

/// Writes down what passes, and adds a header.
struct Noting {
    name: &'static str,
    notes: Arc<Mutex<Vec<String>>>,
}

impl Middleware for Noting {
    fn handle<'a>(
        &'a self,
        mut request: reqwest::Request,
        next: Next<'a>,
    ) -> BoxFuture<'a, Result<reqwest::Response, Box<dyn std::error::Error + Send + Sync>>> {
        Box::pin(async move {
            let note = format!("{} {}", self.name, request.url().path());
            self.notes.lock().unwrap().push(note);
            request.headers_mut().insert(self.name, "seen".parse()?);
            let response = next.run(request).await?;
            let note = format!("{} {}", self.name, response.status().as_u16());
            self.notes.lock().unwrap().push(note);
            Ok(response)
        })
    }
}

/// Answers nothing.
struct Refusing;

impl Middleware for Refusing {
    fn handle<'a>(
        &'a self,
        _: reqwest::Request,
        _: Next<'a>,
    ) -> BoxFuture<'a, Result<reqwest::Response, Box<dyn std::error::Error + Send + Sync>>> {
        Box::pin(async { Err("not today".into()) })
    }
}

#[tokio::test]
async fn middleware_sees_every_request_and_answer() {
    let server = crate::server::in_turn(vec![
        status(429).header("retry-after", "0"),
        json(&json!({"content": []})),
    ]);
    let notes = Arc::new(Mutex::new(Vec::new()));
    let noting = |name| Noting {
        name,
        notes: Arc::clone(&notes),
    };
    let builder = Client::builder(&server.url());
    let client = builder
        .middleware(noting("outer"))
        .middleware(noting("inner"))
        .build()
        .unwrap();
    client.find_experiments().await.unwrap();
    let path = "/v1/private/experiments";
    let once = |status: u16| {
        [
            format!("outer {path}"),
            format!("inner {path}"),
            format!("inner {status}"),
            format!("outer {status}"),
        ]
    };
    assert_eq!(*notes.lock().unwrap(), [once(429), once(200)].concat());
    for seen in server.seen() {
        assert_eq!(seen.header("inner"), Some("seen"));
    }
    let refusing = Client::builder(&server.url()).middleware(Refusing);
    let error = refusing
        .build()
        .unwrap()
        .find_experiments()
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "findExperiments: no answer (1 attempts): not today"
    );
}

/// The fields of a span, as they are shown.
type Span = BTreeMap<String, String>;

/// Keeps the spans of generated clients, with the thread of each.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<Vec<(ThreadId, Span)>>>);

struct Fields<'a>(&'a mut Span);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl tracing::Subscriber for Spans {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.name() == "exchange"
    }

    fn new_span(&self, span: &span::Attributes<'_>) -> span::Id {
        let mut fields = Span::new();
        span.record(&mut Fields(&mut fields));
        let mut spans = self.0.lock().unwrap();
        spans.push((thread::current().id(), fields));
        span::Id::from_u64(spans.len() as u64)
    }

    fn record(&self, span: &span::Id, values: &span::Record<'_>) {
        let mut spans = self.0.lock().unwrap();
        values.record(&mut Fields(&mut spans[span.into_u64() as usize - 1].1));
    }

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, _: &tracing::Event<'_>) {}
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[tokio::test]
async fn each_exchange_has_a_span() {
    // Not the thread's own: what another thread sees first would settle what is listened to.
    let spans = Spans::default();
    tracing::subscriber::set_global_default(spans.clone()).unwrap();
    let server = crate::server::in_turn(vec![
        status(429).header("retry-after", "0"),
        status(404).json(&json!({})),
    ]);
    let client = Client::builder(&server.url())
        .api_key("hunter2")
        .build()
        .unwrap();
    let _ = client.get_experiment_by_id(Uuid::nil()).await;
    let spans = spans.0.lock().unwrap().clone();
    let own = |(thread, fields)| (thread == thread::current().id()).then_some(fields);
    let spans: Vec<_> = spans.into_iter().filter_map(own).collect();
    let span = |attempt: &str, status: &str| {
        BTreeMap::from(
            [
                ("operation", "\"getExperimentById\""),
                ("method", "\"GET\""),
                ("path", "\"/v1/private/experiments/{id}\""),
                ("attempt", attempt),
                ("status", status),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        )
    };
    assert_eq!(spans, [span("1", "429"), span("2", "404")]);
}
