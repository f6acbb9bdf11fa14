//! Servers that mean ill: each ends in a finding within bounded time and memory, never in a hang
//! or a panic.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Limits, Verdict, run::Verified};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

const DOCUMENT: &str = r#"
openapi: 3.1.0
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: page, in: query, schema: {type: integer, minimum: 1, default: 1}}
        - {name: size, in: query, schema: {type: integer, minimum: 1, default: 10}}
        - {name: since, in: query, schema: {type: string, format: date-time}}
      x-pagination:
        style: page
        number: $request.query.page
        size: $request.query.size
        items: $response.body#/items
        key: /id
        total: $response.body#/total
      responses:
        "200":
          description: A page.
          content:
            application/json:
              schema:
                type: object
                required: [items, total]
                properties:
                  items:
                    type: array
                    items:
                      type: object
                      required: [id]
                      properties: {id: {type: string}}
                  total: {type: integer}
        "400": {description: No.}
  /things/{id}:
    get:
      operationId: getThing
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: A thing.
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: string}}}
        "404": {description: None.}
"#;

/// A server that answers every connection with what `answer` writes.
struct Hostile {
    port: u16,
    over: Arc<AtomicBool>,
}

impl Hostile {
    fn start(answer: fn(&mut TcpStream, &AtomicBool) -> std::io::Result<()>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let over = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&over);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if ended.load(Ordering::Relaxed) {
                    break;
                }
                let ended = Arc::clone(&ended);
                thread::spawn(move || {
                    let mut stream = stream;
                    let limit = Some(Duration::from_millis(500));
                    let _ = stream.set_write_timeout(limit);
                    let _ = stream.set_read_timeout(limit);
                    let mut head = [0; 4096];
                    if stream.read(&mut head).is_ok_and(|read| read > 0) {
                        // The other side may have had enough at any time.
                        let _ = answer(&mut stream, &ended);
                    }
                });
            }
        });
        Self { port, over }
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(("127.0.0.1", self.port));
    }
}

fn verify(answer: fn(&mut TcpStream, &AtomicBool) -> std::io::Result<()>) -> Verified {
    verify_by(DOCUMENT, answer)
}

fn verify_by(
    document: &str,
    answer: fn(&mut TcpStream, &AtomicBool) -> std::io::Result<()>,
) -> Verified {
    let server = Hostile::start(answer);
    let begun = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = plumbline_conformance::verify(format!("http://127.0.0.1:{}", server.port))
        .document("things.yaml", document)
        .set("id", "1")
        .limits(Limits {
            timeout: Duration::from_millis(400),
            body: 1024 * 1024,
            ..Limits::default()
        })
        .run();
    let verified = runtime.block_on(run).unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    assert!(
        verified.report.requests < 1000,
        "{}",
        verified.report.requests
    );
    // Every report can be made of what came.
    let json = plumbline_conformance::report::json(&verified.report);
    assert!(json.len() < 8 * 1024 * 1024, "{}", json.len());
    verified.text();
    verified
}

/// The messages and actual values of what failed under a rule.
fn describe(verified: &Verified, rule: &str) -> String {
    let found: Vec<String> = verified
        .report
        .outcomes
        .iter()
        .filter(|outcome| outcome.rule == rule && outcome.verdict == Verdict::Failed)
        .flat_map(|outcome| &outcome.findings)
        .map(|finding| format!("{}: {}", finding.message, finding.actual))
        .collect();
    assert!(
        !found.is_empty(),
        "nothing failed under {rule}: {}",
        verified.text()
    );
    found.join("\n")
}

fn reply(stream: &mut TcpStream, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    stream.write_all(format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n").as_bytes())?;
    stream.write_all(body)
}

#[test]
fn a_server_that_says_nothing() {
    let verified = verify(|_, over| {
        while !over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    });
    assert!(describe(&verified, "answers").contains("did not come in time"));
}

#[test]
fn a_server_that_closes() {
    let verified = verify(|_, _| Ok(()));
    assert!(describe(&verified, "answers").contains("the connection ended before the answer did"));
}

#[test]
fn a_server_that_closes_within_the_body() {
    let verified = verify(|stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{\"items\":")
    });
    assert!(describe(&verified, "answers").contains("the connection ended before the answer did"));
}

#[test]
fn a_server_whose_length_is_too_short() {
    let verified = verify(|stream, _| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{\"items\": [], \"total\": 0}")
    });
    assert!(describe(&verified, "body-schema").contains("not JSON"));
}

#[test]
fn a_server_that_sends_a_hundred_megabytes() {
    let verified = verify(|stream, _| {
        let block = vec![b' '; 1024 * 1024];
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 104857600\r\n\r\n")?;
        for _ in 0..100 {
            stream.write_all(&block)?;
        }
        Ok(())
    });
    assert!(describe(&verified, "answers").contains("larger than any answer may be"));
}

