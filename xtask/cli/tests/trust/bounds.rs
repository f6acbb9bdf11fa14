//! A run is bounded in memory and time, whatever comes, and ends with its report.
//!
//! The command runs with little memory, so that what is not bounded ends without a report.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What the command may take of addresses, in KiB: 512 MiB and what a build without optimization,
/// its threads' stacks and the libraries take besides.
const ADDRESSES: u32 = 800_000;

/// Guards against hanging, and no more.
const PATIENCE: Duration = Duration::from_secs(240);

struct Ended {
    code: Option<i32>,
    said: String,
}

/// Runs the command in little memory.
fn bounded(arguments: &[&str]) -> Ended {
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {ADDRESSES}; exec \"$@\""), "sh"])
        .arg(env!("CARGO_BIN_EXE_plumbline"))
        .args(arguments)
        // Each further arena of glibc's takes 64 MiB of addresses.
        .env("MALLOC_ARENA_MAX", "1")
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut out, mut complaints) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let complaints = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = complaints.read_to_string(&mut text);
        text
    });
    let said = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = out.read_to_string(&mut text);
        text
    });
    let begun = Instant::now();
    let code = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{arguments:?} has not ended");
        }
        std::thread::yield_now();
        std::thread::park_timeout(Duration::from_millis(20));
    };
    Ended {
        code,
        said: said.join().unwrap() + &complaints.join().unwrap(),
    }
}

impl Ended {
    #[track_caller]
    fn is(&self, code: i32, words: &[&str]) {
        let shown: String = self.said.chars().take(4_000).collect();
        assert_eq!(self.code, Some(code), "{shown}");
        for words in words {
            assert!(self.said.contains(words), "{words:?} is not in\n{shown}");
        }
        assert!(self.said.len() < 100_000, "{} bytes", self.said.len());
    }
}

/// A server that gives one and the same JSON body, or does something else with each connection.
fn serve(answer: impl Fn(&mut TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let answer = std::sync::Arc::new(answer);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let answer = std::sync::Arc::clone(&answer);
            std::thread::spawn(move || {
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n")
                    && stream.read(&mut byte).is_ok_and(|read| read > 0)
                {
                    head.push(byte[0]);
                }
                // A client that goes away is no concern of the server's.
                let _ = answer(&mut stream);
            });
        }
    });
    format!("http://127.0.0.1:{port}")
}

fn serve_body(body: String) -> String {
    serve(move |stream| {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(body.as_bytes())
    })
}

