//! What `Debug` and errors never show, and what becomes of a user in the base URL.

use crate::server::{always, json, status};
use plumbline_features as features;
use plumbline_features::runtime::{Builder, Core, Credential, Error, Input, Location};
use plumbline_features::security::Client;
use serde_json::json;
use std::sync::{Arc, Mutex};

/// All that is secret here; none is part of another word.
const SECRETS: &[&str] = &[
    "uSer",
    "p4ss",
    "uSer:p4ss",
    "dVNlcjpwNHNz",
    "k3yOne",
    "t0kenTwo",
    "s3ssion",
    "he4der",
    "b0dy",
];

fn base(url: &str) -> String {
    url.replace("http://", "http://uSer:p4ss@")
}

#[tokio::test]
async fn nothing_public_shows_a_secret() {
    let mut shown = Vec::new();
    let reply = status(418)
        .json(&json!({"token": "t0kenTwo", "why": "tea"}))
        .header("set-cookie", "session=s3ssion");
    let server = always(reply);
    let middleware = Arc::new(Mutex::new(Vec::new()));
    let notes = Arc::clone(&middleware);
    let builder: Builder<Client> = Client::builder(&base(&server.url()))
        .header("X-Anything", "he4der")
        .credential("key", Credential::key(Location::Header, "X-Key", "k3yOne"))
        .credential("HTTPBearer", Credential::bearer("t0kenTwo"))
        .credential("basicAuth", Credential::basic("uSer", "p4ss"))
        .middleware(Showing(notes));
    shown.push(format!("{builder:?} {:#?}", builder));
    let client = builder.build().unwrap();
    shown.push(format!("{client:?} {client:#?}"));
    let request = client.get_open().header("Authorization", "Bearer t0kenTwo");
    shown.push(format!("{request:?} {request:#?}"));
    let error = request.await.unwrap_err();
    assert!(matches!(error, Error::Undocumented(_)), "{error}");
    shown.push(format!("{error:?} {error:#?} {error}"));
    // What helps is there.
    assert!(format!("{error:?}").contains("tea"), "{error:?}");
    shown.push(format!("{:?}", client.get_basic().await));
    shown.push(middleware.lock().unwrap().join("\n"));
    let document = features::free_form::Client::builder(&server.url());
    let document = document.build().unwrap();
    shown.push(format!(
        "{:?}",
        document.add_document(&json!({"a": "b0dy"}))
    ));
    let input = json!({"parameters": {"a": "he4der"}, "body": "b0dy"});
    let mut input = Input::new(input).unwrap();
    shown.push(format!("{input:?}"));
    let number = input.required::<i64>("query", &["\"a\""]).unwrap_err();
    shown.push(format!("{number:?} {number}"));
    for url in [
        "http://uSer:p4ss@host:nothing/x",
        "http://uSer:p4ss@host/?key=k3yOne",
        "ftp://uSer:p4ss@host",
        "uSer:p4ss@host",
        "//uSer:p4ss@host",
    ] {
        let builder = Client::builder(url);
        shown.push(format!("{builder:?}"));
        let error = builder.build().unwrap_err();
        shown.push(format!("{error:?} {error}"));
    }
    let core: &Core = &features::webhooks::Client::builder(&base(&server.url()))
        .build()
        .unwrap()
        .as_ref()
        .clone();
    shown.push(format!("{core:?}"));
    for text in shown {
        for secret in SECRETS {
            assert!(!text.contains(secret), "{secret} is shown by {text}");
        }
    }
}

/// Writes down what it sees, as a person who looks for a fault would.
struct Showing(Arc<Mutex<Vec<String>>>);

impl features::runtime::Middleware for Showing {
    fn handle<'a>(
        &'a self,
        request: reqwest::Request,
        next: features::runtime::Next<'a>,
    ) -> features::runtime::BoxFuture<
        'a,
        Result<reqwest::Response, Box<dyn std::error::Error + Send + Sync>>,
    > {
        self.0.lock().unwrap().push(format!("{request:?} {next:?}"));
        next.run(request)
    }
}

#[tokio::test]
async fn a_user_in_the_base_url_becomes_basic_authentication() {
    let server = always(json(&json!({})));
    let url = server.url().replace("http://", "http://u%40x:p%3Ass@");
    let plain = Client::builder(&url).build().unwrap();
    let own = Client::builder(&url)
        .header("Authorization", "Custom x")
        .build()
        .unwrap();
    let secured = Client::builder(&url)
        .credential("basicAuth", Credential::basic("other", "one"))
        .build()
        .unwrap();
    let _ = plain.get_open().await;
    let _ = own.get_open().await;
    let _ = secured.get_basic().await;
    let sent: Vec<Option<String>> = server
        .seen()
        .iter()
        .map(|seen| seen.header("authorization").map(str::to_owned))
        .collect();
    // `u@x:p:ss` and `other:one`
    let expected = ["Basic dUB4OnA6c3M=", "Custom x", "Basic b3RoZXI6b25l"];
    assert_eq!(sent, expected.map(|text| Some(text.to_owned())));
}
