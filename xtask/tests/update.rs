//! `update` at work on a checkout of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "it says what it leaves out")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A checkout with all that an update reads and writes.
struct Checkout {
    root: PathBuf,
}

impl Checkout {
    fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        let own = Self { root };
        for vendor in ["opik", "galileo", "phoenix", "mlflow"] {
            own.copy(&format!("specs/{vendor}"));
            own.copy(&format!("conformance/fixtures/{vendor}"));
        }
        own.copy("generated");
        own.copy("Cargo.toml");
        own.copy("Cargo.lock");
        own.write(
            "CHANGELOG.md",
            "# Changelog\n\n## Unreleased\n\n- More to come.\n",
        );
        own
    }

    fn copy(&self, path: &str) {
        let (from, to) = (root().join(path), self.root.join(path));
        if from.is_file() {
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from, to).unwrap();
            return;
        }
        for entry in fs::read_dir(from).unwrap() {
            let name = entry.unwrap().file_name();
            self.copy(&format!("{path}/{}", name.to_string_lossy()));
        }
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.root.join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    /// Every file but those of the build, with what it holds.
    fn files(&self) -> BTreeMap<String, String> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    if !path.ends_with("target") {
                        folders.push(path);
                    }
                } else {
                    let name = path.strip_prefix(&self.root).unwrap();
                    let name = name.to_string_lossy().replace('\\', "/");
                    files.insert(name, fs::read_to_string(&path).unwrap());
                }
            }
        }
        files
    }

    /// Runs the verb: its exit code, and what it printed.
    fn update(&self, vendor: &str, from: &Path, more: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["update", vendor, "--from"])
            .arg(from)
            .arg("--root")
            .arg(&self.root)
            .args(more)
            .env(
                "CARGO_TARGET_DIR",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("clients"),
            )
            // One version after the other compiles the same crate again.
            .env("CARGO_INCREMENTAL", "1")
            .output()
            .unwrap();
        let mut text = String::from_utf8(output.stdout).unwrap();
        text.push_str(&String::from_utf8(output.stderr).unwrap());
        (output.status.code().unwrap(), text)
    }

    /// Our own document with a text replaced, as a vendor's new one.
    fn changed(&self, vendor: &str, old: &str, new: &str) -> PathBuf {
        let text = self.read(&format!("specs/{vendor}/openapi.yaml"));
        assert!(text.contains(old), "`{old}` is not in the document");
        let path = self.root.join("2027-01-31.yaml");
        fs::write(&path, text.replacen(old, new, 1)).unwrap();
        path
    }
}

/// What stands in the way, from the report.
fn in_the_way(text: &str) -> String {
    match text.split_once("\nin the way:\n") {
        Some((_, rest)) => rest.to_owned(),
        None => text.to_owned(),
    }
}

/// The changelog from its newest version on.
fn versions(checkout: &Checkout) -> String {
    let text = checkout.read("CHANGELOG.md");
    let at = text.find("## plumbline-clients").unwrap();
    text[at..].to_owned()
}

#[test]
fn a_new_property_goes_the_whole_way() {
    let checkout = Checkout::new("property");
    let before = checkout.files();
    let from = checkout.changed(
        "opik",
        "    JsonListString:\n",
        "    Fresh:\n      type: string\n    JsonListString:\n",
    );
    let document = fs::read_to_string(&from).unwrap();
    let properties = "    Comment:\n";
    let at = document.find(properties).unwrap();
    let (above, below) = document.split_at(at);
    let below = below.replacen(
        "      properties:\n",
        "      properties:\n        mood:\n          $ref: '#/components/schemas/Fresh'\n",
        1,
    );
    fs::write(&from, format!("{above}{below}")).unwrap();
    let (code, text) = checkout.update("opik", &from, &[]);
    assert_eq!(code, 0, "{text}");
    fs::remove_file(&from).unwrap();
    let changed: Vec<String> = checkout
        .files()
        .into_iter()
        .filter(|(path, text)| before.get(path) != Some(text))
        .map(|(path, _)| path)
        .collect();
    let expected = [
        "CHANGELOG.md",
        "Cargo.toml",
        "generated/.plumbline/Cargo.toml.written",
        "generated/.plumbline/files",
        "generated/Cargo.toml",
        "generated/README.md",
        "generated/src/opik/types.rs",
        "specs/opik/followed.yaml",
        "specs/opik/openapi.yaml",
    ];
    assert_eq!(changed, expected);
    assert!(
        checkout
            .read("specs/opik/followed.yaml")
            .contains("dated: 2027-01-31\n")
    );
    insta::assert_snapshot!(versions(&checkout));
}

