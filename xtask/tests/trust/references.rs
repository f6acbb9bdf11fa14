//! A document reads no file that its reader did not offer.

use crate::small::Folder;
use std::path::Path;
use std::process::Command;

/// What must never be printed: it stands in every file that is not to be read.
const SECRET: &str = "sk-very-secret";

/// A document whose one schema is elsewhere.
fn referring(reference: &str) -> String {
    let reference = serde_json::Value::from(reference);
    format!(
        "openapi: 3.0.3
info: {{title: Things, version: '1'}}
paths:
  /things:
    get:
      operationId: listThings
      responses:
        '200': {{description: d, content: {{application/json: {{schema: {{$ref: {reference}}}}}}}}}
"
    )
}

/// Runs a verb with a secret in its environment: its exit code, and all that it printed.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .env("MYSECRET", SECRET)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

/// A folder with a document's folder in it, and what a document might reach for.
fn world(name: &str) -> Folder {
    let folder = Folder::new(name);
    let schema = "type: string\n";
    folder.write("api/near.yaml", schema);
    folder.write("api/part of it.yaml", schema);
    folder.write("api/below/deep.yaml", "$ref: ../near.yaml\n");
    folder.write("api/.env", &format!("TOKEN={SECRET}\nOTHER=1\n"));
    folder.write("api/broken.yaml", &format!("a: [{SECRET}\nb: }}\n"));
    folder.write("api/lines.yaml", &format!("- {SECRET}\n"));
    folder.write("api/out/of/reach.txt", "");
    folder.write("secret.yaml", &format!("type: {SECRET}\n"));
    folder.write("shared/far.yaml", schema);
    folder.write("api2/near.yaml", &format!("type: {SECRET}\n"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../secret.yaml", folder.path("api/link.yaml")).unwrap();
        symlink("..", folder.path("api/up")).unwrap();
        symlink("near.yaml", folder.path("api/inner.yaml")).unwrap();
        symlink("/dev/zero", folder.path("api/endless.yaml")).unwrap();
        let made = Command::new("mkfifo")
            .arg(folder.path("api/fifo.yaml"))
            .status()
            .unwrap();
        assert!(made.success());
    }
    folder
}

#[test]
#[cfg(unix)]
fn a_file_is_read_below_the_documents_folder_alone() {
    let folder = world("references");
    let outside = "it lies outside of the document's folder";
    let leads_out = "a link leads out of the document's folder";
    let elsewhere = "lies in another document";
    let absolute = folder.path("secret.yaml");
    let cases: &[(&str, &str)] = &[
        ("near.yaml", ""),
        ("./below/../near.yaml", ""),
        ("below/deep.yaml", ""),
        ("part%20of%20it.yaml", ""),
        ("inner.yaml", ""),
        ("../secret.yaml", outside),
        ("../api2/near.yaml", outside),
        ("below/../../secret.yaml", outside),
        ("%2e%2e/secret.yaml", outside),
        ("..%2fsecret.yaml", outside),
        (&absolute, outside),
        ("/etc/passwd", outside),
        ("/proc/self/environ", outside),
        (
            "../../../../../../../../../../../../../../proc/self/environ",
            outside,
        ),
        ("/dev/zero", outside),
        ("../no-such-file.yaml", outside),
        ("link.yaml", leads_out),
        ("up/secret.yaml", leads_out),
        ("endless.yaml", leads_out),
        ("fifo.yaml", "it is no regular file"),
        ("below", "it is a folder"),
        ("no-such-file.yaml", "there is no such file"),
        (".env", "it holds no map"),
        ("lines.yaml", "it holds no map"),
        ("broken.yaml", "line 2, column"),
        ("file:///etc/passwd", elsewhere),
        ("file:/etc/passwd", elsewhere),
        ("//localhost/etc/passwd", elsewhere),
        ("https://127.0.0.1:1/a.yaml", elsewhere),
    ];
    for (reference, why) in cases {
        let document = folder.write("api/openapi.yaml", &referring(reference));
        let (code, text) = run(&["select", &document, "/things"]);
        assert!(!text.contains(SECRET), "{reference}: {text}");
        if why.is_empty() {
            assert_eq!(code, Some(0), "{reference}: {text}");
        } else {
            assert_eq!(code, Some(2), "{reference}: {text}");
            assert!(text.contains(why), "{reference}: {text}");
            assert!(text.contains(":8:"), "{reference}: {text}");
            assert!(text.contains(" = help: "), "{reference}: {text}");
        }
    }
}

/// The same by every verb that reads documents, and each takes the flag that allows it.
#[test]
fn every_verb_refuses_and_allows_alike() {
    let folder = world("references-verbs");
    let document = folder.write("api/openapi.yaml", &referring("../shared/far.yaml"));
    let (out, allowed) = (folder.path("package"), folder.path("shared"));
    let generate = [
        "generate", "--spec", &document, "--out", &out, "--name", "package",
    ];
    let verbs: &[&[&str]] = &[
        &generate,
        &["select", &document, "/things"],
        &["diff", &document, &document],
        &["review", &document, &document],
    ];
    for verb in verbs {
        let (code, text) = run(verb);
        assert_eq!(code, Some(2), "{verb:?}: {text}");
        let message = "error[unread-file]: `../shared/far.yaml` is not read: it lies outside of the \
                       document's folder";
        assert!(text.contains(message), "{verb:?}: {text}");
        assert!(text.contains("--allow-files DIR"), "{verb:?}: {text}");
        let (code, text) = run(&[verb, ["--allow-files", &allowed].as_slice()].concat());
        assert_eq!(code, Some(0), "{verb:?}: {text}");
    }
    for verb in ["generate", "select", "diff", "review", "corpus", "suggest"] {
        let (_, text) = run(&[verb, "--help"]);
        assert!(text.contains("--allow-files <DIR>"), "{verb}: {text}");
        assert!(text.contains("64 MiB"), "{verb}: {text}");
    }
    // Of a folder, each document may refer to all of it.
    let (code, text) = run(&["suggest", &folder.path("")]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("api/openapi"), "{text}");
    assert!(!text.contains("api/openapi: left out"), "{text}");
}

/// Only what `--allow-files` names is allowed, and no link leads out of that either.
#[test]
#[cfg(unix)]
fn what_is_allowed_is_that_folder_and_no_other() {
    let folder = world("references-allowed");
    std::os::unix::fs::symlink("../secret.yaml", folder.path("shared/link.yaml")).unwrap();
    for reference in ["../secret.yaml", "../shared/link.yaml", "../api2/near.yaml"] {
        let document = folder.write("api/openapi.yaml", &referring(reference));
        let shared = folder.path("shared");
        let (code, text) = run(&["select", &document, "/things", "--allow-files", &shared]);
        assert_eq!(code, Some(2), "{reference}: {text}");
        assert!(!text.contains(SECRET), "{reference}: {text}");
    }
}

/// A document may come by a pipe; it has no folder, and what lies beside the pipe is not its own.
#[test]
#[cfg(target_os = "linux")]
fn a_document_may_be_a_pipe_and_is_read_within_a_limit() {
    use std::process::Stdio;
    let by_pipe = |text: &str| {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let text = text.to_owned();
        let thread = std::thread::spawn(move || {
            use std::io::Write as _;
            // A reader that has had enough hangs up.
            let _ = writer.write_all(text.as_bytes());
        });
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["select", "/dev/stdin", "/things"])
            .stdin(Stdio::from(reader))
            .output()
            .unwrap();
        thread.join().unwrap();
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code(), text)
    };
    let (code, text) = by_pipe(crate::small::DOCUMENT);
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = by_pipe(&referring("null"));
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("the document is no file"), "{text}");
    let (code, text) = run(&["select", "/dev/zero", "/things"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("it holds more than 64 MiB"), "{text}");
    // A sparse file beside the document.
    let folder = Folder::new("references-large");
    let document = folder.write("openapi.yaml", &referring("large.yaml"));
    let large = std::fs::File::create(folder.path("large.yaml")).unwrap();
    large.set_len(1 << 40).unwrap();
    let (code, text) = run(&["select", &document, "/things"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("would hold more than 64 MiB"), "{text}");
    std::fs::remove_file(Path::new(&folder.path("large.yaml"))).unwrap();
}
