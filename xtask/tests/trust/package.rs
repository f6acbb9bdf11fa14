//! A folder keeps what its owner put there.

use crate::small::{DOCUMENT, Folder};
use std::fs;
use std::process::Command;

/// Generates the client of a document into `package`: the exit code, and all that is printed.
fn generate(folder: &Folder, document: &str, more: &[&str]) -> (Option<i32>, String) {
    let document = folder.write("openapi.yaml", document);
    generate_into(&folder.path("package"), &document, more)
}

fn generate_into(out: &str, document: &str, more: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([
            "generate", "--spec", document, "--out", out, "--name", "package",
        ])
        .args(more)
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (output.status.code(), text)
}

/// The same document with another title, which stands in every file of its own.
fn changed() -> String {
    DOCUMENT.replace("title: Things", "title: Other things")
}

/// Replaces a text in a file of the package, once.
fn edit(folder: &Folder, file: &str, old: &str, new: &str) {
    let text = folder.read(file);
    assert!(text.contains(old), "{file}: {text}");
    folder.write(file, &text.replacen(old, new, 1));
}

#[test]
fn what_was_not_generated_stays() {
    let folder = Folder::new("package-stays");
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    let own = [
        "package/tests/mine.rs",
        "package/CHANGELOG.md",
        "package/src/extra.rs",
        "package/src/runtime/mine.rs",
        "package/.github/workflows/ci.yml",
        "package/target/debug/built",
        "package/Cargo.lock",
    ];
    for path in own {
        folder.write(path, "mine");
    }
    let (code, text) = generate(&folder, &changed(), &[]);
    assert_eq!(code, Some(0), "{text}");
    for path in own {
        assert_eq!(folder.read(path), "mine", "{path}");
    }
    assert!(folder.read("package/src/lib.rs").contains("Other things"));
    let (code, text) = generate(&folder, &changed(), &["--check"]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn what_is_needed_no_more_goes_with_its_folder() {
    let folder = Folder::new("package-goes");
    // As a generator of before would have written it.
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    folder.write("package/src/old/types.rs", "old");
    folder.write("package/src/mine/types.rs", "mine");
    let listed = sha256("old");
    let list = folder.read("package/.plumbline/files");
    let list = format!("{list}{listed}  src/old/types.rs\n");
    folder.write("package/.plumbline/files", &list);
    let (code, text) = generate(&folder, DOCUMENT, &["--check"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("extra: src/old/types.rs"), "{text}");
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    assert!(!folder.has("package/src/old"));
    assert!(folder.has("package/src/mine/types.rs"));
}

fn sha256(text: &str) -> String {
    let mut child = Command::new("sha256sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    use std::io::Write as _;
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.split(' ').next().unwrap().to_owned()
}

/// Each way in which a file would be lost: what is done to the package, and what is named.
#[test]
fn a_changed_file_is_a_conflict_and_nothing_is_written() {
    type Change = fn(&Folder);
    let cases: &[(&str, Change, &str)] = &[
        (
            "edited",
            |folder| edit(folder, "package/src/lib.rs", "\n", "\n// mine\n"),
            "src/lib.rs: it was changed since it was written",
        ),
        (
            "runtime",
            |folder| edit(folder, "package/src/runtime/walk.rs", "\n", "\n// mine\n"),
            "src/runtime/walk.rs: it was changed since it was written",
        ),
        (
            "in-the-way",
            |folder| {
                let list = folder.read("package/.plumbline/files");
                let kept = list.lines().filter(|line| !line.ends_with("README.md"));
                let kept: Vec<&str> = kept.collect();
                folder.write("package/.plumbline/files", &(kept.join("\n") + "\n"));
                folder.write("package/README.md", "mine");
            },
            "README.md: it was not written by this command",
        ),
    ];
    for (name, change, named) in cases {
        let folder = Folder::new(&format!("package-conflict-{name}"));
        assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
        change(&folder);
        let before = folder.files("package");
        let (code, text) = generate(&folder, &changed(), &[]);
        assert_eq!(code, Some(2), "{name}: {text}");
        assert!(text.contains(named), "{name}: {text}");
        assert!(text.contains("--force"), "{name}: {text}");
        assert_eq!(folder.files("package"), before, "{name}");
        let (code, text) = generate(&folder, &changed(), &["--check"]);
        assert_eq!(code, Some(1), "{name}: {text}");
        let (code, text) = generate(&folder, &changed(), &["--force"]);
        assert_eq!(code, Some(0), "{name}: {text}");
        let (code, text) = generate(&folder, &changed(), &["--check"]);
        assert_eq!(code, Some(0), "{name}: {text}");
    }
}

/// Git may write other line ends, and both sides of a merge.
#[test]
fn what_git_does_to_a_package_is_no_conflict() {
    let folder = Folder::new("package-git");
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    for (path, text) in folder.files("package") {
        folder.write(&format!("package/{path}"), &text.replace('\n', "\r\n"));
    }
    let (code, text) = generate(&folder, DOCUMENT, &["--check"]);
    assert_eq!(code, Some(0), "{text}");
    let list = folder.read("package/.plumbline/files");
    assert_eq!(generate(&folder, &changed(), &[]).0, Some(0));
    let other = folder.read("package/.plumbline/files");
    let merged = format!("<<<<<<< ours\n{list}=======\n{other}>>>>>>> theirs\n");
    folder.write("package/.plumbline/files", &merged);
    let (code, text) = generate(&folder, DOCUMENT, &[]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn keys_of_the_owners_stay_in_the_manifest() {
    let folder = Folder::new("package-manifest");
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    let file = "package/Cargo.toml";
    edit(
        &folder,
        file,
        "version = \"0.1.0\"",
        "version = \"0.3.0\" # ours",
    );
    edit(
        &folder,
        file,
        "license = \"MIT OR Apache-2.0\"\n",
        "license = \"BSD-3-Clause\"\nauthors = [\"Me\"]\n",
    );
    edit(&folder, file, "publish = false\n", "");
    edit(&folder, file, "[features]\n", "[features]\nmine = []\n");
    edit(
        &folder,
        file,
        "default = [\"tls\"]",
        "default = [\"tls\", \"mine\"]",
    );
    edit(
        &folder,
        file,
        "[dependencies]\n",
        "[dependencies]\n# Ours.\nregex = \"1\"\n",
    );
    let tail =
        "\n[dev-dependencies]\ninsta = \"1\"\n\n[profile.release]\nlto = true\n\n[workspace]\n";
    let text = folder.read(file) + tail;
    folder.write(file, &text);
    let (code, text) = generate(&folder, &changed(), &[]);
    assert_eq!(code, Some(0), "{text}");
    let manifest = folder.read(file);
    for line in [
        "version = \"0.3.0\" # ours",
        "license = \"BSD-3-Clause\"",
        "authors = [\"Me\"]",
        "description = \"Typed client of Other things\"",
        "mine = []",
        "default = [\"tls\", \"mine\"]",
        "# Ours.\nregex = \"1\"",
        "[profile.release]\nlto = true",
        "[workspace]",
        "insta = \"1\"",
    ] {
        assert!(manifest.contains(line), "{line}: {manifest}");
    }
    assert!(!manifest.contains("publish"), "{manifest}");
    // It is what it should be: nothing is to be written, and nothing is stale.
    let (_, text) = generate(&folder, &changed(), &[]);
    assert!(text.contains("up to date"), "{text}");
    let (code, text) = generate(&folder, &changed(), &["--check"]);
    assert_eq!(code, Some(0), "{text}");
    // The owner's value stays, and what would be written is told.
    edit(
        &folder,
        file,
        "description = \"Typed client of Other things\"",
        "description = \"Mine\"",
    );
    let (code, text) = generate(&folder, DOCUMENT, &[]);
    assert_eq!(code, Some(0), "{text}");
    let note = "Cargo.toml: package.description stays as it is; it would be \"Typed client of Things\" now";
    assert!(text.contains(note), "{text}");
    assert!(folder.read(file).contains("description = \"Mine\""));
    // What is no manifest is not replaced.
    folder.write(file, "[package\n");
    let (code, text) = generate(&folder, DOCUMENT, &[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("Cargo.toml is no TOML"), "{text}");
    assert_eq!(folder.read(file), "[package\n");
}

/// A package of before has no list: its files say whose they are, and its keys may be anybody's.
#[test]
fn a_package_without_a_list_is_taken_over() {
    let folder = Folder::new("package-before");
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    fs::remove_dir_all(folder.path("package/.plumbline")).unwrap();
    let file = "package/Cargo.toml";
    edit(&folder, file, "version = \"0.1.0\"", "version = \"0.3.0\"");
    edit(
        &folder,
        file,
        "reqwest = { version = \"0.13\"",
        "reqwest = { version = \"0.1\"",
    );
    edit(
        &folder,
        file,
        "[dependencies]\n",
        "[dependencies]\nregex = \"1\"\n",
    );
    let old = "// Generated by `cargo xtask generate` from a.yaml. Do not edit.\n";
    folder.write("package/src/gone.rs", old);
    folder.write("package/src/mine.rs", "// mine\n");
    folder.write("package/tests/mine.rs", old);
    edit(
        &folder,
        "package/src/runtime/walk.rs",
        "\n",
        "\n// of an older generator\n",
    );
    let (code, text) = generate(&folder, DOCUMENT, &[]);
    assert_eq!(code, Some(0), "{text}");
    let manifest = folder.read(file);
    assert!(manifest.contains("version = \"0.3.0\""), "{manifest}");
    assert!(
        manifest.contains("reqwest = { version = \"0.13\""),
        "{manifest}"
    );
    assert!(manifest.contains("regex = \"1\""), "{manifest}");
    assert!(!folder.has("package/src/gone.rs"));
    assert!(folder.has("package/src/mine.rs"));
    assert!(folder.has("package/tests/mine.rs"));
    let (code, text) = generate(&folder, DOCUMENT, &["--check"]);
    assert_eq!(code, Some(0), "{text}");
}

#[test]
fn a_folder_that_was_never_generated_is_refused() {
    let folder = Folder::new("package-foreign");
    folder.write("package/Cargo.toml", "[package]\nname = \"mine\"\n");
    folder.write("package/src/lib.rs", "// mine\n");
    let before = folder.files("package");
    let (code, text) = generate(&folder, DOCUMENT, &[]);
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("holds something else than generated files"),
        "{text}"
    );
    assert_eq!(folder.files("package"), before);
}

/// A list is a file like any other, and may be anybody's: it names nothing out of the package.
#[test]
fn a_list_of_somebody_elses_removes_nothing_elsewhere() {
    let folder = Folder::new("package-list");
    assert_eq!(generate(&folder, DOCUMENT, &[]).0, Some(0));
    folder.write("outside.txt", "old");
    folder.write("package/.git/config", "old");
    let hash = sha256("old");
    let mut list = folder.read("package/.plumbline/files");
    let absolute = folder.path("outside.txt");
    for path in [
        "../outside.txt",
        "src/../../outside.txt",
        &absolute,
        ".git/config",
    ] {
        list.push_str(&format!("{hash}  {path}\n"));
    }
    folder.write("package/.plumbline/files", &list);
    // And so may be a journal.
    let journal = format!("remove {hash} ../outside.txt\nremove {hash} .git/config\n");
    folder.write("package/.plumbline/journal", &journal);
    let (code, text) = generate(&folder, &changed(), &[]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(folder.read("outside.txt"), "old");
    assert_eq!(folder.read("package/.git/config"), "old");
}

/// What stands in the place of a folder or a file is named, not followed and not replaced.
#[test]
#[cfg(unix)]
fn links_fifos_and_devices_stay_what_they_are() {
    use std::os::unix::fs::{FileTypeExt as _, symlink};
    let folder = Folder::new("package-irregular");
    let document = folder.write("openapi.yaml", DOCUMENT);
    let kind = |name: &str| fs::symlink_metadata(folder.path(name)).unwrap().file_type();
    // As the folder itself. The device is one that anybody may write into, and that is only looked at.
    fs::create_dir(folder.path("elsewhere")).unwrap();
    symlink("elsewhere", folder.path("link")).unwrap();
    symlink("nowhere", folder.path("dangling")).unwrap();
    make_fifo(&folder.path("fifo"));
    folder.write("file", "mine");
    for (name, what) in [
        ("link", "link is a link"),
        ("link/", "link is a link"),
        ("link/.", "link is a link"),
        ("dangling", "dangling is a link"),
        ("fifo", "fifo is a FIFO"),
        ("file", "file is a file"),
    ] {
        for more in [&[][..], &["--force"], &["--check"]] {
            let (code, text) = generate_into(&folder.path(name), &document, more);
            assert_eq!(code, Some(2), "{name}: {text}");
            assert!(text.contains(what), "{name}: {text}");
        }
    }
    assert!(kind("link").is_symlink() && kind("dangling").is_symlink());
    assert!(kind("fifo").is_fifo());
    assert!(
        fs::read_dir(folder.path("elsewhere"))
            .unwrap()
            .next()
            .is_none()
    );
    // In the place of each part of the package.
    for (index, part) in [
        "src",
        "src/lib.rs",
        "src/runtime",
        "README.md",
        "Cargo.toml",
        ".plumbline",
        ".plumbline/files",
    ]
    .iter()
    .enumerate()
    {
        for fifo in [false, true] {
            let name = format!("part-{index}-{fifo}");
            let (out, place) = (folder.path(&name), folder.path(&format!("{name}/{part}")));
            assert_eq!(generate_into(&out, &document, &[]).0, Some(0));
            let moved = folder.path(&format!("{name}-moved"));
            fs::rename(&place, &moved).unwrap();
            match fifo {
                true => make_fifo(&place),
                false => symlink(&moved, &place).unwrap(),
            }
            let other = folder.write("other.yaml", &changed());
            for more in [&[][..], &["--force"]] {
                let (code, text) = generate_into(&out, &other, more);
                assert_eq!(code, Some(2), "{part}: {text}");
                let what = if fifo { "a FIFO" } else { "a link" };
                assert!(
                    text.contains(&format!("{part} is {what}")),
                    "{part}: {text}"
                );
            }
            let there = fs::symlink_metadata(&place).unwrap().file_type();
            assert!(
                there.is_fifo() == fifo && there.is_symlink() != fifo,
                "{part}"
            );
        }
    }
}

/// A device is looked at and named. A test does not try whether it would be replaced: whoever runs
/// it may be allowed to.
#[test]
#[cfg(unix)]
fn a_device_is_named() {
    let folder = Folder::new("package-device");
    let document = folder.write("openapi.yaml", DOCUMENT);
    let (code, text) = generate_into("/dev/null", &document, &["--check"]);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.contains("/dev/null is a device"), "{text}");
}

#[cfg(unix)]
fn make_fifo(path: &str) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}