/// A document with one list, paged as it says, of items that have an id.
fn list(name: &str, paging: &str) -> PathBuf {
    document(
        name,
        &format!(
            "      parameters:
        - {{name: page, in: query, schema: {{type: integer, minimum: 1}}}}
        - {{name: cursor, in: query, schema: {{type: string}}}}
        - {{name: size, in: query, schema: {{type: integer, minimum: 1}}}}
      x-pagination: {{{paging}, items: $response.body#/data, key: /id}}
"
        ),
        "{type: object, properties: {next: {type: string}, data: {type: array, items: {type: object, properties: {id: {type: string}}}}}}",
        "",
    )
}

/// A document with `GET /things`, what else is said of it, and the schema of its answer.
fn document(name: &str, more: &str, schema: &str, components: &str) -> PathBuf {
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let text = format!(
        "openapi: 3.0.3
info: {{title: t, version: '1'}}
paths:
  /things:
    get:
      operationId: listThings
{more}      responses:
        '200': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}
{components}"
    );
    std::fs::write(&file, text).unwrap();
    file
}

fn verify(document: &Path, target: &str, more: &[&str]) -> Ended {
    let document = document.to_str().unwrap();
    let mut arguments = vec!["verify", "--spec", document, "--target", target];
    arguments.extend(more);
    bounded(&arguments)
}

#[test]
fn a_page_that_ignores_the_size_is_one_finding() {
    let mut items = String::new();
    for number in 0..60_000 {
        let _ = write!(items, "{{\"id\":\"{number}\"}},");
    }
    let target = serve_body(format!("{{\"data\":[{items}{{\"id\":\"last\"}}]}}"));
    let paging = "style: page, number: $request.query.page, first: 1, size: $request.query.size";
    verify(&list("ignores-size.yaml", paging), &target, &[])
        .is(1, &["page-bound", "a page of 60001 items"]);
}

#[test]
fn a_body_that_unfolds_is_not_read() {
    for piece in ["{\"a\":1},", "[],"] {
        let target = serve_body(format!("[{}1]", piece.repeat((12 << 20) / piece.len())));
        let document = document("unfolds.yaml", "", "{}", "");
        verify(&document, &target, &[]).is(1, &["values take more than 134.2 MB"]);
    }
}

#[test]
fn a_long_cursor_is_told_by_its_beginning() {
    let cursor = "c".repeat(6_000_000);
    let target = serve_body(format!(
        "{{\"data\":[{{\"id\":\"1\"}}],\"next\":\"{cursor}\"}}"
    ));
    let paging = "style: cursor, cursor: $request.query.cursor, limit: $request.query.size, next: $response.body#/next";
    verify(&list("long-cursor.yaml", paging), &target, &[])
        .is(1, &["every-page-answers", "(6000000 characters) cccc"]);
}

#[test]
fn a_schema_that_doubles_at_each_step_is_judged_or_said_to_be_undecidable() {
    let target = serve_body("5".to_owned());
    for (name, link, words) in [
        (
            "doubled.yaml",
            "{anyOf: [{$ref: NEXT}, {$ref: NEXT}]}",
            "the value fits none of the 2 alternatives",
        ),
        (
            "wrapped.yaml",
            "{anyOf: [{$ref: NEXT}, {title: t, allOf: [{$ref: NEXT}]}]}",
            "branches so often",
        ),
    ] {
        let mut schemas = "components:\n  schemas:\n".to_owned();
        for step in 0..24 {
            let next = format!("'#/components/schemas/S{}'", step + 1);
            let _ = writeln!(schemas, "    S{step}: {}", link.replace("NEXT", &next));
        }
        schemas.push_str("    S24: {type: string}\n");
        let document = document(name, "", "{$ref: '#/components/schemas/S0'}", &schemas);
        verify(&document, &target, &[]).is(1, &["body-schema", words]);
    }
}

#[test]
fn names_that_lead_to_names_are_one_step() {
    let mut schemas = "components:\n  schemas:\n".to_owned();
    for step in 0..50_000 {
        let _ = writeln!(
            schemas,
            "    S{step}: {{$ref: '#/components/schemas/S{}'}}",
            step + 1
        );
    }
    schemas.push_str("    S50000: {type: string}\n");
    let document = document(
        "names.yaml",
        "",
        "{$ref: '#/components/schemas/S0'}",
        &schemas,
    );
    verify(&document, &serve_body("5".to_owned()), &[])
        .is(1, &["body-schema", "the value is a number"]);
}

#[test]
fn answers_without_an_end_meet_the_deadline() {
    let flood: fn(&mut TcpStream) -> std::io::Result<()> = |stream| loop {
        stream.write_all(&b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(50))?;
    };
    let drip: fn(&mut TcpStream) -> std::io::Result<()> = |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")?;
        loop {
            stream.write_all(b" ")?;
            std::thread::park_timeout(Duration::from_millis(50));
        }
    };
    for answer in [flood, drip] {
        let document = document("no-end.yaml", "", "{}", "");
        verify(&document, &serve(answer), &["--timeout", "0.5"]).is(1, &["did not come in time"]);
    }
}

#[test]
fn many_headers_and_blank_lines_are_answers() {
    let headers: fn(&mut TcpStream) -> std::io::Result<()> = |stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        stream.write_all(&b"X-A: b\r\n".repeat(100_000))?;
        stream.write_all(b"Content-Length: 1\r\n\r\n5")
    };
    let document_of_headers = document("headers.yaml", "", "{}", "");
    verify(&document_of_headers, &serve(headers), &[]).is(1, &["answers"]);

    let lines: fn(&mut TcpStream) -> std::io::Result<()> = |stream| {
        let lines = b"\n".repeat(1_000_000);
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            lines.len()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(&lines)
    };
    let file = document("lines.yaml", "", "{}", "");
    let text = std::fs::read_to_string(&file).unwrap().replace(
        "application/json: {schema: {}}",
        "text/event-stream: {schema: {type: object}, x-stream: {framing: server-sent-events, item: {type: object}}}",
    );
    std::fs::write(&file, text).unwrap();
    let ended = verify(&file, &serve(lines), &[]);
    assert!(matches!(ended.code, Some(0 | 1)), "{}", ended.said);
}

