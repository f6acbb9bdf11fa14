//! The server as clients meet it.

use super::contract;
use crate::reference::{Error, Options, Server};
use crate::{Limits, Request, Session, Target};
use std::collections::BTreeMap;

/// Sends one request, and gives its status, its body and a header.
async fn ask(session: &Session, target: &str, header: &str) -> (u16, String, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let request = Request {
        method: "GET".to_owned(),
        path: path.to_owned(),
        query: query
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        ..Request::default()
    };
    let exchange = session.send(request).await;
    let reply = exchange.reply().unwrap();
    (
        reply.status,
        String::from_utf8(reply.body.clone()).unwrap(),
        reply.header(header).unwrap_or_default().to_owned(),
    )
}

fn session(server: &Server) -> Session {
    Session::new(Target {
        base: server.url().parse().unwrap(),
        headers: Vec::new(),
        values: BTreeMap::new(),
        limits: Limits::default(),
    })
    .unwrap()
}

#[tokio::test]
async fn it_answers_until_it_is_dropped() {
    let server = Server::start(contract("opik"), Options::default()).unwrap();
    let session = session(&server);
    let target = "/api/v1/private/experiments?size=1";
    let (status, body, _) = ask(&session, target, "").await;
    assert_eq!(status, 200);
    assert!(body.contains("\"total\":57"), "{body}");
    drop(server);
    assert_eq!(ask(&session, target, "").await.0, 404);
}

#[tokio::test]
async fn it_listens_where_it_is_told() {
    let options = Options {
        listen: Some("127.0.0.1:0".parse().unwrap()),
        ..Options::default()
    };
    let server = Server::start(contract("library"), options).unwrap();
    let (status, _, link) = ask(&session(&server), "/books?limit=2", "link").await;
    assert_eq!(status, 200);
    assert!(
        link.starts_with(&format!("<{}/books", server.url())),
        "{link}"
    );
}

#[test]
fn an_unknown_defect_is_an_error() {
    let options = Options {
        defects: vec!["no-such-thing".to_owned()],
        ..Options::default()
    };
    let error = Server::start(contract("library"), options).unwrap_err();
    assert!(matches!(error, Error::UnknownDefect(id) if id == "no-such-thing"));
}

#[tokio::test]
async fn shared_paging_mixes_up_what_comes_together() {
    let options = Options {
        defects: vec!["shared-paging".to_owned()],
        ..Options::default()
    };
    let server = Server::start(contract("library"), options).unwrap();
    let session = session(&server);
    let targets = [1, 2, 3, 4, 5, 6, 7, 8].map(|page| format!("/members?size=2&page={page}"));
    let alone = ask(&session, "/members?size=2&page=1", "").await;
    let together = targets.iter().map(|target| ask(&session, target, ""));
    let together = futures::future::join_all(together).await;
    let first: Vec<_> = together.iter().filter(|answer| **answer == alone).collect();
    assert_ne!(
        first.len(),
        1,
        "only one of eight answers is page 1 when healthy"
    );
}
