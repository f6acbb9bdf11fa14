//! What says by its name or its place that it is a secret is none of a report's, whoever writes it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use super::secrets::{DOCUMENT, Exchange, fixture, gzip, imported, of_form, of_json, plumbline};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

/// Every answer breaks it, so that a report has all of them.
const OPEN: &str = r"
openapi: 3.0.3
info: {title: Open, version: '1'}
components: {schemas: {Never: {type: object, required: [never], properties: {n: {type: integer}, access_token: {type: string, maxLength: 2}, pin: {type: integer, format: password}}}}}
paths:
  /json: {get: {operationId: json, responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Never'}}}}}}}
  /nested: {get: {operationId: nested, responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Never'}}}}}}}
  /lines: {get: {operationId: lines, responses: {'200': {description: x, content: {application/x-ndjson: {schema: {$ref: '#/components/schemas/Never'}}}}}}}
  /events: {get: {operationId: events, responses: {'200': {description: x, content: {text/event-stream: {schema: {$ref: '#/components/schemas/Never'}}}}}}}
  /long: {get: {operationId: long, responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Never'}}}}}}}
  /echo: {get: {operationId: echo, responses: {'200': {description: x, content: {application/json: {schema: {$ref: '#/components/schemas/Never'}}}}}}}
";

/// Answers by path; `/echo` repeats the credential without its scheme, as it is and in base64.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut head = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                while !head.ends_with("\r\n\r\n") {
                    if reader.read_line(&mut head).unwrap_or(0) == 0 {
                        return;
                    }
                }
                let path = head.split([' ', '?']).nth(1).unwrap_or_default();
                let sent = head.lines().find_map(|line| {
                    let (name, value) = line.split_once(": ")?;
                    name.eq_ignore_ascii_case("authorization").then_some(value)
                });
                let sent = sent.unwrap_or_default();
                let bare = sent.rsplit(' ').next().unwrap_or_default();
                let (kind, body) = match path {
                    "/json" => (
                        "application/json",
                        r#"{"access_token":"S3C-json-1","refresh_token":"S3C-json-2","password":["S3C-json-3"],"api_key":{"v":"S3C-json-4"},"secret":"1","pin":481516234299,"n":"shown-1"}"#.to_owned(),
                    ),
                    "/nested" => (
                        "application/json",
                        r#"{"n":"S3C-json-1 again","s":"{\"id_token\":\"S3C-nested-1\"}","u":"http://h/?page=2&access_token=S3C-nested-2","d":"postgres://app:S3C-nested-3@h/db"}"#.to_owned(),
                    ),
                    "/lines" => (
                        "application/x-ndjson",
                        "{\"access_token\":\"S3C-lines-1\",\"n\":\"x\"}\n{\"n\":1}\n".to_owned(),
                    ),
                    "/events" => (
                        "text/event-stream",
                        "data: {\"password\":\"S3C-events-1\",\"n\":\"x\"}\n\n".to_owned(),
                    ),
                    // A report has the beginning of it, which is JSON no more.
                    "/long" => (
                        "application/json",
                        json!({"access_token": "S3C-long-1", "n": "x".repeat(100_000)}).to_string(),
                    ),
                    _ => (
                        "application/json",
                        json!({"n": format!("{sent} {bare} {}", STANDARD.encode(bare))}).to_string(),
                    ),
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nSet-Cookie: sid=S3C-header-1\r\nX-Auth-Token: S3C-header-2\r\nX-Api-Key: S3C-header-3\r\nLocation: /x?filter[password]=S3C-header-4#access_token=S3C-header-5\r\nLink: <http://u:S3C-header-6@h/x?api_key=S3C-header-7>; rel=next\r\nX-Plain: shown-2\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            });
        }
    });
    address
}

#[test]
fn a_run_s_report_hides_what_answers_give_away_and_what_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("open.yaml"), OPEN).unwrap();
    let mut command = plumbline(folder.path());
    command.args(["verify", "--spec", "open.yaml", "--target"]);
    command.arg(format!("http://{}", server()));
    command.args(["--header", "Authorization: $TOK"]);
    command.env("TOK", "Bearer S3C-t0ken-of-mine");
    for format in ["text", "json", "junit", "html", "github"] {
        command.arg(format!("--report={format}=report.{format}"));
    }
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let mut texts = vec![
        ("out".to_owned(), String::from_utf8(output.stdout).unwrap()),
        ("err".to_owned(), String::from_utf8(output.stderr).unwrap()),
    ];
    for format in ["text", "json", "junit", "html", "github"] {
        let file = folder.path().join(format!("report.{format}"));
        texts.push((format.to_owned(), std::fs::read_to_string(file).unwrap()));
    }
    let coded = STANDARD.encode("S3C-t0ken-of-mine");
    for (form, text) in &texts {
        for secret in ["S3C-", "481516234299", coded.as_str()] {
            let at = text.find(secret);
            let near = at.map(|at| text.get(at.saturating_sub(60)..at + 20).unwrap_or_default());
            assert_eq!(near, None, "{form} shows {secret}");
        }
    }
    let json = &texts.iter().find(|(form, _)| form == "json").unwrap().1;
    for kept in [
        "shown-1",
        "shown-2",
        "$ACCESS_TOKEN",
        "$PASSWORD",
        "\"status\": 200",
    ] {
        assert!(json.contains(kept), "{kept}: {json}");
    }
    let told = &texts.iter().find(|(form, _)| form == "text").unwrap().1;
    assert!(told.contains(r#"-H 'Authorization: '"$TOK""#), "{told}");
}

/// A name that leads to a member is that of a secret where a member's is; a part's is read as
/// headers write it.
#[test]
fn the_names_of_fields_lead_to_members() {
    let names = [
        ("password[]", true),
        ("password.0", true),
        ("password[0]", true),
        ("auth.password", true),
        ("user[password]", true),
        ("user%5Bapi_key%5D", true),
        ("password[value]", true),
        ("passwords[0]", false),
        ("user[password_hint]", false),
        ("starting_token.x", false),
    ];
    for (name, is_secret) in names {
        let plain = name.replace("%5B", "[").replace("%5D", "]");
        let part = format!(
            "--b\r\nContent-Disposition: form-data; filename=\"a;name=x\"; name=\"{plain}\"\r\n\r\nS3C-part-1\r\n--b--\r\n"
        );
        let multipart = json!({"Content-Type": ["multipart/form-data; boundary=b"]});
        let form = format!("{name}=S3C-form-1&user=ann");
        let query = format!("POST /login?{name}=S3C-query-1");
        let exchanges: [Exchange<'_>; 3] = [
            ("POST /login", of_form(), form, of_json(), "{}".to_owned()),
            ("POST /login", multipart, part, of_json(), "{}".to_owned()),
            (
                &query,
                of_json(),
                "{}".to_owned(),
                of_json(),
                "{}".to_owned(),
            ),
        ];
        let (_, printed, files) = imported(&exchanges, &[]);
        let all = format!("{printed}{}", files.concat());
        for value in ["S3C-part-1", "S3C-form-1", "S3C-query-1"] {
            assert_eq!(all.contains(value), !is_secret, "{name} {value}: {all}");
        }
    }
}

#[test]
fn secrets_of_urls_and_of_basic_authentication_are_hidden() {
    let coded = STANDARD.encode("ann:S3C-basic-1");
    let exchange: Exchange<'_> = (
        "GET /me",
        json!({"Authorization": [format!("Basic {coded}")]}),
        String::new(),
        json!({
            "Content-Type": ["application/json"],
            "Location": ["http://ann:S3C-url-1@h/me"],
        }),
        json!({"db": "postgres://app:S3C-url-2@h/db", "m": "no: S3C-basic-1 (ann:S3C-basic-1)"})
            .to_string(),
    );
    let other: Exchange<'_> = (
        "GET /none;access_token=S3C-matrix-1/x",
        json!({}),
        String::new(),
        of_json(),
        "{}".to_owned(),
    );
    let (_, printed, files) = imported(&[exchange, other], &[]);
    let all = format!("{printed}{}", files.concat());
    assert!(!all.contains("S3C"), "{all}");
    assert!(all.contains("/none/x` is no operation"), "{all}");
}

