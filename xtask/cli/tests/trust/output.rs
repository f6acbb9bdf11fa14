//! Reports are written whole, to whatever they were sent to.
#![cfg(unix)]

use crate::server::{Server, Then};
use std::fs::{self, File};
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use tempfile::TempDir;

pub(super) const DOCUMENT: &str = r#"
openapi: 3.0.3
info: {title: Things, version: "1"}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        "200":
          description: All.
          content: {application/json: {schema: {type: array, items: {type: object}}}}
"#;

pub(super) const ARCHIVE: &str = r#"{"log": {"version": "1.2", "creator": {"name": "t", "version": "1"}, "entries": [{
  "startedDateTime": "2026-11-27T00:00:00Z", "time": 1,
  "request": {"method": "GET", "url": "http://h/things", "httpVersion": "HTTP/1.1", "headers": [],
    "queryString": [], "cookies": [], "headersSize": -1, "bodySize": -1},
  "response": {"status": 200, "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
    "headers": [{"name": "content-type", "value": "application/json"}],
    "content": {"size": 2, "mimeType": "application/json", "text": "[]"},
    "redirectURL": "", "headersSize": -1, "bodySize": -1},
  "cache": {}, "timings": {"send": 0, "wait": 1, "receive": 0}}]}}"#;

/// A folder with inputs for every command: a document, an archive, and a report.
pub(super) fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("d.yaml"), DOCUMENT).unwrap();
    fs::write(folder.path().join("a.har"), ARCHIVE).unwrap();
    let report = r#"{"format": 2, "spec": "d", "title": "", "target": "http://h", "headers": [], "shard": [1, 1],
      "outcomes": [{"rule": "answers", "operation": "listThings", "verdict": "passed", "looked_at": 1}], "uncovered": {}, "exchanges": [], "requests": 0, "millis": 0}"#;
    fs::write(folder.path().join("r.json"), report).unwrap();
    folder
}

pub(super) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plumbline"));
    command
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null());
    command
}

pub(super) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn conforming() -> Server {
    Server::start(|_| Then::answer(200, "[]"))
}

pub(super) fn verify(folder: &Path, server: &Server, reports: &[&str]) -> Command {
    let mut verify = command(
        folder,
        &["verify", "--spec", "d.yaml", "--target", &server.url()],
    );
    for report in reports {
        verify.args(["--report", report]);
    }
    verify
}