#[test]
fn what_stands_in_the_way_is_named_and_nothing_is_written() {
    let checkout = Checkout::new("ratchet");
    let from = checkout.changed(
        "opik",
        "operationId: findExperiments",
        "operationId: listExperiments",
    );
    let before = checkout.files();
    let (code, text) = checkout.update("opik", &from, &[]);
    assert_eq!(code, 1, "{text}");
    insta::assert_snapshot!(in_the_way(&text));
    assert_eq!(checkout.files(), before);
}

#[test]
fn what_is_no_document_is_refused() {
    let checkout = Checkout::new("refused");
    let before = checkout.files();
    let from = checkout.root.join("Cargo.toml");
    let (code, text) = checkout.update("opik", &from, &[]);
    assert_eq!(code, 2, "{text}");
    let (code, text) = checkout.update("nobody", &from, &[]);
    assert_eq!(code, 2, "{text}");
    assert_eq!(checkout.files(), before);
}

/// The names of what stands in the way, without what is said of each.
fn names(text: &str) -> String {
    let text = in_the_way(text);
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("  "))
        .filter(|line| !line.starts_with(' '))
        .filter_map(|line| line.split_once(": ").map(|(name, _)| name))
        .collect();
    names.join(", ")
}

/// Takes each version in turn; what stops one is told, and then mended by the first arguments
/// that do.
fn through(vendor: &str, checkout: &Checkout, versions: &[PathBuf], mends: &[&[&str]]) -> String {
    let mut told = String::new();
    for path in versions {
        let date = path.file_stem().unwrap().to_string_lossy();
        let (mut code, mut text) = checkout.update(vendor, path, &[]);
        if code != 0 {
            told.push_str(&format!("{date}: stopped by {}\n", names(&text)));
            for mend in mends {
                (code, text) = checkout.update(vendor, path, mend);
                if code == 0 {
                    break;
                }
            }
        }
        assert_eq!(code, 0, "{date}: {text}");
        let last = text.lines().last().unwrap_or_default();
        told.push_str(&format!("{date}: {last}\n"));
    }
    told
}

/// A vendor's history, oldest first.
fn history(vendor: &str) -> Option<Vec<PathBuf>> {
    let Some(shared) = std::env::var_os("PLUMBLINE_SHARED").filter(|value| !value.is_empty())
    else {
        eprintln!("PLUMBLINE_SHARED is not set: {vendor}'s history is not walked");
        return None;
    };
    let folder = Path::new(&shared)
        .join("vendor")
        .join(vendor)
        .join("history");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    Some(files)
}

#[test]
fn through_opiks_history() {
    let Some(versions_of) = history("opik") else {
        return;
    };
    let checkout = Checkout::new("opik");
    let ours = root().join("specs/opik/overlay.yaml");
    let mends: [&[&str]; 2] = [
        &["--accept", "fixture"],
        &["--overlay", ours.to_str().unwrap()],
    ];
    // The folder as it would have been written for the first version: the views' schemas
    // had other names then.
    for file in ["specs/opik/overlay.yaml", "specs/opik/openapi.yaml"] {
        let text = checkout
            .read(file)
            .replace("_Public", "Public")
            .replace("_Write", "Write")
            .replace(
                "_ExperimentItemBulkWriteView",
                "ExperimentItemBulkWriteView",
            );
        checkout.write(file, &text);
    }
    insta::assert_snapshot!(
        "opik_history",
        through("opik", &checkout, &versions_of, &mends)
    );
    insta::assert_snapshot!("opik_changelog", versions(&checkout));
}

#[test]
fn through_galileos_history() {
    let Some(versions_of) = history("galileo") else {
        return;
    };
    let checkout = Checkout::new("galileo");
    let kinds = ["departure", "overlay", "fixture"];
    let accept: Vec<&str> = kinds.iter().flat_map(|kind| ["--accept", kind]).collect();
    insta::assert_snapshot!(
        "galileo_history",
        through("galileo", &checkout, &versions_of, &[&accept])
    );
    insta::assert_snapshot!("galileo_changelog", versions(&checkout));
}
