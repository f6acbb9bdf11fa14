//! A printed curl line sends the request and runs nothing else.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::hostile::TEXTS;
use crate::listener::{Listener, Received};
use plumbline_conformance::{Limits, Request, Session, Target, UserHeader};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Whether a program is there; where one is not, nothing is tested, and that is said.
fn is_there(program: &str) -> bool {
    let found = Command::new(program)
        .args(["-c", "exit 0"])
        .stderr(Stdio::null())
        .status();
    found.is_ok()
}

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// A request with a text in each place of one that can stand there, and in some with another.
fn requests() -> Vec<Request> {
    let mut requests = Vec::new();
    for (index, text) in TEXTS.iter().enumerate() {
        let other = TEXTS.get((index * 7 + 3) % TEXTS.len()).unwrap();
        let get = Request {
            operation: "case".to_owned(),
            method: "GET".to_owned(),
            path: "/case".to_owned(),
            ..Request::default()
        };
        let post = Request {
            method: "POST".to_owned(),
            ..get.clone()
        };
        let header = |name: &str, value: &str| Request {
            headers: vec![(name.to_owned(), value.to_owned())],
            ..get.clone()
        };
        let body = |body: Vec<u8>| Request {
            body: Some(body),
            ..post.clone()
        };
        requests.extend([
            header("X-Text", text),
            header("Cookie", &format!("sid={text}; other={other}")),
            header("Authorization", text),
            // The literal text of a path template, as a document writes it.
            Request {
                path: format!("/case/{text}/{other}"),
                ..get.clone()
            },
            Request {
                path: format!("/case/{}", encoded(text)),
                query: vec![
                    (encoded(text), encoded(other)),
                    ((*text).to_owned(), (*other).to_owned()),
                ],
                ..get.clone()
            },
            Request {
                method: "HEAD".to_owned(),
                query: vec![("q".to_owned(), encoded(text))],
                ..get.clone()
            },
            body(text.as_bytes().to_vec()),
            body([b"\xff\x00", text.as_bytes(), b"\xc3"].concat()),
            Request {
                headers: vec![
                    ("Content-Type".to_owned(), "application/json".to_owned()),
                    ("X-Text".to_owned(), (*other).to_owned()),
                ],
                ..body(
                    serde_json::json!({ *text: *other, "n": [text] })
                        .to_string()
                        .into(),
                )
            },
            Request {
                method: "PATCH".to_owned(),
                headers: vec![("X-Text".to_owned(), format!("{other}{text}"))],
                withheld: vec!["Authorization".to_owned()],
                ..body(format!("--{text}\r\n\r\n{other}\n--\n").into())
            },
        ]);
    }
    // Each character that the name of a header may have.
    for (index, letter) in "!#$%&'*+-.^_`|~".chars().enumerate() {
        let value = TEXTS.get(index).copied().unwrap();
        requests.push(Request {
            operation: "case".to_owned(),
            method: "DELETE".to_owned(),
            path: "/case".to_owned(),
            headers: vec![(format!("X-{letter}PATH"), value.to_owned())],
            ..Request::default()
        });
    }
    requests.push(Request {
        operation: "case".to_owned(),
        method: "PUT".to_owned(),
        path: "/case".to_owned(),
        body: Some(b"0123456789abcdef'$(touch marker-long)\n".repeat(8000)),
        ..Request::default()
    });
    requests
}

/// What of a request tells it: what the client adds to each on its own does not.
fn essence(mut received: Received) -> (usize, Received) {
    received.headers.retain(|(name, _)| {
        !["user-agent", "accept", "accept-encoding", "host", "expect"].contains(&name.as_str())
            // Nothing is nothing, whether it is counted or not.
            && (name != "content-length" || !received.body.is_empty())
    });
    let case = received.header("x-case").unwrap();
    let case = String::from_utf8_lossy(case).parse().unwrap();
    received.headers.sort();
    (case, received)
}

fn by_case(received: Vec<Received>) -> BTreeMap<usize, Vec<Received>> {
    let mut cases: BTreeMap<usize, Vec<Received>> = BTreeMap::new();
    for (case, received) in received.into_iter().map(essence) {
        cases.entry(case).or_default().push(received);
    }
    cases
}

fn session(url: &str) -> Session {
    // The one variable that every process has.
    let key = UserHeader::read("Authorization", "Key '$(touch marker-user)' $PATH").unwrap();
    Session::new(Target {
        base: url.parse().unwrap(),
        headers: vec![key],
        values: BTreeMap::new(),
        limits: Limits {
            requests: 100_000,
            ..Limits::default()
        },
    })
    .unwrap()
}

