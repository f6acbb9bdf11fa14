//! A document reads no file that its reader did not offer: the commands of the binary.

use std::fs;
use std::path::Path;
use std::process::Command;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: ../shared/far.yaml}}}}
";

/// What each command does with a document that refers to a file outside of its folder. None gets
/// as far as a server: the commands that would go on end with another error than this one.
#[test]
fn every_command_refuses_and_allows_alike() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust-references");
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    for (name, text) in [
        ("api/openapi.yaml", DOCUMENT),
        ("shared/far.yaml", "type: sk-very-secret\n"),
        ("empty.har", r#"{"log": {"version": "1.2", "entries": []}}"#),
    ] {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let (document, out) = (path("api/openapi.yaml"), path("out"));
    let (har, nowhere) = (path("empty.har"), "http://127.0.0.1:1");
    let commands: &[&[&str]] = &[
        &["verify", "--spec", &document, "--target", nowhere],
        &["check", "--spec", &document, &har],
        &["suggest", &document],
        &["import", &har, "--spec", &document, "--out", &out],
        &[
            "record",
            "--spec",
            &document,
            "--upstream",
            nowhere,
            "--out",
            &out,
        ],
        &["serve", "--spec", &document],
    ];
    for command in commands {
        let run = |more: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_plumbline"))
                .args(*command)
                .args(more)
                .output()
                .unwrap();
            let text = [output.stdout, output.stderr].concat();
            let text = String::from_utf8_lossy(&text).into_owned();
            (output.status.code(), text)
        };
        let (code, text) = run(&[]);
        assert_eq!(code, Some(2), "{command:?}: {text}");
        let message = "error[unread-file]: `../shared/far.yaml` is not read: it lies outside of the \
                       document's folder";
        assert!(text.contains(message), "{command:?}: {text}");
        assert!(text.contains("--allow-files DIR"), "{command:?}: {text}");
        assert!(!text.contains("sk-very-secret"), "{command:?}: {text}");
        // The user's own word lets the file be read: what is wrong in it is told.
        let (_, text) = run(&["--allow-files", &path("shared")]);
        assert!(!text.contains("unread-file"), "{command:?}: {text}");
        assert!(text.contains("sk-very-secret"), "{command:?}: {text}");
        let help = Command::new(env!("CARGO_BIN_EXE_plumbline"))
            .args([command[0], "--help"])
            .output()
            .unwrap();
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        assert!(help.contains("64 MiB"), "{command:?}: {help}");
    }
}