#[test]
fn traffic_is_taken_as_far_as_there_is_room() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let document = document("traffic.yaml", "", "{type: object}", "");
    let large = folder.join("large.har");
    let file = std::fs::File::create(&large).unwrap();
    // Zeros that take no room on the disk.
    file.set_len(720 << 20).unwrap();
    let check = |file: &Path, more: &[&str]| {
        let spec = document.to_str().unwrap();
        let mut arguments = vec!["check", "--spec", spec, file.to_str().unwrap()];
        arguments.extend(more);
        bounded(&arguments)
    };
    check(&large, &[]).is(2, &["--max-file"]);

    let body = format!("\\\"{}\\\"", "a".repeat(400_000));
    let entry = format!(
        "{{\"startedDateTime\":\"2026-11-27T10:00:00Z\",\"time\":1,
        \"request\":{{\"method\":\"GET\",\"url\":\"http://a.example/things\",\"headers\":[]}},
        \"response\":{{\"status\":200,\"headers\":[{{\"name\":\"Content-Type\",\"value\":\"application/json\"}}],
        \"content\":{{\"mimeType\":\"application/json\",\"text\":\"{body}\"}}}}}}"
    );
    let entries = vec![entry; 12].join(",");
    let har = folder.join("twelve.har");
    std::fs::write(
        &har,
        format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"t\",\"version\":\"1\"}},\"entries\":[{entries}]}}}}"),
    )
    .unwrap();
    check(&har, &["--max-kept", "1"]).is(1, &["10 exchanges are left out", "--max-kept"]);
    check(&har, &[]).is(1, &["body-schema", "400000 bytes"]);
}

/// Tokens that rotate are many secrets.
#[test]
fn a_session_of_many_secrets_is_read_to_its_end() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let document = document("rotating.yaml", "", "{type: object}", "");
    let entry = |number: usize| {
        format!(
            "{{\"startedDateTime\":\"2026-11-27T10:00:00Z\",\"time\":1,
            \"request\":{{\"method\":\"GET\",\"url\":\"http://a.example/things\",
            \"headers\":[{{\"name\":\"X-Api-Key\",\"value\":\"sec-{number}-abcdefghijklmnop\"}}]}},
            \"response\":{{\"status\":200,\"headers\":[{{\"name\":\"Content-Type\",\"value\":\"application/json\"}}],
            \"content\":{{\"mimeType\":\"application/json\",\"text\":\"[\\\"sec-{number}-abcdefghijklmnop\\\"]\"}}}}}}"
        )
    };
    let entries: Vec<String> = (0..8_000).map(entry).collect();
    let har = folder.join("rotating.har");
    std::fs::write(
        &har,
        format!("{{\"log\":{{\"version\":\"1.2\",\"creator\":{{\"name\":\"t\",\"version\":\"1\"}},\"entries\":[{}]}}}}", entries.join(",")),
    )
    .unwrap();
    let spec = document.to_str().unwrap();
    bounded(&["check", "--spec", spec, har.to_str().unwrap()]).is(1, &["body-schema"]);
}

