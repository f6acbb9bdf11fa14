//! The binary: its exit codes, and what it never shows.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_reference::{Options, Server, vendor};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread;

fn plumbline(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .args(arguments)
        .env("PLUMBLINE_TEST_KEY", "s3cr3t-key")
        .env_remove("PLUMBLINE_NO_SUCH")
        .output()
        .unwrap()
}

fn code(output: &Output) -> (Option<i32>, String) {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    (output.status.code(), text)
}

fn phoenix(defects: &[&str]) -> Server {
    let options = Options {
        items: 3,
        defects: defects.iter().map(|id| (*id).to_owned()).collect(),
        ..Options::default()
    };
    vendor("phoenix").unwrap().serve(options).unwrap()
}

#[test]
fn nought_when_the_target_conforms_and_one_when_not() {
    let (healthy, broken) = (phoenix(&[]), phoenix(&["status-undocumented"]));
    let verify = |url: &str| {
        code(&plumbline(&[
            "verify",
            "--spec",
            "phoenix",
            "--target",
            url,
            "--only",
            "documented-status",
        ]))
    };
    let (exit, text) = verify(&healthy.url());
    assert_eq!(exit, Some(0), "{text}");
    let (exit, text) = verify(&broken.url());
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("the status 218 is not documented"), "{text}");
    assert!(text.contains("curl -sS -i "), "{text}");
}

/// A verification of a server that is not asked, as something is wrong before.
fn at_phoenix<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["verify", "--spec", "phoenix"];
    arguments.extend(["--target", "http://127.0.0.1:9"]);
    arguments.extend(more);
    arguments
}

#[test]
fn two_when_the_command_or_an_input_is_wrong() {
    let target = ["--target", "http://127.0.0.1:9"];
    for (arguments, told) in [
        (vec!["verify", "--spec", "opik"], "--target"),
        (
            vec!["verify", "--spec", "nobody", target[0], target[1]],
            "the vendors are galileo, mlflow, opik, phoenix",
        ),
        (
            vec![
                "verify", "--spec", "opik", target[0], target[1], "--only", "no-such",
            ],
            "neither a rule nor an operation",
        ),
        (
            vec![
                "verify", "--spec", "opik", target[0], target[1], "--shard", "3/2",
            ],
            "expected i/n",
        ),
        (
            vec![
                "verify",
                "--spec",
                "opik",
                target[0],
                target[1],
                "--header",
                "Authorization: $PLUMBLINE_NO_SUCH",
            ],
            "PLUMBLINE_NO_SUCH",
        ),
        (
            vec!["verify", "--spec", "opik", target[0], "ftp://127.0.0.1"],
            "neither http nor https",
        ),
        (
            vec!["verify", "--spec", "no/such.yaml", target[0], target[1]],
            "no/such.yaml cannot be read",
        ),
        (at_phoenix(&["--jobs", "0"]), "--jobs"),
        (at_phoenix(&["--rate", "0"]), "--rate"),
        (at_phoenix(&["--timeout", "0"]), "expected seconds"),
        (at_phoenix(&["--set", "project_id"]), "expected NAME=VALUE"),
        (
            at_phoenix(&["--header", "s3cr3t"]),
            "expected `Name: value`",
        ),
        (at_phoenix(&["--report", "pdf=x"]), "the formats are"),
        (
            at_phoenix(&["--fixtures", "no/such"]),
            "no/such cannot be read",
        ),
        (
            at_phoenix(&["--overlay", "no/such"]),
            "no/such cannot be read",
        ),
        (
            at_phoenix(&["--known", "no/such"]),
            "no/such cannot be read",
        ),
        (vec!["merge", "no/such.json"], "no/such.json cannot be read"),
        (vec!["explain", "no-such"], "no-such"),
    ] {
        let (exit, text) = code(&plumbline(&arguments));
        assert_eq!(exit, Some(2), "{arguments:?}: {text}");
        assert!(text.contains(told), "{arguments:?}: {text}");
    }
}

