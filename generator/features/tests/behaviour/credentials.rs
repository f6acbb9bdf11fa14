//! The exact headers of each vendor's credentials, and which are chosen.

use crate::server::{Seen, Server, always, status};
use plumbline_clients::runtime::Builder;
use plumbline_clients::{galileo, opik, phoenix};
use plumbline_features::security;
use uuid::Uuid;

const ID: Uuid = Uuid::nil();

/// Of the headers that carry credentials, those that came.
fn credentials(server: &Server) -> Vec<(String, String)> {
    let names = [
        "authorization",
        "comet-workspace",
        "galileo-api-key",
        "cookie",
    ];
    let seen: Seen = server.only();
    seen.headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
        .filter(|(name, _)| names.contains(&name.as_str()))
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[tokio::test]
async fn opik_sends_the_raw_key_and_the_workspace() {
    type Set = fn(Builder<opik::Client>) -> Builder<opik::Client>;
    let cases: [(Set, &[(&str, &str)]); 4] = [
        (|it| it, &[]),
        (
            |it| it.api_key("k3y").workspace("team"),
            &[("authorization", "k3y"), ("comet-workspace", "team")],
        ),
        (|it| it.workspace("team"), &[("comet-workspace", "team")]),
        (|it| it.api_key("k3y"), &[("authorization", "k3y")]),
    ];
    for (set, expected) in cases {
        let server = always(status(204));
        let client = set(opik::Client::builder(&server.url())).build().unwrap();
        let body = opik::DeleteIdsHolder::new(vec![ID]);
        client.delete_experiments_by_id(&body).await.unwrap();
        assert_eq!(credentials(&server), pairs(expected));
    }
}

#[tokio::test]
async fn galileo_sends_one_of_three() {
    type Set = fn(Builder<galileo::Client>) -> Builder<galileo::Client>;
    let cases: [(Set, &[(&str, &str)]); 6] = [
        (|it| it, &[]),
        (|it| it.api_key("k3y"), &[("galileo-api-key", "k3y")]),
        (
            |it| it.bearer("t0ken"),
            &[("authorization", "Bearer t0ken")],
        ),
        (
            |it| it.basic("me", "pässword"),
            &[("authorization", "Basic bWU6cMOkc3N3b3Jk")],
        ),
        (
            |it| it.basic("me", "p").bearer("t").api_key("k"),
            &[("galileo-api-key", "k")],
        ),
        (
            |it| it.basic("me", "p").bearer("t"),
            &[("authorization", "Bearer t")],
        ),
    ];
    for (set, expected) in cases {
        let server = always(status(204));
        let client = set(galileo::Client::builder(&server.url()))
            .build()
            .unwrap();
        client.delete_experiment(ID, ID).await.unwrap();
        assert_eq!(credentials(&server), pairs(expected));
    }
}

/// Where the document forbids basic credentials, none are sent.
#[tokio::test]
async fn galileo_creates_without_basic_credentials() {
    let server = always(status(500));
    let client = galileo::Client::builder(&server.url())
        .basic("me", "p")
        .build()
        .unwrap();
    let body = galileo::ExperimentCreateRequest::new("qa".to_owned());
    client.create_experiment(ID, &body).await.unwrap_err();
    assert_eq!(credentials(&server), pairs(&[]));
}

/// The document names no scheme; a protected server wants a bearer token as a header.
#[tokio::test]
async fn phoenix_sends_what_is_set() {
    let server = always(status(204));
    let client = phoenix::Client::builder(&server.url());
    let client = client
        .header("Authorization", "Bearer t0ken")
        .build()
        .unwrap();
    client.delete_experiment("x").await.unwrap();
    assert_eq!(
        credentials(&server),
        pairs(&[("authorization", "Bearer t0ken")])
    );
}

#[tokio::test]
async fn each_operation_sends_what_it_asks_for() {
    let server = always(status(204));
    let client = security::Client::builder(&server.url())
        .api_key("raw")
        .workspace("team")
        .bearer("t")
        .basic("u", "p")
        .key("a&b=c")
        .session("s; x")
        .oauth("o")
        .build()
        .unwrap();
    client.get_either().await.unwrap();
    client.get_open().await.unwrap();
    client.get_basic().await.unwrap();
    client.get_other().await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].header("authorization"), Some("raw"));
    assert_eq!(seen[0].header("comet-workspace"), Some("team"));
    assert_eq!(seen[1].header("authorization"), None);
    assert_eq!(seen[2].header("authorization"), Some("Basic dTpw"));
    assert_eq!(seen[3].target, "/other?api_key=a%26b%3Dc");
    assert_eq!(seen[3].header("cookie"), None);
    let client = security::Client::builder(&server.url())
        .session("s; x")
        .build()
        .unwrap();
    client.get_other().await.unwrap();
    assert_eq!(server.seen()[4].header("cookie"), Some("session=s%3B%20x"));
}

#[test]
fn a_client_never_shows_its_credentials() {
    let builder = opik::Client::builder("http://a.example").api_key("hunter2");
    assert!(!format!("{builder:?}").contains("hunter2"));
    let client = builder.build().unwrap();
    assert!(!format!("{client:?}").contains("hunter2"));
    assert!(!format!("{:?}", client.find_experiments()).contains("hunter2"));
}
