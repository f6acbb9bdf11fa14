//! An interrupted run reports what it has, and leaves nothing behind.

use crate::server::{Server, Then};
use serde_json::Value;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use tempfile::TempDir;

/// Things that are listed by pages, read, made and deleted.
const DOCUMENT: &str = include_str!("../../../../conformance/tests/trust/things.yaml");

/// What a command did, and how it ended.
struct Ended {
    code: Option<i32>,
    said: String,
    report: Value,
}

/// A command that is under way, in a folder of its own.
struct Command {
    child: Child,
    folder: TempDir,
}

impl Command {
    fn start(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("d.yaml"), DOCUMENT).unwrap();
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_plumbline"))
            .args(arguments)
            .current_dir(&folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { child, folder }
    }

    /// A verification with one request at a time, whose report is `r.json`.
    fn verify(server: &Server, more: &[&str]) -> Self {
        let url = server.url();
        let mut arguments = vec!["verify", "--spec", "d.yaml", "--target", &url];
        arguments.extend(["--jobs", "1", "--report", "json=r.json"]);
        arguments.extend(more);
        Self::start(&arguments)
    }

    fn signal(&self, name: &str) {
        let kill = std::process::Command::new("kill")
            .args([format!("-{name}"), self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(kill.success());
    }

    /// Waits until the command has said that it was asked to end.
    fn has_heard(&mut self) {
        let mut line = String::new();
        let mut errors = BufReader::new(self.child.stderr.as_mut().unwrap());
        errors.read_line(&mut line).unwrap();
        assert!(line.contains("once more ends at once"), "{line}");
    }

    fn ended(self) -> Ended {
        let output = self.child.wait_with_output().unwrap();
        let mut said = String::from_utf8(output.stdout).unwrap();
        said.push_str(&String::from_utf8(output.stderr).unwrap());
        let report = std::fs::read(self.folder.path().join("r.json"));
        Ended {
            code: output.status.code(),
            said,
            report: report.map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).unwrap()),
        }
    }
}

/// Whether a report names an outcome of that verdict.
fn has(report: &Value, rule: &str, operation: &str, verdict: &str) -> bool {
    report["outcomes"].as_array().unwrap().iter().any(|one| {
        one["rule"] == rule && one["operation"] == operation && one["verdict"] == verdict
    })
}

fn page(ids: &[&str]) -> String {
    let items: Vec<Value> = ids.iter().map(|id| serde_json::json!({"id": id})).collect();
    serde_json::json!({ "items": items }).to_string()
}

/// Ctrl-c or SIGTERM before the first answer and in the middle of a walk.
#[test]
fn a_verification_reports_what_it_has() {
    for (signal, code, held) in [
        ("INT", 130, 1),
        ("TERM", 143, 1),
        ("INT", 130, 4),
        ("TERM", 143, 4),
    ] {
        let count = AtomicUsize::new(0);
        let server = Server::start(move |_| {
            if count.fetch_add(1, Ordering::SeqCst) + 1 == held {
                Then::Hold
            } else {
                Then::answer(200, page(&["a", "b"]))
            }
        });
        let command = Command::verify(&server, &["--only", "listThings"]);
        for _ in 0..held {
            server.next();
        }
        command.signal(signal);
        // The request under way is given up, and no other one is sent.
        server.gone();
        let ended = command.ended();
        assert_eq!(server.rest(), []);
        assert_eq!(ended.code, Some(code), "{}", ended.said);
        let why = ended.report["incomplete"].as_str().unwrap_or_default();
        assert!(why.starts_with("the run was interrupted after "), "{why}");
        assert!(
            ended.said.contains(&format!("Incomplete: {why}.")),
            "{}",
            ended.said
        );
        assert!(!ended.said.contains("Conforms"), "{}", ended.said);
        assert!(has(&ended.report, "no-duplicates", "listThings", "skipped"));
        assert_eq!(
            has(&ended.report, "body-schema", "listThings", "passed"),
            held > 1
        );
    }
}