/// What is no regular file stays what it is, and gets the report.
#[test]
fn a_report_is_written_through_what_is_no_file() {
    let (folder, server) = (folder(), conforming());
    let at = |name: &str| folder.path().join(name);
    fs::write(at("target"), "before").unwrap();
    symlink("target", at("link")).unwrap();
    symlink("new", at("dangling")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(at("pipe"))
            .status()
            .unwrap()
            .success()
    );
    let pipe = at("pipe");
    let reader = thread::spawn(move || fs::read_to_string(pipe).unwrap());
    let target = fs::metadata(at("target")).unwrap().ino();
    let output = verify(
        folder.path(),
        &server,
        &["json=link", "json=dangling", "json=pipe"],
    )
    .output()
    .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let piped = reader.join().unwrap();
    assert!(piped.contains(r#""rule": "body-schema""#), "{piped}");
    assert!(
        fs::symlink_metadata(at("pipe"))
            .unwrap()
            .file_type()
            .is_fifo()
    );
    for (link, target) in [("link", "target"), ("dangling", "new")] {
        assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(at(target)).unwrap(), piped);
    }
    assert_eq!(fs::metadata(at("target")).unwrap().ino(), target);
}

/// A regular file is another one afterwards, which may be read by the same people.
#[test]
fn a_file_is_replaced_as_a_whole() {
    let (folder, server) = (folder(), conforming());
    let file = folder.path().join("report.json");
    fs::write(&file, "before").unwrap();
    fs::hard_link(&file, folder.path().join("kept")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let output = verify(folder.path(), &server, &["json=report.json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(fs::read_to_string(&file).unwrap().contains("body-schema"));
    assert_eq!(
        fs::read_to_string(folder.path().join("kept")).unwrap(),
        "before"
    );
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o640);
    // Nothing else is left behind.
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a.har", "d.yaml", "kept", "r.json", "report.json"]);
}

/// Another name of standard output is standard output: what is printed there does not write over it.
#[test]
fn a_name_of_standard_output_is_standard_output() {
    let (folder, server) = (folder(), conforming());
    let file = folder.path().join("out");
    for (name, begin, end) in [
        ("json=/dev/stdout", "{\n", "\n}\n"),
        ("text=/dev/fd/1", "Things 1\n", ".\n"),
    ] {
        let status = verify(folder.path(), &server, &[name])
            .stdout(File::create(&file).unwrap())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(0), "{name}");
        let out = fs::read_to_string(&file).unwrap();
        assert!(out.starts_with(begin) && out.ends_with(end), "{out}");
    }
    let piped = verify(folder.path(), &server, &["json=/dev/stdout"])
        .output()
        .unwrap();
    assert!(text(&piped.stdout).ends_with("\n}\n"));
}

/// The commands that write something, and where: `PLACE` is taken by a place that cannot be.
const WRITING: [&[&str]; 9] = [
    &[
        "verify",
        "--spec",
        "d.yaml",
        "--target",
        "TARGET",
        "--report",
        "json=good.json",
        "--report",
        "html=PLACE",
    ],
    &[
        "check",
        "--spec",
        "d.yaml",
        "a.har",
        "--report",
        "json=PLACE",
    ],
    &["merge", "r.json", "--report", "junit=PLACE"],
    &[
        "record",
        "--spec",
        "d.yaml",
        "--upstream",
        "TARGET",
        "--out",
        "out",
        "--for",
        "1",
        "--report",
        "json=PLACE",
    ],
    &[
        "record",
        "--spec",
        "d.yaml",
        "--upstream",
        "TARGET",
        "--out",
        "PLACE",
        "--for",
        "1",
    ],
    &[
        "import",
        "a.har",
        "--spec",
        "d.yaml",
        "--out",
        "out",
        "--report",
        "json=PLACE",
    ],
    &["import", "a.har", "--spec", "d.yaml", "--out", "PLACE"],
    &["export", "r.json", "--har", "PLACE"],
    &["suggest", "d.yaml", "--out", "PLACE"],
];

/// A place that cannot be written to is told before the first request, and before anything is
/// written.
#[test]
fn a_place_is_tried_before_the_first_request() {
    let server = conforming();
    for arguments in WRITING {
        for (place, why) in [
            ("missing/report", "the folder missing is not there"),
            ("folder", "it is a folder"),
            ("d.yaml/report", "d.yaml/report"),
            ("read-only", "it is read-only"),
            ("to-folder", "it is a folder"),
        ] {
            let is_folder = arguments.windows(2).any(|pair| pair == ["--out", "PLACE"])
                && arguments[0] != "suggest";
            // A folder is made where there is none.
            if is_folder && place != "d.yaml/report" && place != "read-only" {
                continue;
            }
            let folder = folder();
            let at = |name: &str| folder.path().join(name);
            fs::create_dir(at("folder")).unwrap();
            symlink("folder", at("to-folder")).unwrap();
            fs::write(at("read-only"), "before").unwrap();
            fs::set_permissions(at("read-only"), fs::Permissions::from_mode(0o444)).unwrap();
            let url = server.url();
            let arguments: Vec<String> = arguments
                .iter()
                .map(|argument| argument.replace("PLACE", place).replace("TARGET", &url))
                .collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let output = command(folder.path(), &arguments).output().unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(said.contains("cannot be"), "{arguments:?}: {said}");
            assert!(is_folder || said.contains(why), "{arguments:?}: {said}");
            assert_eq!(text(&output.stdout), "", "{arguments:?}");
            assert_eq!(server.rest(), [], "{arguments:?}");
            assert!(!at("good.json").exists() && !at("out/recorded.yaml").exists());
            assert_eq!(fs::read_to_string(at("read-only")).unwrap(), "before");
        }
    }
}

/// A report that is lost costs neither the others nor the verdict.
#[test]
fn a_lost_report_costs_nothing_else() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let gone = at("gone");
    fs::create_dir(&gone).unwrap();
    // A link, so that no code of any time replaces the device.
    symlink("/dev/full", at("full")).unwrap();
    let removed = gone.clone();
    let server = Server::start(move |_| {
        let _ = fs::remove_dir(&removed);
        Then::answer(200, "[]")
    });
    let output = verify(
        folder.path(),
        &server,
        &["json=gone/report.json", "junit=full", "html=good.html"],
    )
    .output()
    .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("gone/report.json cannot be written"),
        "{said}"
    );
    assert!(said.contains("full cannot be written"), "{said}");
    assert!(said.contains("Conforms: "), "{said}");
    assert!(text(&output.stdout).contains("Conforms: "));
    assert!(
        fs::read_to_string(at("good.html"))
            .unwrap()
            .ends_with("</html>")
    );
    assert!(fs::symlink_metadata(at("full")).unwrap().is_symlink());
}