#[test]
fn a_wrong_document_is_told_with_its_lines() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrong.yaml");
    std::fs::write(&file, "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n        '200': {$ref: '#/components/responses/Gone'}\n").unwrap();
    let (exit, text) = code(&plumbline(&[
        "verify",
        "--spec",
        &file.display().to_string(),
        "--target",
        "http://127.0.0.1:9",
    ]));
    assert_eq!(exit, Some(2), "{text}");
    assert!(text.contains("wrong.yaml:7"), "{text}");
}

/// What a server answers may be written as a command to GitHub: only the annotations may be one.
#[test]
fn a_log_for_github_obeys_no_server() {
    let server = phoenix(&["status-undocumented"]);
    let folder = tempfile::tempdir().unwrap();
    let report = format!("github={}", folder.path().join("summary.md").display());
    let mut arguments = vec!["verify", "--spec", "phoenix", "--target"];
    let url = server.url();
    arguments.extend([&url, "--only", "documented-status", "--report", &report]);
    let output = plumbline(&arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let stop = lines.iter().position(|line| !line.starts_with("::error "));
    let stop = stop.unwrap();
    assert!(stop > 0, "{text}");
    let word = lines[stop].strip_prefix("::stop-commands::").unwrap();
    assert!(word.len() >= 32, "{text}");
    let end = format!("::{word}::");
    assert_eq!(lines.last(), Some(&end.as_str()));
    assert!(lines[stop..].iter().any(|line| line.contains("curl ")));
}

#[test]
fn three_when_nobody_is_there() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let (exit, text) = code(&plumbline(&["verify", "--spec", "opik", "--target", &url]));
    assert_eq!(exit, Some(3), "{text}");
    assert!(text.contains("cannot be reached"), "{text}");
}

/// A mistyped secret makes no build green: what is refused was not judged.
#[test]
fn wrong_credentials_are_no_conformance() {
    let options = Options {
        items: 3,
        credentials: Some("another".to_owned()),
        ..Options::default()
    };
    let server = vendor("opik").unwrap().serve(options).unwrap();
    let url = server.url();
    let mut arguments = vec!["verify", "--spec", "opik", "--target", &url];
    arguments.extend(["--header", "Authorization: $PLUMBLINE_TEST_KEY"]);
    arguments.extend(["--only", "getExperimentById"]);
    let (exit, text) = code(&plumbline(&arguments));
    assert_eq!(exit, Some(1), "{text}");
    assert!(
        text.contains("is refused: the credentials are missing"),
        "{text}"
    );
}

#[test]
fn a_secret_that_the_server_repeats_is_not_shown() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut head = [0; 4096];
            let read = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let _ = stream.write_all(
                format!(
                    "HTTP/1.1 500 No\r\nSet-Cookie: sid=s3ss10n\r\nX-Echo: {}\r\nContent-Length: {read}\r\nConnection: close\r\n\r\n{head}",
                    head.contains("s3cr3t-key")
                )
                .as_bytes(),
            );
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let reports = ["text", "json", "junit", "html", "github"]
        .map(|format| format!("{format}={}", folder.path().join(format).display()));
    let mut arguments = vec![
        "verify",
        "--spec",
        "opik",
        "--target",
        &url,
        "--header",
        "Authorization: $PLUMBLINE_TEST_KEY",
        "--only",
        "no-server-error",
    ];
    for report in &reports {
        arguments.extend(["--report", report]);
    }
    let (exit, text) = code(&plumbline(&arguments));
    assert_eq!(exit, Some(1), "{text}");
    let mut shown = text;
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        shown.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    // The server did get it, and what it sent back was kept, but for the secrets.
    assert!(shown.contains("x-echo"), "{shown}");
    assert!(shown.contains("$PLUMBLINE_TEST_KEY"), "{shown}");
    assert!(!shown.contains("s3cr3t-key"), "{shown}");
    assert!(!shown.contains("s3ss10n"), "{shown}");
}

