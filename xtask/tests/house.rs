//! The invariants of ARCHITECTURE.md that can be read off the sources.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file of our own crates' sources, as (path from the root, text).
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for member in ["specs", "generator", "conformance", "xtask"] {
        walk(&root().join(member), &mut files);
    }
    assert!(
        files.len() > 30,
        "only {} source files were found",
        files.len()
    );
    files
}

fn walk(folder: &Path, files: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target") {
                walk(&path, files);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path
                .strip_prefix(root())
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// Asserts that code names `word` below the given places alone. Comments do not count.
fn named_only_in(word: &str, places: &[&str]) {
    let mut met = false;
    for (path, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap();
        let names = text.lines().any(|line| {
            let code = line.split("//").next().unwrap_or_default();
            [
                format!("{word}::"),
                format!("use {word};"),
                format!("use {word} as"),
            ]
            .iter()
            .any(|form| {
                code.match_indices(form.as_str()).any(|(at, _)| {
                    let before = code[..at].chars().next_back();
                    !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '"')
                })
            })
        });
        if names {
            met = true;
            assert!(
                path.ends_with("tests/house.rs")
                    || places.iter().any(|place| path.starts_with(place)),
                "{path} names {word}, which belongs in {places:?} alone"
            );
        }
    }
    assert!(
        met,
        "nothing names {word}: the invariant has lost its object"
    );
}

#[test]
fn openapiv3_is_named_in_document_and_lower_alone() {
    named_only_in("openapiv3", &["specs/src/document", "specs/src/lower"]);
}

#[test]
fn serde_yaml_is_named_in_one_file() {
    named_only_in("serde_yaml", &["specs/src/source"]);
}

#[test]
fn tokens_are_made_in_emit_and_print_alone() {
    let places = ["generator/src/emit", "generator/src/print"];
    for word in ["quote", "proc_macro2", "prettyplease"] {
        named_only_in(word, &places);
    }
    // What reads our own sources makes no tokens.
    named_only_in("syn", &[&places[..], &["xtask/tests/circles"]].concat());
}

#[test]
fn templates_are_rendered_in_package_review_and_report_alone() {
    named_only_in(
        "askama",
        &[
            "generator/src/package",
            "generator/changes/src/review",
            "conformance/src/report",
        ],
    );
}

/// A rule's judge is a function of what was gathered: it waits for nothing, and has no session to
/// send with. What sends is `probe`, of the same file.
#[test]
fn judges_are_functions_of_what_was_gathered() {
    let mut judges = 0;
    for (path, text) in sources() {
        let Some(room) = path.strip_prefix("conformance/src/") else {
            continue;
        };
        // The laws' observer has the way from one half to the other.
        let is_rule = room.starts_with("check/") || room.starts_with("law/");
        if !is_rule || room.starts_with("law/observe/") {
            continue;
        }
        for (at, _) in text.match_indices("fn judge(") {
            judges += 1;
            let before = &text[..at];
            let code = text[at..].split("\n}\n").next().unwrap();
            assert!(!before.ends_with("async "), "{path}: a judge waits");
            for word in [".await", "Session", "Scene"] {
                assert!(!code.contains(word), "{path}: a judge names {word}");
            }
        }
        if room.starts_with("check/") && text.contains("fn probe(") {
            assert!(text.contains("fn judge("), "{path} has no judge");
        }
    }
    assert!(judges > 15, "only {judges} judges were found");
}

#[test]
fn imports_run_one_way() {
    let allowed: [(&str, &[&str]); 7] = [
        ("specs", &[]),
        ("generator", &["plumbline-specs"]),
        (
            "generator/changes",
            &["plumbline-generator", "plumbline-specs"],
        ),
        ("generated", &[]),
        ("conformance", &["plumbline-specs"]),
        (
            "conformance/reference",
            &["plumbline-conformance", "plumbline-specs"],
        ),
        (
            "xtask/cli",
            &[
                "plumbline-changes",
                "plumbline-conformance",
                "plumbline-generator",
                "plumbline-reference",
                "plumbline-specs",
            ],
        ),
    ];
    for (member, others) in allowed {
        let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).unwrap();
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap();
        for line in dependencies
            .lines()
            .filter(|line| line.starts_with("plumbline-"))
        {
            let name = line.split(['.', ' ', '=']).next().unwrap();
            assert!(others.contains(&name), "{member} imports {name}");
        }
    }
}

/// A server team builds the kit for its own tests.
#[test]
fn the_kit_is_light() {
    let manifest = fs::read_to_string(root().join("conformance/Cargo.toml")).unwrap();
    let (_, dependencies) = manifest.split_once("[dependencies]\n").unwrap();
    let dependencies = dependencies.split("\n[").next().unwrap();
    let needed: Vec<&str> = dependencies
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.contains("optional = true"))
        .map(|line| line.split(['.', ' ']).next().unwrap())
        .collect();
    assert!(needed.len() <= 22, "{} are needed", needed.len());
    for heavy in ["askama", "clap", "httpmock", "hyper", "indicatif", "rustls"] {
        assert!(!needed.contains(&heavy), "{heavy} is needed");
    }
}

