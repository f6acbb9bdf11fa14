//! What a command reads stays as it is, is looked at before anything is sent, and is named safely.
#![cfg(unix)]

use super::output::{ARCHIVE, DOCUMENT, command, conforming, folder, text, verify};
use std::fs;

/// What a command reads it does not replace, whichever way it came to read it, and whatever
/// `--force` says.
#[test]
fn no_input_is_replaced() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    let refers = |name: &str| DOCUMENT.replace("{type: object}", &format!("{{$ref: '{name}#/S'}}"));
    let fixture = "about: a\nprovenance: {written: w}\nexchanges:\n- id: a\n  operation: listThings\n  \
                   request: {method: GET, path: /things}\n  response: {status: 200}\n";
    fs::create_dir(at("f")).unwrap();
    fs::create_dir(at("out")).unwrap();
    let report = fs::read_to_string(at("r.json")).unwrap();
    let s = refers("other.yaml");
    let files = [
        ("s.yaml", s.as_str()),
        ("other.yaml", "S: {$ref: 'third.yaml#/S'}\n"),
        ("third.yaml", "S: {type: object}\n"),
        ("k.yaml", "[]\n"),
        ("f/a.yaml", fixture),
        ("out/recorded.yaml", fixture),
        ("out/recorded.report.json", report.as_str()),
        ("a.har", ARCHIVE),
        ("r.json", report.as_str()),
    ];
    for (name, text) in files {
        fs::write(at(name), text).unwrap();
    }
    let server = conforming();
    let url = server.url();
    let verify =
        format!("verify --spec s.yaml --target {url} --known k.yaml --fixtures f --report");
    let check = "check a.har f/a.yaml --spec s.yaml --report";
    let import = "import a.har --spec s.yaml --out out --again --report";
    let record = format!("record --spec s.yaml --upstream {url} --for 1 --out new --report");
    let play = format!("record --spec s.yaml --upstream {url} --play f/a.yaml --out new --report");
    for (command_line, places) in [
        (
            verify.as_str(),
            &[
                "json=other.yaml",
                "text=third.yaml",
                "html=k.yaml",
                "json=f/a.yaml",
            ][..],
        ),
        (
            check,
            &["json=other.yaml", "text=third.yaml", "html=f/a.yaml"],
        ),
        (
            import,
            &[
                "json=other.yaml",
                "json=out/recorded.yaml",
                "json=out/recorded.report.json",
            ],
        ),
        (&record, &["json=other.yaml", "text=third.yaml"]),
        (&play, &["json=other.yaml", "json=f/a.yaml"]),
        (
            "merge r.json --known k.yaml --report",
            &["json=r.json", "text=k.yaml"],
        ),
        (
            "export r.json f/a.yaml --force --har",
            &["r.json", "f/a.yaml"],
        ),
        (
            "suggest s.yaml --force --out",
            &["s.yaml", "other.yaml", "third.yaml"],
        ),
        (
            "select s.yaml listThings --force --out",
            &["s.yaml", "other.yaml"],
        ),
        (
            "review s.yaml d.yaml --force --html",
            &["s.yaml", "third.yaml", "d.yaml"],
        ),
    ] {
        for place in places {
            let mut arguments: Vec<&str> = command_line.split(' ').collect();
            arguments.push(place);
            let output = command(folder.path(), &arguments).output().unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(said.contains("this command reads"), "{arguments:?}: {said}");
            for (name, text) in files {
                assert_eq!(fs::read_to_string(at(name)).unwrap(), text, "{arguments:?}");
            }
        }
    }
    assert_eq!(server.rest(), []);
    // What stands where the findings of a recording belong is somebody's, the second time too.
    fs::write(at("out/recorded.report.json"), "mine").unwrap();
    let import: Vec<&str> = "import a.har --spec s.yaml --out out --again"
        .split(' ')
        .collect();
    let output = command(folder.path(), &import).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert_eq!(
        fs::read_to_string(at("out/recorded.report.json")).unwrap(),
        "mine"
    );
}

