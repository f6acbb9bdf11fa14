//! A full or closed standard output is an error with an exit code, and no panic.

use crate::small::{DOCUMENT, Folder};
use std::fs::File;
use std::process::{Command, Stdio};

/// The verbs that print and need nothing but a document: all of them write by one function.
fn verbs(folder: &Folder) -> Vec<Vec<String>> {
    let document = folder.write("openapi.yaml", DOCUMENT);
    let package = folder.path("package");
    [
        vec!["--help"],
        vec!["generate", "--help"],
        vec![
            "generate", "--spec", &document, "--out", &package, "--name", "package",
        ],
        vec![
            "generate", "--check", "--spec", &document, "--out", &package, "--name", "package",
        ],
        vec!["diff", &document, &document],
        vec!["select", &document, "/things"],
    ]
    .iter()
    .map(|verb| verb.iter().map(|word| (*word).to_owned()).collect())
    .collect()
}

/// The exit code, and what stands on standard error.
fn run(verb: &[String], out: Stdio) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(verb)
        .stdout(out)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), text)
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_output_is_told() {
    let folder = Folder::new("stdout-full");
    for verb in verbs(&folder) {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let (code, text) = run(&verb, full.into());
        assert_eq!(code, Some(2), "{verb:?}: {text}");
        let expected =
            "error: standard output cannot be written: No space left on device (os error 28)\n";
        assert_eq!(text, expected, "{verb:?}");
    }
    // What the command was asked for is done: the output tells of it, and no more.
    assert!(folder.has("package/src/lib.rs"));
}

#[test]
fn a_reader_that_has_gone_ends_a_command_quietly() {
    let folder = Folder::new("stdout-closed");
    for verb in verbs(&folder) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let (code, text) = run(&verb, writer.into());
        assert_eq!((code, text.as_str()), (Some(141), ""), "{verb:?}");
    }
    assert!(folder.has("package/src/lib.rs"));
}

/// Nobody can be told that standard error is full: the exit code stays.
#[test]
#[cfg(target_os = "linux")]
fn a_full_standard_error_changes_nothing() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["select", "no-such-file.yaml", "/things"])
        .stderr(full)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(2));
}