/// A file that has no end, or takes no room on the disk, is refused by its name, whichever command
/// meets it; and what is no file is not waited for where a folder is gone through.
#[test]
fn no_file_is_read_without_a_bound() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    for name in [
        "fixtures",
        "pipes",
        "out",
        "again",
        "list/.plumbline",
        "manifest/.plumbline",
    ] {
        std::fs::create_dir_all(at(name)).unwrap();
    }
    let fixture = "about: a\nprovenance: {written: w}\nexchanges:\n- id: a\n  operation: \
                   listThings\n  request: {method: GET, path: /things}\n  response: {status: 200}\n";
    std::fs::write(at("out/recorded.yaml"), fixture).unwrap();
    std::fs::write(at("manifest/.plumbline/files"), "").unwrap();
    for name in [
        "fixtures/a.yaml",
        "known.yaml",
        "big.json",
        "out/recorded.report.json",
        "again/recorded.yaml",
        "list/.plumbline/files",
        "manifest/Cargo.toml",
    ] {
        std::fs::File::create(at(name))
            .unwrap()
            .set_len(3 << 30)
            .unwrap();
    }
    let made = Command::new("mkfifo")
        .arg(at("pipes/a.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    let report = r#"{"format": 2, "spec": "d", "title": "", "target": "http://h", "headers": [],
        "outcomes": [{"rule": "answers", "operation": "listThings", "verdict": "passed", "looked_at": 1}],
        "uncovered": {}, "exchanges": [], "requests": 0, "millis": 0}"#;
    std::fs::write(at("r.json"), report).unwrap();
    let har = r#"{"log": {"version": "1.2", "entries": []}}"#;
    std::fs::write(at("a.har"), har).unwrap();
    let document = document("bounded.yaml", "", "{type: object}", "");
    let spec = document.to_str().unwrap();
    let verify = format!("verify --target http://127.0.0.1:9 --spec {spec}");
    let large = "it holds more than 64 MiB";
    let together = "--max-file gives another limit";
    for (command_line, words) in [
        (
            format!("{verify} --fixtures {}", at("fixtures")),
            &["fixtures/a.yaml cannot be read", "64 MiB together"][..],
        ),
        (
            format!("{verify} --fixtures {}", at("pipes")),
            &["pipes/a.yaml cannot be read: it is no regular file"],
        ),
        (
            format!("{verify} --known {}", at("known.yaml")),
            &["known.yaml cannot be read", large],
        ),
        (
            format!("{verify} --known /dev/zero"),
            &["/dev/zero cannot be read", large],
        ),
        (
            format!("merge {} --known /dev/zero", at("r.json")),
            &["/dev/zero cannot be read", large],
        ),
        (
            format!("merge {} {}", at("r.json"), at("big.json")),
            &["big.json cannot be read", together],
        ),
        (
            "merge /dev/zero".to_owned(),
            &["/dev/zero cannot be read", together],
        ),
        (
            format!("export {} --har -", at("big.json")),
            &["big.json cannot be read", together],
        ),
        (
            format!("export {} --har {}", at("r.json"), at("big.json")),
            &["big.json cannot be written: another text is there"],
        ),
        (
            format!("suggest {spec} --out {}", at("known.yaml")),
            &["known.yaml cannot be written: another text is there"],
        ),
        (
            format!(
                "record --upstream http://127.0.0.1:9 --spec {spec} --play /dev/zero --out {} --name n",
                at("out")
            ),
            &["/dev/zero cannot be read", large],
        ),
        (
            format!(
                "import {} --spec {spec} --out {} --again",
                at("a.har"),
                at("again")
            ),
            &["again/recorded.yaml cannot be read", large],
        ),
        (
            format!(
                "import {} --spec {spec} --out {} --again",
                at("a.har"),
                at("out")
            ),
            &["recorded.report.json is there already and is no report"],
        ),
        (
            format!("generate --spec {spec} --name n --out {}", at("list")),
            &["list/.plumbline/files: it holds more than 64 MiB"],
        ),
        (
            format!("generate --spec {spec} --name n --out {}", at("manifest")),
            &["manifest/Cargo.toml: it holds more than 4 MiB"],
        ),
    ] {
        let arguments: Vec<&str> = command_line.split(' ').collect();
        bounded(&arguments).is(2, words);
    }
    // A pipe that the user named is read.
    let made = Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(made.success());
    let pipe = at("pipe");
    let writer = std::thread::spawn(move || std::fs::write(pipe, report).unwrap());
    bounded(&["merge", &at("pipe")]).is(0, &["Conforms: "]);
    writer.join().unwrap();
    // So is what a mounted folder links to.
    std::fs::create_dir(at("linked")).unwrap();
    std::os::unix::fs::symlink(at("out/recorded.yaml"), at("linked/a.yaml")).unwrap();
    let linked = format!("{verify} --dry-run --fixtures {}", at("linked"));
    let ended = bounded(&linked.split(' ').collect::<Vec<_>>());
    assert!(!ended.said.contains("cannot be read"), "{}", ended.said);
}

/// What a list names is kept until it is replaced: not without a bound, however many there are.
#[test]
fn files_that_are_replaced_have_a_bound_together() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let document = document("replaced.yaml", "", "{type: object}", "");
    let (spec, out) = (document.to_str().unwrap(), at("out").display().to_string());
    let generate = [
        "generate", "--spec", spec, "--name", "n", "--out", &out, "--force",
    ];
    bounded(&generate).is(0, &["files written"]);
    let list = at("out/.plumbline/files");
    let mut files = std::fs::read_to_string(&list).unwrap();
    for number in 0..5 {
        let name = format!("src/old{number}.rs");
        let file = at("out").join(&name);
        std::fs::write(&file, "// Generated by `plumbline`\n").unwrap();
        let file = std::fs::File::options().write(true).open(&file).unwrap();
        file.set_len(60 << 20).unwrap();
        let _ = writeln!(files, "{}  {name}", "0".repeat(64));
    }
    std::fs::write(&list, files).unwrap();
    bounded(&generate).is(2, &["more than 128 MiB together"]);
    assert!(at("out/src/old0.rs").exists());
}