#[test]
fn every_rule_is_explained() {
    let (exit, list) = code(&plumbline(&["explain"]));
    assert_eq!(exit, Some(0));
    for rule in plumbline_conformance::rule::rules().iter() {
        assert!(list.contains(rule.id), "{}", rule.id);
        let (exit, text) = code(&plumbline(&["explain", rule.id]));
        assert_eq!(exit, Some(0), "{text}");
        assert!(
            text.contains(rule.promise.split(' ').next().unwrap()),
            "{text}"
        );
    }
}

#[test]
fn known_failures_are_a_ratchet() {
    let (healthy, broken) = (phoenix(&[]), phoenix(&["status-undocumented"]));
    let folder = tempfile::tempdir().unwrap();
    let verify = |url: &str, expires: &str| {
        let file = folder.path().join("known.yaml");
        let entry = format!(
            "- id: documented-status\n  operation: listDatasets\n  reason: r\n  tracked: t\n{expires}"
        );
        std::fs::write(&file, entry).unwrap();
        let file = file.display().to_string();
        let mut arguments = vec!["verify", "--spec", "phoenix", "--target", url];
        arguments.extend(["--only", "documented-status", "--only", "listDatasets"]);
        arguments.extend(["--known", &file]);
        code(&plumbline(&arguments))
    };
    let (exit, text) = verify(&broken.url(), "");
    assert_eq!(exit, Some(0), "{text}");
    assert!(text.contains("Known: r (t)"), "{text}");
    let (exit, text) = verify(&healthy.url(), "");
    assert_eq!(exit, Some(1), "{text}");
    assert!(
        text.contains("known-holds") && text.contains("known.yaml:1"),
        "{text}"
    );
    let last = "The list of known failures no longer fits: \
                `documented-status` at `listDatasets` holds now.";
    assert!(text.contains(last) && !text.contains("Conforms"), "{text}");
    let (exit, text) = verify(&broken.url(), "  expires: 2020-02-29\n");
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("was known until 2020-02-29"), "{text}");
    assert!(text.contains("known.yaml:1"), "{text}");
    // A list that is none is an error of the command.
    let (exit, text) = verify(&healthy.url(), "  expire: 2020-02-29\n");
    assert_eq!(exit, Some(2), "{text}");
    assert!(text.contains("known-form"), "{text}");
}

#[test]
fn shards_are_merged_when_all_are_there() {
    let server = phoenix(&["status-undocumented"]);
    let folder = tempfile::tempdir().unwrap();
    let file = |part: u32| {
        folder
            .path()
            .join(format!("{part}.json"))
            .display()
            .to_string()
    };
    for part in [1, 2] {
        let (shard, report) = (format!("{part}/2"), format!("json={}", file(part)));
        let url = server.url();
        let mut arguments = vec!["verify", "--spec", "phoenix", "--target", &url];
        arguments.extend([
            "--shard",
            &shard,
            "--report",
            &report,
            "--only",
            "documented-status",
        ]);
        let (exit, text) = code(&plumbline(&arguments));
        assert!(exit <= Some(1), "{text}");
    }
    let (exit, text) = code(&plumbline(&["merge", &file(1)]));
    assert_eq!(exit, Some(2), "{text}");
    let merged = folder.path().join("merged.xml").display().to_string();
    let report = format!("junit={merged}");
    let (exit, text) = code(&plumbline(&[
        "merge",
        &file(2),
        &file(1),
        "--report",
        &report,
    ]));
    assert_eq!(exit, Some(1), "{text}");
    assert!(text.contains("218 is not documented"), "{text}");
    let merged = std::fs::read_to_string(merged).unwrap();
    assert!(merged.contains("218 is not documented"), "{merged}");
}