/// What would end a run before its first request ends a dry run, which else would say that all is well.
#[test]
fn a_dry_run_looks_at_all_that_a_run_reads_and_writes() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("no-list.yaml"), "id: answers\n").unwrap();
    fs::write(at("no-reason.yaml"), "- {id: answers}\n").unwrap();
    let server = conforming();
    for (more, why) in [
        (&["--known", "no-list.yaml"][..], "known-form"),
        (&["--known", "no-reason.yaml"], "known-form"),
        (&["--known", "none.yaml"], "none.yaml cannot be read"),
        (
            &["--report", "json=none/r.json"],
            "the folder none is not there",
        ),
        (&["--report", "json=d.yaml"], "which this command reads"),
        (&["--report", "json=x", "--report", "text=x"], "two reports"),
        (
            &["--report", "json=-", "--report", "text=-"],
            "two reports would be written to standard output",
        ),
        (
            &[
                "--report",
                "json=-",
                "--report",
                "html=x",
                "--report",
                "text=/dev/fd/1",
            ],
            "two reports would be written to standard output",
        ),
        (&["--header", "X-Key: a\nb"], "X-Key"),
    ] {
        for dry in [&["--dry-run"][..], &[]] {
            let output = verify(folder.path(), &server, &[])
                .args(more)
                .args(dry)
                .output()
                .unwrap();
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{more:?} {dry:?}: {said}");
            assert!(said.contains(why), "{more:?} {dry:?}: {said}");
            assert_eq!(text(&output.stdout), "", "{more:?} {dry:?}");
        }
    }
    assert_eq!(server.rest(), []);
    assert!(!at("x").exists());
    // One that is as it should be sends and writes nothing.
    let output = verify(folder.path(), &server, &["json=report.json"])
        .arg("--dry-run")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!at("report.json").exists());
    assert_eq!(server.rest(), []);
}

/// A name is a text: what it says to a terminal is written out, whichever command shows it.
#[test]
fn a_name_of_a_file_acts_on_no_terminal() {
    let folder = folder();
    let name = "no\u{1b}[2J\u{202e}.yaml";
    let made = "made\u{1b}[2J.yaml";
    fs::write(folder.path().join(made), "mine").unwrap();
    let target = "http://127.0.0.1:9";
    let verify = |more: &[&'static str]| [&["verify", "--target", target, "--spec"], more].concat();
    let given = |flag| verify(&["d.yaml", flag, name]);
    for arguments in [
        &verify(&[name])[..],
        &verify(&["no\u{1b}[2J"]),
        &given("--known"),
        &verify(&["d.yaml", "--known", made]),
        &given("--overlay"),
        &given("--fixtures"),
        &given("--only"),
        &given("--jobs"),
        &["check", "--spec", "d.yaml", name],
        &["check", "--spec", "d.yaml", made],
        &["import", "--spec", "d.yaml", "--out", "out", name],
        &["import", "--spec", "d.yaml", "--out", made, "a.har"],
        &[
            "record",
            "--upstream",
            target,
            "--spec",
            "d.yaml",
            "--out",
            "out",
            "--play",
            made,
        ],
        &["merge", name],
        &["merge", made],
        &["export", "--har", "-", name],
        &["export", "--har", made, "r.json"],
        &["suggest", name],
        &["suggest", "d.yaml", "--out", made],
        &["select", name, "listThings"],
        &["diff", name, "d.yaml"],
        &["review", "d.yaml", "d.yaml", "--html", made],
        &["generate", "--spec", "d.yaml", "--name", "n", "--out", made],
        &["update", "--spec", name, "--from", "d.yaml"],
        &["serve", "--spec", name],
        &["explain", name],
        &[name],
    ] {
        let output = command(folder.path(), arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let said = text(&output.stdout) + &text(&output.stderr);
        let acts = |letter: char| letter.is_control() && letter != '\n' || letter == '\u{202e}';
        assert_eq!(said.find(acts), None, "{arguments:?}: {said:?}");
        assert!(said.contains("\\u{1b}[2J"), "{arguments:?}: {said:?}");
    }
}
