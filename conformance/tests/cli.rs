//! The binary: its exit codes, and what it never shows.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Contract, embedded, reference};
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::sync::Arc;
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

fn phoenix(defects: &[&str]) -> reference::Server {
    let reading = embedded::vendor("phoenix").unwrap().read().unwrap();
    reference::Server::start(
        Arc::new(Contract::new(reading).unwrap()),
        reference::Options {
            items: 3,
            defects: defects.iter().map(|id| (*id).to_owned()).collect(),
            ..reference::Options::default()
        },
    )
    .unwrap()
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

#[test]
fn two_when_the_command_or_an_input_is_wrong() {
    let target = ["--target", "http://127.0.0.1:9"];
    for (arguments, told) in [
        (vec!["verify", "--spec", "opik"], "--target"),
        (
            vec!["verify", "--spec", "nobody", target[0], target[1]],
            "the vendors are opik, galileo, phoenix",
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
    for rule in plumbline_conformance::run::rules().iter() {
        assert!(list.contains(rule.id), "{}", rule.id);
        let (exit, text) = code(&plumbline(&["explain", rule.id]));
        assert_eq!(exit, Some(0), "{text}");
        assert!(
            text.contains(rule.promise.split(' ').next().unwrap()),
            "{text}"
        );
    }
}