/// Every command that prints, as far as it comes to an end by itself or cannot go on.
fn printing(folder: &Path, server: &Server) -> Vec<Command> {
    let url = server.url();
    let mut all: Vec<Command> = [
        &["--help"][..],
        &["--version"],
        &["verify", "--help"],
        &["explain"],
        &["explain", "no-duplicates"],
        &["completions", "bash"],
        &["man"],
        &["serve", "--list-defects"],
        &["serve", "--spec", "d.yaml"],
        &["check", "--spec", "d.yaml", "a.har"],
        &["merge", "r.json"],
        &["export", "r.json", "--har", "-"],
        &["suggest", "d.yaml"],
        &["import", "a.har", "--spec", "d.yaml", "--out", "imported"],
        &[
            "record",
            "--spec",
            "d.yaml",
            "--out",
            "recorded",
            "--upstream",
            &url,
        ],
    ]
    .into_iter()
    .map(|arguments| command(folder, arguments))
    .collect();
    all.push(verify(folder, server, &[]));
    all.push(verify(folder, server, &["json=-"]));
    all.push(verify(folder, server, &["github=summary.md"]));
    all
}

fn ended(command: &mut Command, out: impl Into<Stdio>) -> Output {
    command.stdout(out).stderr(Stdio::piped()).output().unwrap()
}

/// A standard output that is full is an error, whatever prints.
#[test]
fn a_full_standard_output_is_an_error() {
    let (folder, server) = (folder(), conforming());
    for mut command in printing(folder.path(), &server) {
        let full = File::options().write(true).open("/dev/full").unwrap();
        let output = ended(&mut command, full);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(
            said.contains("standard output cannot be written"),
            "{command:?}: {said}"
        );
        // The verdict is said all the same.
        let verdict = command
            .get_args()
            .any(|own| own == "--target" || own == "check");
        assert!(
            !verdict || said.contains("Conforms: "),
            "{command:?}: {said}"
        );
    }
}

/// A reader that has gone ends a command with the code that a shell gives for that.
#[test]
fn a_closed_standard_output_is_no_panic() {
    let (folder, server) = (folder(), conforming());
    for mut command in printing(folder.path(), &server) {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = ended(&mut command, writer);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(141), "{command:?}: {said}");
        assert!(!said.contains("panicked"), "{command:?}: {said}");
    }
}

