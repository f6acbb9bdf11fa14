//! The server as clients meet it.

use super::contract;
use crate::bench::measure;
use crate::{Error, Options, Server, vendor};
use flate2::Compression;
use flate2::write::GzEncoder;
use plumbline_conformance::{Limits, Request, Session, Target};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

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
    // No other test has so many items: the mock server behind goes back to a pool, from which
    // another test may take it at once.
    let options = Options {
        items: 53,
        ..Options::default()
    };
    let server = vendor("opik").unwrap().serve(options).unwrap();
    let session = session(&server);
    let target = "/api/v1/private/experiments?size=1";
    let (status, body, _) = ask(&session, target, "").await;
    assert_eq!(status, 200);
    assert!(body.contains("\"total\":53"), "{body}");
    drop(server);
    let (_, body, _) = ask(&session, target, "").await;
    assert!(!body.contains("\"total\":53"), "{body}");
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
    // Whether requests meet hangs on the machine. Of a healthy server's answers one is page 1, always.
    for _ in 0..20 {
        let together = targets.iter().map(|target| ask(&session, target, ""));
        let together = futures::future::join_all(together).await;
        if together.iter().filter(|answer| **answer == alone).count() != 1 {
            return;
        }
    }
    panic!("nothing was mixed up");
}

/// The vendor's SDK in Python compresses its larger bodies, and sends what it does not know as null.
#[test]
fn opik_reads_compressed_bodies_and_passes_over_nulls() {
    let server = vendor("opik").unwrap().serve(Options::default()).unwrap();
    let post = |body: &[u8], coding: &str| {
        let (head, url) = ("POST /v1/private/experiments/stream HTTP/1.1", server.url());
        let host = url.strip_prefix("http://").unwrap();
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        let head = format!(
            "{head}\r\nHost: {host}\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Content-Encoding: {coding}\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.lines().next().unwrap().to_owned()
    };
    let json = br#"{"name":"a","last_retrieved_id":null,"project_name":null}"#;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(json).unwrap();
    let packed = gzip.finish().unwrap();
    assert_eq!(post(json, "identity"), "HTTP/1.1 200 OK");
    assert_eq!(post(&packed, "gzip"), "HTTP/1.1 200 OK");
    assert_eq!(post(&packed, "identity"), "HTTP/1.1 400 Bad Request");
    // What is required is missed all the same.
    assert_eq!(
        post(br#"{"name":null}"#, "identity"),
        "HTTP/1.1 400 Bad Request"
    );
}

/// The vendor's SDKs ask for the project and its log streams before its experiments.
#[tokio::test]
async fn galileo_has_the_routes_that_its_sdks_call_first() {
    const ID: &str = "7c2d1f0a-93b4-4c1e-8f65-0d2b7a4e9c11";
    let server = vendor("galileo")
        .unwrap()
        .serve(Options::default())
        .unwrap();
    let session = session(&server);
    let (status, project, _) = ask(&session, &format!("/projects/{ID}"), "").await;
    assert_eq!(status, 200);
    assert!(
        project.starts_with(&format!("{{\"id\":\"{ID}\"")),
        "{project}"
    );
    let (status, streams, _) = ask(&session, &format!("/projects/{ID}/log_streams"), "").await;
    assert_eq!(status, 200);
    assert!(
        streams.contains(&format!("\"project_id\":\"{ID}\"")),
        "{streams}"
    );
    let (status, projects, _) = ask(&session, "/projects?project_name=default", "").await;
    assert_eq!(status, 200);
    assert!(projects.starts_with("[{"), "{projects}");
    // An id is a UUID, and there is nothing else below.
    assert_eq!(ask(&session, "/projects/all", "").await.0, 404);
    assert_eq!(
        ask(&session, &format!("/projects/{ID}/runs"), "").await.0,
        404
    );
}

#[tokio::test]
async fn the_kit_keeps_up_with_a_bare_client() {
    let options = Options {
        items: 3,
        ..Options::default()
    };
    let server = vendor("phoenix").unwrap().serve(options).unwrap();
    let base = server.url().parse().unwrap();
    let measured = measure(contract("phoenix"), base, 40, 4).await.unwrap();
    assert_eq!((measured.requests, measured.faults), (40, 0));
    assert!(measured.validations > 1.0);
}
