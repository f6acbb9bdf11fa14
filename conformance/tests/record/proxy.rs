//! The proxy hands every byte on as it comes, and keeps it.

use super::upstream::{sent, upstream};
use flate2::Compression;
use flate2::write::GzEncoder;
use plumbline_conformance::record::Proxy;
use plumbline_conformance::traffic::{Passed, Traffic};
use plumbline_conformance::{Failure, Reply};
use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc;

/// Records what a client does, which is told the proxy's address.
fn recorded(
    upstream: &str,
    exchanges: u64,
    client: impl FnOnce(SocketAddr) + Send + 'static,
) -> Traffic {
    run(upstream, Some(exchanges), std::future::pending(), client)
}

fn run(
    upstream: &str,
    exchanges: Option<u64>,
    stop: impl Future<Output = ()>,
    client: impl FnOnce(SocketAddr) + Send + 'static,
) -> Traffic {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let proxy = Proxy::listen(upstream.parse().unwrap(), "127.0.0.1:0".parse().unwrap())
            .await
            .unwrap();
        let address = proxy.address();
        // A client that fails does not ask for more: the run ends with it.
        let (fails, failed) = tokio::sync::oneshot::channel();
        let client = std::thread::spawn(move || {
            let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| client(address)));
            if let Err(cause) = done {
                let _ = fails.send(());
                std::panic::resume_unwind(cause);
            }
            // Kept, so that its end is told by a failure alone.
            fails
        });
        let stop = async move {
            tokio::select! {
                () = stop => {}
                Ok(()) = failed => {}
            }
        };
        let traffic = proxy.run(exchanges, stop).await;
        client.join().unwrap();
        traffic
    })
}

fn reply(passed: &Passed) -> &Reply {
    passed.answer.as_ref().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn bytes_pass_as_they_are_both_ways() {
    let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let body = all.clone();
    let (url, seen) = upstream(move |_, stream| {
        let head = format!(
            "HTTP/1.1 201 Made\r\nContent-Type: image/png\r\nX-Twice: a\r\nX-Twice: b\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
    });
    let expected = all.clone();
    let traffic = recorded(&format!("{url}/base/"), 1, move |address| {
        let mut request = format!(
            "POST /a%2Fb/c?x=%20&y HTTP/1.1\r\nHost: localhost\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nX-Own: 2\r\nContent-Type: application/octet-stream\r\nContent-Length: {}\r\n\r\n",
            expected.len()
        )
        .into_bytes();
        request.extend_from_slice(&expected);
        let came = sent(address, &request);
        let at = came
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap()
            + 4;
        assert_eq!(came[at..], expected[..]);
        let head = text(&came[..at]);
        assert!(head.starts_with("HTTP/1.1 201 "), "{head}");
        assert_eq!(head.matches("x-twice: ").count(), 2, "{head}");
    });
    let (head, body) = seen.lock().unwrap()[0].clone();
    assert!(
        head.starts_with("POST /base/a%2Fb/c?x=%20&y HTTP/1.1\r\n"),
        "{head}"
    );
    let lower = head.to_ascii_lowercase();
    assert!(
        lower.contains("x-own: 2") && !lower.contains("x-hop"),
        "{head}"
    );
    assert!(!lower.contains("host: localhost"), "{head}");
    assert_eq!(body, all);
    let passed = &traffic.exchanges[0];
    assert_eq!(passed.url.as_str(), format!("{url}/base/a%2Fb/c?x=%20&y"));
    assert_eq!(passed.body.as_ref(), Some(&all));
    assert_eq!((reply(passed).status, &reply(passed).body), (201, &all));
}

#[test]
fn a_stream_streams() {
    let (release, released) = mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let (url, _) = upstream(move |_, stream| {
        stream
            .write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"n\":1}\n\n",
            )
            .unwrap();
        // The second record does not leave before the client has the first.
        released.lock().unwrap().recv().unwrap();
        stream.write_all(b"data: {\"n\":2}\n\n").unwrap();
    });
    let traffic = recorded(&url, 1, move |address| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET /s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            .unwrap();
        let mut came = String::new();
        let mut chunk = [0; 1024];
        while !came.contains("{\"n\":1}\n\n") {
            let read = stream.read(&mut chunk).unwrap();
            assert_ne!(read, 0, "{came}");
            came.push_str(&text(&chunk[..read]));
        }
        release.send(()).unwrap();
        stream.read_to_string(&mut came).unwrap();
        assert!(came.contains("{\"n\":2}\n\n"), "{came}");
    });
    assert_eq!(
        text(&reply(&traffic.exchanges[0]).body),
        "data: {\"n\":1}\n\ndata: {\"n\":2}\n\n"
    );
}

#[test]
fn a_client_that_leaves_an_open_stream_costs_no_exchange() {
    let (release, released) = mpsc::channel::<()>();
    let released = std::sync::Mutex::new(released);
    let (url, _) = upstream(move |_, stream| {
        stream
            .write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"n\":1}\n\n",
            )
            .unwrap();
        // Nothing more comes for as long as the recording goes on.
        let _ = released.lock().unwrap().recv();
    });
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop_it = async {
        let _ = stopped.await;
    };
    let traffic = run(&url, None, stop_it, move |address| {
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET /s HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        let mut came = String::new();
        let mut chunk = [0; 1024];
        while !came.contains("{\"n\":1}\n\n") {
            let read = stream.read(&mut chunk).unwrap();
            assert_ne!(read, 0, "{came}");
            came.push_str(&text(&chunk[..read]));
        }
        drop(stream);
        stop.send(()).unwrap();
    });
    drop(release);
    let [passed] = traffic.exchanges.as_slice() else {
        panic!("{traffic:#?}");
    };
    assert!(
        matches!(&passed.answer, Err(Failure::Closed(_))),
        "{passed:?}"
    );
    assert!(traffic.notes.is_empty(), "{:?}", traffic.notes);
}

