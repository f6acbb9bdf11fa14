//! A secret planted in each place where one can stand appears in no fixture, report, log, curl
//! line or complaint: by the binary, from the recording to the replay.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Vault, version: '1'}
security: [{key: []}]
paths:
  /login:
    post:
      operationId: login
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [password]
              properties:
                password: {type: string, writeOnly: true}
                starting_token: {type: string}
      responses:
        '200':
          description: In.
          content:
            application/json:
              schema:
                type: object
                required: [session]
                properties: {session: {type: integer}, echo: {type: string}}
        '401':
          description: Out.
          content: {text/plain: {schema: {type: string}}}
components:
  securitySchemes:
    key: {type: apiKey, in: query, name: api_key}
";

/// What is planted; each says where.
const SECRETS: [&str; 8] = [
    "h34der-s3cret",
    "c00kie-s3cret",
    "qu3ry-s3cret",
    "b0dy-s3cret",
    "us3r-s3cret",
    "p4ss-s3cret",
    "s3t-c00kie-s3cret",
    "l1sted-s3cret",
];

/// A server that repeats all that it is sent, and breaks its document.
fn echo() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let sent = read(&mut stream);
                let told = serde_json::Value::from(sent.replace('\n', " ")).to_string();
                let refused = sent.contains("refuse me");
                let (status, kind, body) = if refused {
                    ("401 Unauthorized", "text/plain", format!("no: {sent}"))
                } else {
                    (
                        "200 OK",
                        "application/json",
                        format!("{{\"session\": {told}, \"echo\": {told}, \"starting_token\": 1}}"),
                    )
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nSet-Cookie: sid=s3t-c00kie-s3cret\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                    body.len()
                );
            });
        }
    });
    address
}

/// A whole request, or what there is of it.
fn read(stream: &mut TcpStream) -> String {
    let mut sent = String::new();
    let mut chunk = [0; 4096];
    loop {
        let length: usize = sent
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        if let Some((_, body)) = sent.split_once("\r\n\r\n")
            && body.len() >= length
        {
            return sent;
        }
        match stream.read(&mut chunk).unwrap_or(0) {
            0 => return sent,
            read => sent.push_str(&String::from_utf8_lossy(chunk.get(..read).unwrap())),
        }
    }
}

fn plumbline(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
    command
        .current_dir(folder)
        .args(arguments)
        .env("VAULT_HEADER", "h34der-s3cret")
        .env("API_KEY", "qu3ry-s3cret")
        .env("PASSWORD", "b0dy-s3cret")
        .env("COOKIE_SID", "c00kie-s3cret")
        .env("X_LISTED", "l1sted-s3cret")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The address that a recording tells in its first line.
fn address(child: &mut Child) -> (String, BufReader<std::process::ChildStdout>) {
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    out.read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("recording at http://").unwrap();
    (address.to_owned(), out)
}

fn post(address: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST /login?api_key=qu3ry-s3cret HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer h34der-s3cret\r\nCookie: sid=c00kie-s3cret\r\nX-Listed: l1sted-s3cret\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut came = String::new();
    stream.read_to_string(&mut came).unwrap();
    came
}

/// Every file of a folder, in one text.
fn files(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text.push_str(&files(&path));
        } else {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let bytes = std::fs::read(&path).unwrap();
            text.push_str(&format!("\n== {name}\n{}", String::from_utf8_lossy(&bytes)));
        }
    }
    text
}