/// Runs lines in a shell, as many shells at once as there are chunks.
fn paste(shell: &str, folder: &Path, lines: &[String]) {
    let chunk = lines.len().div_ceil(4);
    let mut children = Vec::new();
    for (index, lines) in lines.chunks(chunk).enumerate() {
        let script = folder.join(format!("{shell}-{index}.sh"));
        std::fs::write(&script, lines.join("\n")).unwrap();
        let child = Command::new(shell)
            .arg(&script)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(folder.join(format!("{shell}-{index}.err"))).unwrap())
            .spawn()
            .unwrap();
        children.push(child);
    }
    for mut child in children {
        child.wait().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_line_sends_the_same_bytes_and_runs_nothing() {
    if !["sh", "bash", "curl"]
        .iter()
        .all(|program| is_there(program))
    {
        let _ = writeln!(
            std::io::stderr(),
            "NOT TESTED: sh, bash or curl is not there"
        );
        return;
    }
    let server = Listener::start(|_| (200, String::new(), "{}".to_owned()));
    let session = session(&server.url);
    let headers = session.redacted_headers();
    let mut lines = Vec::new();
    for (case, mut request) in requests().into_iter().enumerate() {
        request
            .headers
            .push(("X-Case".to_owned(), case.to_string()));
        let line = request.curl(&server.url, &headers);
        // What HTTP does not allow is not sent.
        if session.send(request).await.reply().is_some() {
            lines.push(line);
        }
    }
    let expected = by_case(server.take());
    assert!(lines.len() >= 1000, "{} lines", lines.len());
    assert_eq!(expected.len(), lines.len());
    for line in &lines {
        let bad = |letter: char| letter.is_control() || ('\u{202a}'..='\u{202e}').contains(&letter);
        assert!(!line.contains(bad), "{line:?}");
    }
    let path = std::env::var("PATH").unwrap();
    for line in &lines {
        assert!(!line.contains(&path), "{line}");
    }

    for shell in ["sh", "bash"] {
        let folder = tempfile::tempdir().unwrap();
        paste(shell, folder.path(), &lines);
        let came = by_case(server.take());
        for (line, (case, expected)) in lines.iter().zip(&expected) {
            let came = came.get(case);
            assert!(
                came == Some(expected),
                "{shell}: {line}\n{came:?}\n{expected:?}"
            );
        }
        assert_eq!(came.len(), expected.len(), "{shell}");
        let mut left: Vec<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        left.retain(|name| !name.starts_with(shell));
        assert_eq!(left, Vec::<String>::new(), "{shell} made files");
    }
}

/// The user's own variable is alive where it stands for the user's own value, and a text of a server
/// or a document that reads like it is a text.
#[tokio::test]
async fn a_text_that_reads_like_a_variable_is_a_text() {
    let server = Listener::start(|_| (200, String::new(), "{}".to_owned()));
    let session = session(&server.url);
    let path = std::env::var("PATH").unwrap();
    let send = async |value: &str| {
        let request = Request {
            operation: "case".to_owned(),
            method: "GET".to_owned(),
            path: "/case".to_owned(),
            headers: vec![("X-Text".to_owned(), value.to_owned())],
            ..Request::default()
        };
        let id = session.send(request).await.id;
        let shown = session.exchanges([id].into_iter()).remove(0);
        shown.request.curl("http://h", &[])
    };
    for (value, line) in [
        (
            path.as_str(),
            "curl -sS -i 'http://h/case' -H 'X-Text: '\"$PATH\"",
        ),
        ("$PATH", "curl -sS -i 'http://h/case' -H 'X-Text: $PATH'"),
        (
            &format!("$PATH {path}"),
            "curl -sS -i 'http://h/case' -H 'X-Text: $PATH $PATH'",
        ),
        (
            "${HOME}",
            "curl -sS -i 'http://h/case' -H 'X-Text: ${HOME}'",
        ),
    ] {
        assert_eq!(send(value).await, line);
    }
}

const GUARDED: &str = r"
openapi: 3.0.3
info: {title: Guarded, version: '1'}
components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
    basic: {type: http, scheme: basic}
    key: {type: apiKey, in: header, name: X-Key}
    session: {type: apiKey, in: cookie, name: sid}
paths:
  /bearer: {get: {operationId: bearer, security: [{bearer: []}], responses: {'200': {description: d}, '401': {description: d}}}}
  /basic: {get: {operationId: basic, security: [{basic: []}], responses: {'200': {description: d}, '401': {description: d}}}}
  /key: {get: {operationId: key, security: [{key: []}], responses: {'200': {description: d}, '401': {description: d}}}}
  /session: {get: {operationId: session, security: [{session: []}], responses: {'200': {description: d}, '401': {description: d}}}}
";

/// A server that takes any request is accused of it; the lines that prove it send no right credential.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_about_missing_or_wrong_credentials_sends_no_right_one() {
    let server = Listener::start(|_| (200, String::new(), "{}".to_owned()));
    let verified = plumbline_conformance::verify(&server.url)
        .document("guarded.yaml", GUARDED)
        .header("Authorization", "Basic dXNlcjpyaWdodC1wYXNz")
        .header("X-Key", "$PATH")
        .header("Cookie", "sid=right-session")
        .only("credentials")
        .run()
        .await
        .unwrap();
    let report = verified.report();
    let mut lines = Vec::new();
    for outcome in report
        .outcomes
        .iter()
        .filter(|own| own.rule == "credentials")
    {
        assert_eq!(outcome.findings.len(), 2, "{}", verified.text());
        for id in outcome
            .findings
            .iter()
            .flat_map(|finding| &finding.evidence)
        {
            let request = &report.exchange(*id).unwrap().request;
            lines.push(request.curl(&report.target, &report.headers));
        }
    }
    assert_eq!(lines.len(), 8, "{}", verified.text());
    server.take();
    for line in &lines {
        let status = Command::new("sh")
            .args(["-c", line])
            .env("AUTHORIZATION", "Basic dXNlcjpyaWdodC1wYXNz")
            .env("COOKIE", "sid=right-session")
            .stdout(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "{line}");
    }
    let came = server.take();
    assert_eq!(came.len(), 8);
    for received in came {
        for name in ["authorization", "x-key", "cookie"] {
            let value = received.header(name).unwrap_or_default();
            let wrong = String::from_utf8_lossy(value).into_owned();
            assert!(
                value.is_empty() || wrong.contains("plumbline-wrong-credentials"),
                "{name}: {wrong}"
            );
        }
    }
}