#[test]
fn gzip_passes_coded_and_is_kept_plain() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(br#"{"plain": true}"#).unwrap();
    let coded = gzip.finish().unwrap();
    let body = coded.clone();
    let (url, seen) = upstream(move |head, stream| {
        let plain = !head.to_ascii_lowercase().contains("accept-encoding: gzip");
        let (coding, body) = if plain {
            ("", br#"{"plain": true}"#.to_vec())
        } else {
            ("Content-Encoding: gzip\r\n", body.clone())
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{coding}Content-Length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body).unwrap();
    });
    let traffic = recorded(&url, 2, move |address| {
        let ask = |accept: &str| {
            sent(
                address,
                format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept-Encoding: {accept}\r\n\r\n")
                    .as_bytes(),
            )
        };
        assert!(ask("br, gzip").ends_with(&coded));
        assert!(ask("br").ends_with(br#"{"plain": true}"#));
    });
    for passed in &traffic.exchanges {
        assert_eq!(text(&reply(passed).body), r#"{"plain": true}"#);
    }
    let heads = seen.lock().unwrap();
    assert!(
        heads[1].0.contains("accept-encoding: identity"),
        "{}",
        heads[1].0
    );
}

#[test]
fn a_coded_request_passes_coded_and_is_kept_plain() {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(br#"{"plain": true}"#).unwrap();
    let coded = gzip.finish().unwrap();
    let (url, seen) = upstream(|_, stream| {
        stream
            .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
            .unwrap();
    });
    let mut request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Own: 1\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        coded.len()
    )
    .into_bytes();
    request.extend_from_slice(&coded);
    let traffic = recorded(&url, 1, move |address| {
        sent(address, &request);
    });
    let (head, body) = seen.lock().unwrap()[0].clone();
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert_eq!(body, coded);
    // What is kept can be sent again as it stands, as a curl command does.
    let passed = &traffic.exchanges[0];
    assert_eq!(passed.body.as_deref(), Some(&br#"{"plain": true}"#[..]));
    let names: Vec<&str> = passed
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(names, ["x-own"]);
}

#[test]
fn answers_without_a_body_have_none() {
    let (url, _) = upstream(|head, stream| {
        let answer: &[u8] = match head.split(' ').next().unwrap() {
            "HEAD" => b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 7\r\n\r\n",
            "DELETE" => b"HTTP/1.1 204 No Content\r\n\r\n",
            _ => b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",
        };
        stream.write_all(answer).unwrap();
    });
    let traffic = recorded(&url, 3, |address| {
        for (method, status, header) in [
            ("HEAD", "200", "content-length: 7"),
            ("DELETE", "204", "date: "),
            ("GET", "304", "etag: \"x\""),
        ] {
            let request =
                format!("{method} / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            let came = text(&sent(address, request.as_bytes()));
            assert!(came.starts_with(&format!("HTTP/1.1 {status} ")), "{came}");
            assert!(
                came.contains(header) && came.ends_with("\r\n\r\n"),
                "{came}"
            );
        }
    });
    for passed in &traffic.exchanges {
        assert!(reply(passed).body.is_empty());
    }
    assert_eq!(traffic.exchanges.len(), 3);
}

#[test]
fn a_client_that_follows_addresses_stays() {
    let (url, _) = upstream(|head, stream| {
        let host = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("host: ")
                    .map(str::to_owned)
            })
            .unwrap();
        let answer = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://{host}/next\r\nContent-Length: 0\r\n\r\n"
        );
        stream.write_all(answer.as_bytes()).unwrap();
    });
    let traffic = recorded(&url, 1, move |address| {
        let came = text(&sent(
            address,
            b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        ));
        assert!(
            came.contains(&format!("location: http://{address}/next")),
            "{came}"
        );
    });
    assert_eq!(
        reply(&traffic.exchanges[0]).header("location"),
        Some(format!("{url}/next").as_str())
    );
}

#[test]
fn what_breaks_off_breaks_off_and_is_not_kept_as_an_answer() {
    let (url, _) = upstream(|head, stream| {
        if head.starts_with("GET /cut") {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                .unwrap();
        }
        // Else the connection ends without an answer.
    });
    let traffic = recorded(&url, 2, |address| {
        let came = text(&sent(
            address,
            b"GET /cut HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        ));
        assert!(came.ends_with("\r\n\r\nhalf"), "{came}");
        let came = text(&sent(
            address,
            b"POST /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        ));
        assert!(came.starts_with("HTTP/1.1 502 "), "{came}");
    });
    assert!(matches!(
        traffic.exchanges[0].answer,
        Err(Failure::Closed(_))
    ));
    assert!(matches!(
        traffic.exchanges[1].answer,
        Err(Failure::Unreachable(_))
    ));
}

#[test]
fn other_protocols_are_refused_in_words() {
    let (url, seen) = upstream(|_, _| {});
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let stop_it = async {
        let _ = stopped.await;
    };
    let traffic = run(&url, None, stop_it, move |address| {
        let came = text(&sent(
            address,
            b"GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: close, Upgrade\r\nUpgrade: websocket\r\n\r\n",
        ));
        assert!(came.starts_with("HTTP/1.1 501 "), "{came}");
        stop.send(()).unwrap();
    });
    assert!(traffic.exchanges.is_empty() && seen.lock().unwrap().is_empty());
    assert_eq!(traffic.notes[0].code.as_str(), "upgrade-refused");
}