fn told(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

const REPORTS: [&str; 10] = [
    "--report",
    "text=r.txt",
    "--report",
    "json=r.json",
    "--report",
    "junit=r.xml",
    "--report",
    "html=r.html",
    "--report",
    "github=r.md",
];

#[test]
fn a_planted_secret_is_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::write(folder.join("vault.yaml"), DOCUMENT).unwrap();
    let echo = echo();
    let upstream = format!("http://us3r-s3cret:p4ss-s3cret@{echo}");
    let mut arguments = vec![
        "record",
        "--upstream",
        &upstream,
        "--spec",
        "vault.yaml",
        "--out",
        "fixtures",
        "--for",
        "2",
        "--map",
        "Authorization=$VAULT_HEADER",
        "--secret",
        "header:X-Listed",
    ];
    arguments.extend(REPORTS);
    let mut child = plumbline(folder, &arguments).spawn().unwrap();
    let (proxy, mut out) = address(&mut child);
    // The client gets what the server said, secrets and all.
    let came = post(
        &proxy,
        r#"{"password":"b0dy-s3cret","starting_token":"page-2"}"#,
    );
    assert!(came.contains("b0dy-s3cret"), "{came}");
    post(
        &proxy,
        r#"{"password":"b0dy-s3cret","starting_token":"refuse me"}"#,
    );
    let mut shown = String::new();
    out.read_to_string(&mut shown).unwrap();
    let output = child.wait_with_output().unwrap();
    shown.push_str(&told(&output));
    assert_eq!(output.status.code(), Some(1), "{shown}");

    // The fixture loads and is replayed; what the server does wrong is found again.
    let target = format!("http://us3r-s3cret:p4ss-s3cret@{echo}");
    let mut arguments = vec![
        "verify",
        "--spec",
        "vault.yaml",
        "--target",
        &target,
        "--fixtures",
        "fixtures",
        "--writes",
        "--header",
        "X-Listed: $X_LISTED",
    ];
    let replayed: Vec<String> = REPORTS
        .iter()
        .map(|own| own.replace("=r.", "=v."))
        .collect();
    arguments.extend(replayed.iter().map(String::as_str));
    let output = plumbline(folder, &arguments).output().unwrap();
    let verified = told(&output);
    assert_eq!(output.status.code(), Some(1), "{verified}");
    assert!(verified.contains("recorded/login"), "{verified}");
    shown.push_str(&verified);

    for arguments in [
        vec!["export", "fixtures/recorded.yaml", "--har", "out.har"],
        vec!["export", "v.json", "--har", "report.har"],
        vec!["check", "out.har", "--spec", "vault.yaml"],
        vec![
            "record",
            "--upstream",
            "us3r-s3cret:p4ss-s3cret@h",
            "--spec",
            "vault.yaml",
            "--out",
            "x",
        ],
        vec![
            "record",
            "--upstream",
            "http://h",
            "--spec",
            "vault.yaml",
            "--out",
            "x",
            "--map",
            "A=h34der-s3cret",
        ],
        vec![
            "verify",
            "--spec",
            "vault.yaml",
            "--target",
            "http://h",
            "--header",
            "h34der-s3cret",
        ],
        vec![
            "verify",
            "--spec",
            "vault.yaml",
            "--target",
            "ftp://us3r-s3cret:p4ss-s3cret@h",
        ],
        vec![
            "verify",
            "--spec",
            "vault.yaml",
            "--target",
            "http://us3r-s3cret:p4ss-s3cret@127.0.0.1:9",
        ],
    ] {
        let output = plumbline(folder, &arguments).output().unwrap();
        assert_ne!(output.status.code(), None);
        shown.push_str(&format!("\n== {arguments:?}\n"));
        // The command line itself is the user's own.
        shown = shown.replace(&format!("{arguments:?}"), "");
        shown.push_str(&told(&output));
    }
    let all = format!("{shown}{}", files(folder));
    for secret in SECRETS {
        let place = all.find(secret).map(|at| {
            let start = all.floor_char_boundary(at.saturating_sub(300));
            all.get(start..at + secret.len()).unwrap().to_owned()
        });
        assert_eq!(place, None, "{secret} is shown");
    }
    assert!(all.contains("starting_token") && all.contains("page-2"));
    for file in [
        "r.txt", "r.json", "r.xml", "r.html", "r.md", "v.txt", "v.html", "out.har",
    ] {
        assert!(all.contains(&format!("== {file}\n")), "{file}");
    }
    assert!(all.contains("curl -sS -i"), "no exchange is shown");
}