/// What a person may have edited, or made, is not replaced unless that is asked for; what nobody
/// edits and says that Plumbline made it is.
#[test]
fn what_may_be_somebodys_stays() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    for (arguments, file, made_anew) in [
        (
            &["suggest", "d.yaml", "--out", "o.yaml"][..],
            "o.yaml",
            false,
        ),
        (
            &["select", "d.yaml", "listThings", "--out", "s.yaml"],
            "s.yaml",
            false,
        ),
        (
            &["review", "d.yaml", "d.yaml", "--html", "r.html"],
            "r.html",
            true,
        ),
        (&["export", "r.json", "--har", "e.har"], "e.har", true),
    ] {
        let run = |more: &[&str]| {
            let output = command(folder.path(), arguments)
                .args(more)
                .output()
                .unwrap();
            (output.status.code(), text(&output.stderr))
        };
        assert_eq!(run(&[]).0, Some(0), "{file}");
        let whole = fs::read_to_string(at(file)).unwrap();
        assert_eq!(run(&[]), run(&[]), "the same is no other: {file}");
        // Somebody goes on from what was written.
        let edited = format!("{whole}\n# mine\n");
        fs::write(at(file), &edited).unwrap();
        let (code, said) = run(&[]);
        if made_anew {
            assert_eq!(code, Some(0), "{file}: {said}");
        } else {
            assert_eq!(code, Some(2), "{file}: {said}");
            assert!(said.contains("--force replaces it"), "{said}");
            assert_eq!(fs::read_to_string(at(file)).unwrap(), edited);
        }
        for linked in [false, true] {
            fs::remove_file(at(file)).unwrap();
            fs::write(at("mine"), "mine").unwrap();
            if linked {
                symlink("mine", at(file)).unwrap();
            } else {
                fs::rename(at("mine"), at(file)).unwrap();
            }
            let (code, said) = run(&[]);
            assert_eq!(code, Some(2), "{file}: {said}");
            assert!(
                said.contains(&format!("{file} cannot be written: another text is there")),
                "{said}"
            );
            assert_eq!(fs::read_to_string(at(file)).unwrap(), "mine");
            let (code, said) = run(&["--force"]);
            assert_eq!(code, Some(0), "{file}: {said}");
            assert_eq!(fs::read_to_string(at(file)).unwrap(), whole);
        }
    }
}

/// A report takes the place of no file that the command reads, nor of another report.
#[test]
fn a_report_replaces_no_input() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    symlink("d.yaml", at("link.yaml")).unwrap();
    fs::create_dir(at("out")).unwrap();
    let server = conforming();
    let url = server.url();
    let of_verify = ["verify", "--spec", "d.yaml", "--target", &url];
    let of_check = ["check", "a.har", "--spec", "d.yaml"];
    let of_import = ["import", "a.har", "--spec", "d.yaml", "--out", "out"];
    let of_merge = ["merge", "r.json"];
    for (command_line, reports) in [
        (&of_verify[..], &["json=d.yaml"][..]),
        (&of_verify, &["text=./link.yaml"]),
        (&of_verify, &["json=x", "html=./x"]),
        (&of_check, &["text=a.har"]),
        (&of_import, &["text=d.yaml"]),
        (&of_import, &["text=out/recorded.yaml"]),
        (&of_import, &["text=a.har"]),
        (&of_merge, &["html=r.json"]),
    ] {
        let mut command = command(folder.path(), command_line);
        for report in reports {
            command.args(["--report", report]);
        }
        let output = command.output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{command_line:?} {reports:?}: {said}"
        );
        let refused = said.contains("which this command reads") || said.contains("two reports");
        assert!(refused, "{said}");
    }
    assert_eq!(fs::read_to_string(at("d.yaml")).unwrap(), DOCUMENT);
    assert_eq!(fs::read_to_string(at("a.har")).unwrap(), ARCHIVE);
    assert!(!at("x").exists());
    fs::write(at("out/recorded.report.json"), "mine").unwrap();
    let output = command(folder.path(), &of_import).output().unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(
        fs::read_to_string(at("out/recorded.report.json")).unwrap(),
        "mine"
    );
}

/// A pipe that nobody reads is an error, and neither a run nor a signal waits for it.
#[test]
fn a_pipe_without_a_reader_is_a_lost_report() {
    let folder = folder();
    let pipe = folder.path().join("pipe");
    let made = Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let server = conforming();
    let output = verify(folder.path(), &server, &["text=pipe"])
        .output()
        .unwrap();
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("nobody read from it"), "{said}");
    assert!(said.contains("Conforms: "), "{said}");
}
