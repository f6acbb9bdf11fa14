//! `plumbline record`, `verify` and `serve` agree, as a person types them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};

fn plumbline(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
    command
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A command that says where it listens, ended with the test.
struct Listening {
    child: Child,
    out: BufReader<ChildStdout>,
    url: String,
}

impl Listening {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let mut child = plumbline(folder, arguments).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let url = line.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(url.starts_with("http://"), "{line}");
        Self { child, out, url }
    }

    /// Phoenix as the embedded server has it, with a fresh store.
    fn phoenix(folder: &Path) -> Self {
        Self::start(folder, &["serve", "--spec", "phoenix", "--items", "3"])
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        // One that has ended cannot be ended again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sent(base: &str, method: &str, path: &str, body: &str) -> String {
    let address = base.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut came = String::new();
    stream.read_to_string(&mut came).unwrap();
    came
}

fn id(answer: &str) -> String {
    let (_, rest) = answer.split_once("\"id\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

/// A client's session, which ends after six exchanges.
fn session(base: &str) {
    let dataset = id(&sent(base, "GET", "/v1/datasets?limit=1", ""));
    let list = format!("/v1/datasets/{dataset}/experiments");
    let created = sent(base, "POST", &list, r#"{"name":"recorded"}"#);
    let one = format!("/v1/experiments/{}", id(&created));
    sent(base, "GET", &one, "");
    sent(base, "GET", &list, "");
    sent(base, "DELETE", &one, "");
    sent(base, "GET", &one, "");
}

fn record(folder: &Path, more: &[&str]) -> Output {
    let server = Listening::phoenix(folder);
    let mut arguments = vec!["record", "--upstream", &server.url, "--spec", "phoenix"];
    arguments.extend(["--out", "fixtures", "--for", "6"]);
    arguments.extend(more);
    let mut proxy = Listening::start(folder, &arguments);
    session(&proxy.url);
    let mut stdout = Vec::new();
    proxy.out.read_to_end(&mut stdout).unwrap();
    let status = proxy.child.wait().unwrap();
    let mut stderr = Vec::new();
    let mut errors = proxy.child.stderr.take().unwrap();
    errors.read_to_end(&mut stderr).unwrap();
    Output {
        status,
        stdout,
        stderr,
    }
}

fn text(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn what_is_recorded_holds_for_the_server_restarted() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for more in [&[][..], &["--again"][..]] {
        let output = record(folder, more);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output));
        assert!(
            text(&output).contains("6 exchanges written to fixtures/recorded.yaml"),
            "{}",
            text(&output)
        );
        for _ in 0..3 {
            let server = Listening::phoenix(folder);
            let mut arguments = vec!["verify", "--spec", "phoenix", "--target", &server.url];
            arguments.extend(["--fixtures", "fixtures", "--writes"]);
            let output = plumbline(folder, &arguments).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{}", text(&output));
        }
    }
    // A recording is not written over.
    let again = [
        "record",
        "--upstream",
        "http://127.0.0.1:9",
        "--spec",
        "phoenix",
    ];
    let output = plumbline(folder, &[&again[..], &["--out", "fixtures"]].concat())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output).contains("--again merges"),
        "{}",
        text(&output)
    );
}

#[test]
fn an_upstream_that_does_not_answer_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let arguments = [
        "record",
        "--upstream",
        "http://127.0.0.1:9",
        "--spec",
        "phoenix",
        "--out",
        "fixtures",
        "--for",
        "1",
    ];
    let mut proxy = Listening::start(folder, &arguments);
    let came = sent(&proxy.url, "GET", "/v1/datasets", "");
    assert!(came.starts_with("HTTP/1.1 502 "), "{came}");
    assert_eq!(proxy.child.wait().unwrap().code(), Some(3));
    assert_eq!(
        std::fs::read_dir(folder.join("fixtures")).unwrap().count(),
        0
    );
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_recording_and_keeps_it() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let server = Listening::phoenix(folder);
    let arguments = [
        "record",
        "--upstream",
        &server.url,
        "--spec",
        "phoenix",
        "--out",
        "fixtures",
        "--name",
        "ended",
    ];
    let mut proxy = Listening::start(folder, &arguments);
    sent(&proxy.url, "GET", "/v1/datasets", "");
    let ended = Command::new("kill")
        .args(["-INT", &proxy.child.id().to_string()])
        .status()
        .unwrap();
    assert!(ended.success());
    assert_eq!(proxy.child.wait().unwrap().code(), Some(0));
    assert!(folder.join("fixtures/ended.yaml").is_file());
}