/// A signal while the reports are written: they are written to their end.
#[test]
fn a_report_that_is_being_written_is_written_whole() {
    let server = Server::start(|_| Then::answer(200, page(&["a"])));
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
    for pipe in [&first, &second] {
        let made = std::process::Command::new("mkfifo")
            .arg(pipe)
            .status()
            .unwrap();
        assert!(made.success());
    }
    let [one, other] = [&first, &second].map(|pipe| format!("text={}", pipe.display()));
    let mut command = Command::verify(
        &server,
        &["--only", "listThings", "--report", &one, "--report", &other],
    );
    // Once the first is read to its end, the command waits for a reader of the second.
    let whole = std::fs::read_to_string(&first).unwrap();
    command.signal("TERM");
    command.has_heard();
    assert_eq!(std::fs::read_to_string(&second).unwrap(), whole);
    let ended = command.ended();
    assert_eq!(ended.code, Some(143), "{}", ended.said);
    // The run itself had come to its end.
    assert_eq!(ended.report["incomplete"], Value::Null);
}

/// A second signal ends a command that waits for what the first one let it wait for.
#[test]
fn a_second_signal_ends_at_once() {
    let server = Server::start(|request| match request.method.as_str() {
        "POST" => Then::Hold,
        _ => Then::answer(200, page(&[])),
    });
    let mut command = Command::verify(&server, &["--writes"]);
    while server.next().method != "POST" {}
    command.signal("INT");
    command.has_heard();
    command.signal("TERM");
    let ended = command.ended();
    assert_eq!(ended.code, Some(143), "{}", ended.said);
    assert_eq!(ended.report, Value::Null);
}