/// Imports a file; gives what was printed and written.
fn taken(name: &str, text: &[u8]) -> (Option<i32>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    let mut command = plumbline(folder.path());
    command.args(["import", name, "--spec", "openapi.yaml", "--out", "out"]);
    let output = command.output().unwrap();
    let mut all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    for file in std::fs::read_dir(folder.path().join("out"))
        .into_iter()
        .flatten()
    {
        all.push_str(&std::fs::read_to_string(file.unwrap().path()).unwrap());
    }
    (output.status.code(), all)
}

fn archive(posted: &Value, headers: &Value, content: &Value) -> Vec<u8> {
    let entry = json!({
        "request": {
            "method": "POST",
            "url": "http://vault.example/login",
            "headers": [],
            "postData": posted,
        },
        "response": {"status": 200, "headers": headers, "content": content},
    });
    json!({"log": {"version": "1.2", "entries": [entry]}})
        .to_string()
        .into_bytes()
}

#[test]
fn what_a_tool_codes_in_its_own_way_is_read() {
    let plain = json!({"mimeType": "application/json", "text": "{}"});
    let fields = json!({
        "mimeType": "multipart/form-data",
        "params": [{"name": "password", "value": "S3C-1"}, {"name": "note", "value": "kept-1"}],
    });
    let packed = STANDARD.encode(gzip(r#"{"access_token": "S3C-2", "n": "kept-1"}"#));
    let packed = json!({"mimeType": "application/json", "text": packed, "encoding": "base64"});
    let coding = json!([{"name": "Content-Encoding", "value": "gzip"}]);
    let binary = STANDARD.encode(r#"{"password": "S3C-3", "n": "kept-1"}"#);
    let (start, end) = binary.split_at(8);
    let cassette = |body: &str| {
        format!(
            "interactions:\n- request:\n    method: POST\n    uri: http://vault.example/login\n    body: {body}\n    headers: {{Content-Type: [application/json]}}\n  response:\n    status: {{code: 200}}\n    headers: {{Content-Type: [application/json]}}\n    body: {{string: '{{}}'}}\n"
        )
        .into_bytes()
    };
    for (name, text) in [
        ("a.har", archive(&fields, &json!([]), &plain)),
        ("b.har", archive(&plain, &coding, &packed)),
        ("c.yaml", cassette(&format!("!!binary {binary}"))),
        (
            "d.yaml",
            cassette(&format!("!!binary |\n      {start}\n      {end}")),
        ),
    ] {
        let (code, all) = taken(name, &text);
        assert_eq!(code, Some(0), "{name}: {all}");
        assert!(all.contains("kept-1"), "{name}: {all}");
        for shown in ["S3C", binary.as_str(), start] {
            assert!(!all.contains(shown), "{name} shows {shown}: {all}");
        }
    }
}

#[test]
fn no_line_of_a_file_that_breaks_off_is_shown() {
    for (name, text) in [
        (
            "a.har",
            r#"{"log": {"entries": [{"value": "Bearer S3C-1"}, }]}}"#,
        ),
        (
            "b.yaml",
            "interactions:\n- request: {password: S3C-1, a: [}\n",
        ),
        ("c.har", r#"{"log": {"password": "S3C-1", "entries": 3}}"#),
        ("d.json", r#"{"password": "S3C-1"}"#),
    ] {
        for arguments in [&["import", "--out", "out"][..], &["check"]] {
            let folder = tempfile::tempdir().unwrap();
            std::fs::write(folder.path().join("openapi.yaml"), DOCUMENT).unwrap();
            std::fs::write(folder.path().join(name), text).unwrap();
            let mut command = plumbline(folder.path());
            command.args(arguments).arg(name);
            let output = command.args(["--spec", "openapi.yaml"]).output().unwrap();
            let all = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
            assert_eq!(output.status.code(), Some(2), "{all}");
            assert!(all.contains(&format!("{name}:")), "{all}");
            assert!(!all.contains("S3C"), "{all}");
        }
    }
}

/// Before, the time grew with the third power of their number: these took minutes.
#[test]
fn a_thousand_secrets_take_no_longer_than_they_are_many() {
    let begun = Instant::now();
    let exchanges: Vec<Exchange<'_>> = (0..1_200)
        .map(|number| {
            let body = json!({"password": format!("S3C-{number}-{}", number * 7_919)});
            let answer = json!({"api_key": format!("S3C-{number}-{}", number * 104_729)});
            let (body, answer) = (body.to_string(), answer.to_string());
            ("POST /login", of_json(), body, of_json(), answer)
        })
        .collect();
    let (code, printed, files) = imported(&exchanges, &[]);
    assert_eq!(code, Some(0), "{printed}");
    assert!(fixture(&files).contains("${PASSWORD_1200}"));
    assert!(!files.concat().contains("S3C-"));
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}