/// A folder below `specs` with a `vendor.yaml` is a vendor.
#[test]
fn the_kit_knows_no_vendor() {
    let vendors: Vec<String> = fs::read_dir(root().join("specs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|folder| folder.join("vendor.yaml").is_file())
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert!(vendors.len() > 3, "{vendors:?}");
    for (path, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap().to_lowercase();
        let test = path.ends_with("/sample.rs");
        if !test && path.starts_with("conformance/src/") {
            for vendor in &vendors {
                assert!(!code.contains(vendor.as_str()), "{path} knows {vendor}");
            }
        }
    }
}

#[test]
fn cores_do_no_input_or_output() {
    let cores = [
        "specs/src/",
        "generator/src/files",
        "generator/src/plan",
        "generator/src/emit",
        "generator/src/print",
        "generator/changes/src/",
    ];
    for (path, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap();
        let test = path.ends_with("testing.rs") || path.contains("/tests");
        if !test && cores.iter().any(|core| path.starts_with(core)) {
            for word in [
                "std::fs",
                "std::net",
                "std::process",
                "SystemTime",
                "Instant::now",
            ] {
                assert!(!text.contains(word), "{path} reaches out through {word}");
            }
        }
    }
}

/// A file without an end is met where every file is read.
#[test]
fn the_commands_read_files_and_show_their_names_in_one_place() {
    let mut met = 0;
    for (path, text) in sources() {
        let Some(room) = path.strip_prefix("xtask/cli/src/") else {
            continue;
        };
        met += 1;
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["fs::read(", "read_to_string(", "read_to_end("] {
            let own = room == "read.rs";
            assert!(own || !code.contains(word), "{path} reads by {word}");
        }
        assert!(
            !code.contains(".display()"),
            "{path} shows a name as it is: `documents::display_path` makes it visible"
        );
    }
    assert!(met > 20, "only {met} files were found");
}

#[test]
fn modules_say_what_they_hold() {
    for (path, text) in sources() {
        assert!(
            text.starts_with("//!"),
            "{path} does not open with a `//!` line"
        );
    }
}

#[test]
fn files_stay_readable() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= 600, "{path} has {lines} lines: it wants to be two");
    }
}

/// A code that no table declares cannot be written; one that nothing says is stale.
#[test]
fn every_code_of_a_diagnostic_is_declared_in_order_and_used() {
    let sources = sources();
    let mut tables = 0;
    for (table, text) in &sources {
        let Some(source) = table.strip_suffix("src/codes.rs") else {
            assert!(
                table.ends_with("specs/src/code.rs")
                    || table.ends_with("tests/house.rs")
                    || !text.contains("Code::declare"),
                "{table} makes a code that is in no table"
            );
            continue;
        };
        let declared = text.lines().filter_map(|line| line.split_once(" = \""));
        let declared: Vec<(&str, &str)> = declared
            .filter_map(|(name, rest)| Some((name.trim(), rest.split('"').next()?)))
            .collect();
        if table.starts_with("xtask/") {
            continue;
        }
        tables += 1;
        assert!(declared.is_sorted_by_key(|(_, text)| *text), "{table}");
        for (name, _) in declared {
            let named = format!("codes::{name}");
            assert!(
                sources
                    .iter()
                    .any(|(path, text)| path.starts_with(source) && text.contains(&named)),
                "{table}: nothing says {name}"
            );
        }
    }
    assert_eq!(tables, 4);
}

/// A rule is declared once, in the table of its family, and compared as what it is.
#[test]
fn rules_are_constants() {
    let rooms = ["conformance/src/", "conformance/reference/src/", "xtask/"];
    for (path, text) in sources() {
        if !rooms.iter().any(|room| path.starts_with(room)) || path.ends_with("tests/house.rs") {
            continue;
        }
        let sample = path.ends_with("report/sample.rs");
        let declares = path.starts_with("conformance/src/rule/");
        for line in text.lines() {
            let literal = line.trim_end().ends_with(" Rule {")
                && !line.contains("impl")
                && !line.contains("struct")
                && !line.contains("fn ");
            assert!(
                !literal || sample || declares,
                "{path} makes a rule: {line}"
            );
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for line in code.lines() {
            for form in [
                "rule == \"",
                "rule != \"",
                "rule.id == \"",
                "rule.as_str() == \"",
            ] {
                assert!(
                    !line.contains(form),
                    "{path} compares a rule's text: {line}"
                );
            }
        }
    }
}

#[test]
fn a_code_of_a_change_is_asked_by_its_type() {
    let rooms = ["generator/changes/src/", "xtask/cli/src/", "xtask/src/"];
    for (path, text) in sources() {
        let text = text.split("#[cfg(test)]").next().unwrap();
        if !rooms.iter().any(|room| path.starts_with(room)) {
            continue;
        }
        for line in text.lines().filter(|line| line.contains("code")) {
            for test in ["contains(", "starts_with(", "ends_with("] {
                let asks = ["as_str()", "to_string()"].map(|text| format!("code.{text}.{test}"));
                let asks = asks.iter().any(|ask| line.contains(ask.as_str()));
                assert!(!asks, "{path} looks into the text of a code: {line}");
            }
        }
    }
}
