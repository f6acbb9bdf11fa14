//! A verb that is interrupted says what it has, and ends what it started.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

/// Stands for cargo: says that it has begun, and takes longer than any test.
const CARGO: &str = "#!/bin/sh
(sleep 60; echo survived >&2) &
echo begun >&2
sleep 60
echo survived >&2
";

const DOCUMENT: &str = r#"{"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": {
    "/things": {"get": {"operationId": "listThings", "responses": {"204": {"description": "None."}}}}}}"#;

/// Ctrl-c or SIGTERM while the clients of a corpus are compiled.
#[test]
fn a_corpus_says_what_it_has_and_ends_its_compiler() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("d.json"), DOCUMENT).unwrap();
        fs::write(at("cargo"), CARGO).unwrap();
        fs::set_permissions(at("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
        let mut verb = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["corpus", "--compile"])
            .arg(at("d.json"))
            .env("CARGO", at("cargo"))
            .env("CARGO_TARGET_DIR", at("target"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut errors = BufReader::new(verb.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("begun") {
            line.clear();
            assert_ne!(errors.read_line(&mut line).unwrap(), 0);
        }
        let kill = Command::new("kill")
            .args([format!("-{signal}"), verb.id().to_string()])
            .status()
            .unwrap();
        assert!(kill.success());
        // All that the verb has started holds this pipe: it ends when they have.
        let mut said = String::new();
        errors.read_to_string(&mut said).unwrap();
        assert!(!said.contains("survived"), "{said}");
        let output = verb.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        let out = String::from_utf8(output.stdout).unwrap();
        assert!(
            out.contains("incomplete: interrupted: 1 of 1 documents were read"),
            "{out}"
        );
        let report = fs::read_to_string(at("target/corpus/report.json")).unwrap();
        let report: serde_json::Value = serde_json::from_str(&report).unwrap();
        assert!(
            report["incomplete"]
                .as_str()
                .unwrap()
                .starts_with("interrupted")
        );
        // What was not compiled is not called broken.
        assert_eq!(report["documents"][0]["compiled"], serde_json::Value::Null);
    }
}