/// What is under way and creates something is waited for: only its answer says what there is.
#[test]
fn a_creation_under_way_is_waited_for() {
    let (release, released) = channel();
    let released = Mutex::new(Some(released));
    let server = Server::start(move |request| match request.method.as_str() {
        "POST" => match released.lock().unwrap().take() {
            Some(released) => Then::When(released, 201, r#"{"id": "a"}"#.to_owned()),
            None => Then::Hold,
        },
        "DELETE" => Then::answer(204, ""),
        _ if request.target == "/things/a" => Then::answer(404, ""),
        _ => Then::answer(200, page(&[])),
    });
    let mut command = Command::verify(&server, &["--writes"]);
    while server.next().method != "POST" {}
    command.signal("INT");
    command.has_heard();
    release.send(()).unwrap();
    let ended = command.ended();
    assert_eq!(ended.code, Some(130), "{}", ended.said);
    let why = ended.report["incomplete"].as_str().unwrap_or_default();
    assert!(!why.contains("no answer says"), "{why}");
    assert!(
        has(&ended.report, "body-schema", "createThing", "passed"),
        "{}",
        ended.report
    );
    // And it is deleted before the command ends.
    let deleted = server.rest().into_iter();
    let deleted: Vec<_> = deleted.filter(|one| one.method == "DELETE").collect();
    assert_eq!(deleted.len(), 1, "{deleted:?}");
    assert_eq!(deleted[0].target, "/things/a");
    assert_eq!(ended.report["remaining"], Value::Null, "{}", ended.report);
}

/// A recording that is to have so many exchanges and has fewer keeps them, and says so.
#[test]
fn a_recording_keeps_what_passed() {
    let server = Server::start(|_| Then::answer(200, page(&["a"])));
    let url = server.url();
    let mut command = Command::start(&[
        "record",
        "--spec",
        "d.yaml",
        "--upstream",
        &url,
        "--out",
        "out",
        "--for",
        "2",
        "--report",
        "json=r.json",
    ]);
    let mut line = String::new();
    BufReader::new(command.child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().rsplit('/').next().unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    let request = format!("GET /things HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    client.write_all(request.as_bytes()).unwrap();
    client.read_to_end(&mut Vec::new()).unwrap();
    command.signal("INT");
    let fixture = command.folder.path().join("out/recorded.yaml");
    let status = command.child.wait().unwrap();
    let written = std::fs::read_to_string(fixture).unwrap();
    assert!(written.contains("listThings"), "{written}");
    assert_eq!(status.code(), Some(130));
    let ended = command.ended();
    assert_eq!(
        ended.report["incomplete"],
        "the recording was interrupted after 1 of 2 exchanges"
    );
}

/// A check that waits for a file judges what it has read.
#[test]
fn a_check_judges_what_it_has_read() {
    let archive = |status: u16| {
        serde_json::json!({"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [{
            "startedDateTime": "2026-11-27T00:00:00Z", "time": 1,
            "request": {"method": "GET", "url": "http://h/things", "httpVersion": "HTTP/1.1",
                "headers": [], "queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1},
            "response": {"status": status, "statusText": "", "httpVersion": "HTTP/1.1",
                "headers": [{"name": "content-type", "value": "application/json"}], "cookies": [],
                "content": {"size": 1, "mimeType": "application/json", "text": "{\"items\": []}"},
                "redirectURL": "", "headersSize": -1, "bodySize": -1},
            "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0}}]}})
        .to_string()
    };
    let files = tempfile::tempdir().unwrap();
    let [first, read, never] = ["first.har", "read", "never"].map(|name| files.path().join(name));
    std::fs::write(&first, archive(200)).unwrap();
    for pipe in [&read, &never] {
        let made = std::process::Command::new("mkfifo")
            .arg(pipe)
            .status()
            .unwrap();
        assert!(made.success());
    }
    let [one, two, three] = [&first, &read, &never].map(|file| file.display().to_string());
    let command = Command::start(&[
        "check",
        "--spec",
        "d.yaml",
        "--report",
        "json=r.json",
        &one,
        &two,
        &three,
    ]);
    // Once the second is read, the command is beyond its beginning.
    std::fs::write(&read, archive(200)).unwrap();
    command.signal("TERM");
    let ended = command.ended();
    assert_eq!(ended.code, Some(143), "{}", ended.said);
    let why = ended.report["incomplete"].as_str().unwrap_or_default();
    assert!(
        why.starts_with("the check was interrupted, and "),
        "{}",
        ended.said
    );
    assert!(has(
        &ended.report,
        "documented-status",
        "listThings",
        "passed"
    ));
}

/// A server ends with the code of the signal that ended it.
#[test]
fn a_server_ends_with_its_signal() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let mut command = Command::start(&["serve", "--spec", "d.yaml"]);
        let mut line = String::new();
        BufReader::new(command.child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert!(line.starts_with("serving "), "{line}");
        command.signal(signal);
        assert_eq!(command.ended().code, Some(code));
    }
}

/// Nothing is worth a report before the first request: what is read and planned until then ends at
/// once, whatever it waits for.
#[test]
fn a_verification_that_has_not_begun_ends_at_once() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let server = Server::start(|_| Then::answer(200, page(&["a"])));
        let files = tempfile::tempdir().unwrap();
        let pipe = files.path().join("known.toml");
        let made = std::process::Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap();
        assert!(made.success());
        let mut command = Command::verify(&server, &["--known", pipe.to_str().unwrap()]);
        // Once it can be opened, the command reads it, and nobody writes to it.
        let held = std::fs::File::options().write(true).open(&pipe).unwrap();
        command.signal(signal);
        let patience = std::time::Instant::now();
        while command.child.try_wait().unwrap().is_none() {
            assert!(patience.elapsed().as_secs() < 20, "it goes on");
            std::thread::park_timeout(std::time::Duration::from_millis(20));
        }
        drop(held);
        let ended = command.ended();
        assert_eq!(ended.code, Some(code), "{}", ended.said);
        assert_eq!(ended.report, Value::Null);
        assert_eq!(server.rest(), []);
    }
}
