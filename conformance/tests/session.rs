//! The session's bounds: how many, how fast, how often, and what is left out.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{ExchangeId, Failure, Limits, Request, Session, Target, UserHeader};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What a server has seen.
#[derive(Default)]
struct Seen {
    heads: Mutex<Vec<String>>,
    now: AtomicUsize,
    most: AtomicUsize,
}

/// A server that takes a while, and says how many it serves at once.
fn server() -> (String, Arc<Seen>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://127.0.0.1:{}/base/",
        listener.local_addr().unwrap().port()
    );
    let seen = Arc::new(Seen::default());
    let shared = Arc::clone(&seen);
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let seen = Arc::clone(&shared);
            thread::spawn(move || {
                let mut head = [0; 4096];
                let read = stream.read(&mut head).unwrap_or(0);
                let head =
                    String::from_utf8_lossy(head.get(..read).unwrap_or_default()).into_owned();
                seen.heads.lock().unwrap().push(head);
                let now = seen.now.fetch_add(1, Ordering::SeqCst) + 1;
                seen.most.fetch_max(now, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(20));
                seen.now.fetch_sub(1, Ordering::SeqCst);
                let _ = stream.write_all(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
                );
            });
        }
    });
    (url, seen)
}

fn session(url: &str, headers: &[(&str, &str)], limits: Limits) -> Session {
    Session::new(Target {
        base: url.parse().unwrap(),
        headers: headers
            .iter()
            .map(|(name, value)| UserHeader::literal(*name, *value))
            .collect(),
        values: BTreeMap::new(),
        limits,
    })
    .unwrap()
}

fn get(path: &str) -> Request {
    Request {
        operation: "get".to_owned(),
        method: "GET".to_owned(),
        path: path.to_owned(),
        ..Request::default()
    }
}

#[tokio::test]
async fn no_more_go_on_at_once_than_there_are_jobs() {
    let (url, seen) = server();
    let session = session(
        &url,
        &[],
        Limits {
            jobs: 3,
            ..Limits::default()
        },
    );
    let sent = (0..12).map(|number| session.send(get(&format!("/{number}"))));
    futures::future::join_all(sent).await;
    assert_eq!(seen.most.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn no_more_are_sent_than_the_run_may() {
    let (url, seen) = server();
    let session = session(
        &url,
        &[],
        Limits {
            requests: 5,
            ..Limits::default()
        },
    );
    let sent = (0..9).map(|number| session.send(get(&format!("/{number}"))));
    let answered = futures::future::join_all(sent).await;
    assert_eq!(
        answered
            .iter()
            .filter(|exchange| exchange.reply().is_some())
            .count(),
        5
    );
    assert_eq!((session.sent(), seen.heads.lock().unwrap().len()), (5, 5));
    let refused = answered
        .iter()
        .find(|exchange| exchange.reply().is_none())
        .unwrap();
    assert_eq!(
        refused.answer,
        Err(Failure::NotSent(
            "the run's 5 requests are spent".to_owned()
        ))
    );
}

#[tokio::test]
async fn the_rate_is_kept() {
    let (url, _) = server();
    let session = session(
        &url,
        &[],
        Limits {
            rate: Some(20),
            ..Limits::default()
        },
    );
    let begun = Instant::now();
    let sent = (0..7).map(|number| session.send(get(&format!("/{number}"))));
    futures::future::join_all(sent).await;
    // The first goes at once, the other six 50 ms apart.
    assert!(
        begun.elapsed() >= Duration::from_millis(290),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn the_first_answer_is_shared_until_it_is_forgotten() {
    let (url, _) = server();
    let session = session(&url, &[], Limits::default());
    let shared = futures::future::join_all((0..5).map(|_| session.fetch(get("/a")))).await;
    assert!(shared.iter().all(|exchange| exchange.id == ExchangeId(1)));
    assert_eq!(session.send(get("/a")).await.id, ExchangeId(2));
    session.forget();
    assert_eq!(session.fetch(get("/a")).await.id, ExchangeId(3));
    assert_eq!(session.sent(), 3);
}

#[tokio::test]
async fn a_request_s_own_header_takes_the_place_of_the_target_s() {
    let (url, seen) = server();
    let session = session(
        &url,
        &[("X-One", "target"), ("X-Two", "target")],
        Limits::default(),
    );
    let mut request = get("/a%2Fb");
    request
        .query
        .push(("q".to_owned(), "%25+%C3%A9".to_owned()));
    request.headers.push(("x-one".to_owned(), "own".to_owned()));
    request.headers.push(("x-empty".to_owned(), String::new()));
    request.withheld.push("x-two".to_owned());
    session.send(request).await;
    let head = seen.heads.lock().unwrap().remove(0).to_ascii_lowercase();
    assert!(
        head.starts_with("get /base/a%2fb?q=%25+%c3%a9 http/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains("x-one: own\r\n"), "{head}");
    assert!(head.contains("x-empty: \r\n"), "{head}");
    assert!(
        !head.contains("x-two") && !head.contains("target"),
        "{head}"
    );
}

/// A server that fails, and answers nothing more on that connection without having said so.
fn failing_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut head = [0; 4096];
                let _ = stream.read(&mut head);
                let _ = stream.write_all(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
                let _ = stream.read(&mut head);
            });
        }
    });
    format!("http://127.0.0.1:{port}")
}

#[tokio::test]
async fn a_connection_that_ends_after_a_5xx_is_not_taken_for_a_fault_of_the_next_request() {
    let session = session(&failing_server(), &[], Limits::default());
    for _ in 0..3 {
        let post = Request {
            method: "POST".to_owned(),
            ..get("/things")
        };
        let exchange = session.send(post).await;
        let status = exchange.answer.as_ref().map(|reply| reply.status);
        assert_eq!(status.ok(), Some(500), "{:?}", exchange.answer);
    }
}