#[test]
fn a_server_that_never_ends_its_body() {
    let verified = verify(|stream, over| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        while !over.load(Ordering::Relaxed) {
            stream.write_all(b"10000\r\n")?;
            stream.write_all(&[b'['; 0x10000])?;
            stream.write_all(b"\r\n")?;
        }
        Ok(())
    });
    assert!(describe(&verified, "answers").contains("larger than any answer may be"));
}

#[test]
fn a_server_that_drips() {
    let verified = verify(|stream, over| {
        stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
        )?;
        while !over.load(Ordering::Relaxed) {
            stream.write_all(b" ")?;
            thread::sleep(Duration::from_millis(30));
        }
        Ok(())
    });
    assert!(describe(&verified, "answers").contains("did not come in time"));
}

#[test]
fn a_server_that_never_ends_its_headers() {
    let verified = verify(|stream, over| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        while !over.load(Ordering::Relaxed) {
            stream.write_all(b"X-More: and more\r\n")?;
        }
        Ok(())
    });
    assert!(describe(&verified, "answers").contains("not what HTTP"));
}

#[test]
fn a_server_that_is_none() {
    let verified = verify(|stream, _| stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n\r\n\r\n"));
    assert!(describe(&verified, "answers").contains("not what HTTP"));
}

#[test]
fn a_server_whose_gzip_is_none() {
    let verified = verify(|stream, _| {
        reply(
            stream,
            "Content-Encoding: gzip\r\n",
            br#"{"items": [], "total": 0}"#,
        )
    });
    assert!(describe(&verified, "answers").contains("content encoding"));
}

/// 64 MB of blanks.
static SMALL: LazyLock<Vec<u8>> = LazyLock::new(|| {
    use flate2::{Compression, write::GzEncoder};
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..64 {
        encoder.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    encoder.finish().unwrap()
});

#[test]
fn a_server_whose_gzip_swells() {
    LazyLock::force(&SMALL);
    let verified = verify(|stream, _| reply(stream, "Content-Encoding: gzip\r\n", &SMALL));
    assert!(describe(&verified, "answers").contains("larger than any answer may be"));
}

#[test]
fn a_server_that_sends_invalid_utf8() {
    let verified =
        verify(|stream, _| reply(stream, "", b"{\"items\": [\"\xff\xfe\"], \"total\": 0}"));
    assert!(describe(&verified, "body-schema").contains("invalid UTF-8 after 12 bytes"));
}

#[test]
fn a_server_whose_json_is_too_deep() {
    let verified = verify(|stream, _| reply(stream, "", &vec![b'['; 500_000]));
    assert!(describe(&verified, "answers").contains("more values than any answer may"));
}

#[test]
fn a_server_that_sends_escapes() {
    let verified = verify(|stream, _| reply(stream, "", b"\"\\u001b[2J\\u202e and \x1b[31m\""));
    describe(&verified, "body-schema");
    assert!(!verified.text().contains('\x1b'));
}

#[test]
fn a_server_that_points_elsewhere() {
    let verified = verify(|stream, _| {
        stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: /things\r\nContent-Length: 0\r\n\r\n")
    });
    assert!(describe(&verified, "documented-status").contains("the status 302 is not documented"));
}

#[test]
fn a_server_that_is_always_full_walks_to_an_end() {
    let verified = verify(|stream, _| {
        reply(
            stream,
            "",
            br#"{"items": [{"id": "1"}, {"id": "2"}, {"id": "3"}], "total": 9999999}"#,
        )
    });
    assert!(!verified.conforms());
}

/// Every page is new, full, and names another one.
#[test]
fn a_server_whose_cursors_never_end() {
    static MET: AtomicU64 = AtomicU64::new(0);
    let document = DOCUMENT
        .replace("style: page", "style: cursor")
        .replace(
            "number: $request.query.page",
            "cursor: $request.query.since",
        )
        .replace("total: $response.body#/total", "next: $response.body#/next")
        .replace("total: {type: integer}", "next: {type: string}")
        .replace("[items, total]", "[items, next]")
        .replace(", format: date-time", "");
    let verified = verify_by(&document, |stream, _| {
        let id = MET.fetch_add(2, Ordering::Relaxed);
        let body = format!(
            r#"{{"items": [{{"id": "{id}"}}, {{"id": "{}"}}], "next": "c{id}"}}"#,
            id + 1
        );
        reply(stream, "", body.as_bytes())
    });
    assert!(!verified.conforms(), "{}", verified.text());
    assert!(describe(&verified, "walk-terminates").contains("has not ended after"));
}

#[test]
fn nobody_there_is_told_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let run = plumbline_conformance::verify(format!("http://user:secret@127.0.0.1:{port}"))
        .document("things.yaml", DOCUMENT)
        .run();
    let error = runtime.block_on(run).unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}