#[test]
fn completions_and_the_manual_are_written() {
    let folder = tempfile::tempdir().unwrap();
    for (arguments, word) in [
        (&["completions", "bash"][..], "complete -F _plumbline"),
        (&["completions", "fish"][..], "complete -c plumbline"),
        (&["man"][..], "PLUMBLINE RECORD"),
    ] {
        let output = plumbline(folder.path(), arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        assert!(text(&output).contains(word), "{}", text(&output));
    }
}

#[test]
fn a_fixture_is_played_and_recorded_anew() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let file = folder.join("fixtures").join("tags.yaml");
    std::fs::create_dir(folder.join("fixtures")).unwrap();
    let scenario = "\
about: A tag is put on an experiment, and one on none.
provenance: {written: By hand.}
writes: true
values: {name: first}
exchanges:
- id: create
  operation: createExperiment
  request: {method: POST, path: /experiments/create, body: {json: {name: '${name}'}}}
  response: {status: 200, body: {json: {experiment_id: by hand}}}
  capture: {id: $response.body#/experiment_id}
- id: read
  operation: getExperiment
  request: {method: GET, path: /experiments/get, query: [[experiment_id, '${id}']]}
  response: {status: 200, body: {json: {experiment: {name: '${name}', workspace: by hand}}}}
  compare:
  - {at: $.experiment.name, equals: '${name}'}
  - {at: $.experiment.workspace, equals: by hand}
- id: of-none
  operation: getExperiment
  request: {method: GET, path: /experiments/get, query: [[experiment_id, '999999999']]}
  response: {status: 400, body: {json: {error_code: A, message: b, sqlstate: c, error_class: d}}}
";
    std::fs::write(&file, scenario).unwrap();
    let server = Listening::start(folder, &["serve", "--spec", "mlflow", "--items", "3"]);
    let arguments = [
        "record",
        "--upstream",
        &server.url,
        "--spec",
        "mlflow",
        "--out",
        "fixtures",
        "--play",
        "fixtures/tags.yaml",
        "--server",
        "MLflow@3",
    ];
    let output = plumbline(folder, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output));
    let told = text(&output);
    assert!(
        told.contains("`of-none` was answered 404 and not 400: it stays as it was"),
        "{told}"
    );
    assert!(told.contains("`read` does not meet a comparison"), "{told}");
    let written = std::fs::read(&file).unwrap();
    let fixture = plumbline_conformance::fixture::load(&written, "tags.yaml").unwrap();
    let [create, read, of_none] = fixture.exchanges.as_slice() else {
        panic!("{fixture:#?}");
    };
    let recorded = plumbline_conformance::fixture::Provenance::Recorded {
        server: "MLflow".to_owned(),
        version: "3".to_owned(),
        on: jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
    };
    assert_eq!(fixture.provenance, recorded);
    assert_eq!(create.provenance, None);
    let of = |step: &plumbline_conformance::fixture::Step| format!("{:?}", step.response.body);
    assert!(!of(create).contains("by hand"));
    assert!(
        of(read).contains("${name}") && of(read).contains("${id}"),
        "{}",
        of(read)
    );
    assert_eq!(read.compare.len(), 1);
    assert_eq!(of_none.response.status, 400);
    assert!(matches!(
        &of_none.provenance,
        Some(plumbline_conformance::fixture::Provenance::Written(_))
    ));
}