/// `plumbline serve`, and the address that it tells.
fn served(spec: &str, overlay: &str, more: &[&str]) -> (std::process::Child, String) {
    use std::io::BufRead as _;
    let mut server = Command::new(env!("CARGO_BIN_EXE_plumbline"))
        .args(["serve", "--spec", spec, "--overlay", overlay])
        .args(more)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    std::io::BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let url = line.trim().rsplit(' ').next().unwrap().to_owned();
    (server, url)
}

/// A server of a document and an overlay of one's own, verified by the same two files.
#[test]
fn a_document_of_ones_own_is_served_and_verified() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../conformance/tests/foreign"
    );
    let (spec, overlay) = (
        format!("{folder}/openapi.yaml"),
        format!("{folder}/overlay.yaml"),
    );
    let (mut server, url) = served(&spec, &overlay, &["--items", "9", "--seed", "4"]);
    let mut arguments = vec!["verify", "--spec", &spec, "--overlay", &overlay];
    arguments.extend(["--target", &url, "--writes", "--jobs", "2", "--rate", "500"]);
    let (exit, text) = code(&plumbline(&arguments));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(exit, Some(0), "{text}");
    assert!(text.contains("Conforms: "), "{text}");
}

const THINGS: &str = r"
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema: {$ref: 'parts/page.yaml'}
        '422': {description: A limit or a cursor that cannot be used.}
";

const PAGE: &str = r"
type: object
required: [data, next_cursor]
properties:
  next_cursor: {type: string, nullable: true}
  data:
    type: array
    items:
      type: object
      required: [id]
      properties: {id: {type: string}}
";

/// The whole way of somebody who has a document in two files, and nothing else.
#[test]
fn a_suggested_overlay_is_one_to_verify_with() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (document, overlay) = (path("things.yaml"), path("overlay.yaml"));
    std::fs::create_dir(path("parts")).unwrap();
    std::fs::write(&document, THINGS).unwrap();
    std::fs::write(path("parts/page.yaml"), PAGE).unwrap();

    let (exit, text) = code(&plumbline(&["suggest", &document, "--out", &overlay]));
    assert_eq!(exit, Some(0), "{text}");
    assert!(text.contains("1 suggestions, 1 of them certain"), "{text}");
    let (exit, printed) = code(&plumbline(&["suggest", &document, "--select", "/things"]));
    assert_eq!(exit, Some(0), "{printed}");
    assert!(printed.contains(&std::fs::read_to_string(&overlay).unwrap()));
    assert!(printed.contains("cursor: $request.query.cursor"));

    let (mut server, url) = served(&document, &overlay, &["--items", "5"]);
    let mut arguments = vec!["verify", "--spec", &document, "--overlay", &overlay];
    arguments.extend(["--target", &url]);
    let (exit, text) = code(&plumbline(&arguments));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(exit, Some(0), "{text}");

    std::fs::remove_file(path("parts/page.yaml")).unwrap();
    let (exit, text) = code(&plumbline(&["suggest", &document]));
    assert_eq!(exit, Some(2), "{text}");
    assert!(text.contains("parts/page.yaml"), "{text}");
}

/// The commands on documents have the exit codes of all others.
#[test]
fn commands_on_documents_say_by_their_code_how_they_ended() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let (spec, out) = (at("openapi.yaml"), at("client"));
    let document = "\
openapi: 3.0.3
info: {title: Shop, version: '1'}
paths: {/items: {get: {operationId: listItems, responses: {'204': {description: None.}}}}}
";
    std::fs::write(&spec, document).unwrap();
    let generate = ["generate", "--spec", &spec, "--out", &out, "--name", "shop"];
    let check = [generate.as_slice(), &["--check"]].concat();
    for (arguments, exit) in [(check.as_slice(), 1), (&generate, 0), (&check, 0)] {
        let (code, text) = code(&plumbline(arguments));
        assert_eq!(code, Some(exit), "{text}");
    }
    let (exit, text) = code(&plumbline(&["diff", &spec, &at("none.yaml")]));
    assert_eq!(exit, Some(2), "{text}");
    assert!(text.contains("none.yaml cannot be read: "), "{text}");
}
