//! What is right, as data: for each case the command, its exit code, and the words that must and must
//! not come.

use super::came::Came;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The tables, by the folder that each is for.
const TABLES: [(&str, &str); 2] = [
    ("hostile", include_str!("hostile.toml")),
    ("servers", include_str!("servers.toml")),
];

/// A section of the cases.
pub(super) struct Table {
    /// The name of its folder.
    pub(super) name: &'static str,
    written: Written,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Files that are no input: prose.
    prose: Vec<String>,
    /// Shell commands that cases have in common, by name; each runs once, in a folder `$SETUP`.
    #[serde(default)]
    setup: BTreeMap<String, String>,
    case: Vec<Case>,
}

/// An input and what is right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    /// What it is called.
    pub(super) name: String,
    /// What is right, in a sentence.
    pub(super) right: String,
    /// Arguments of a Python program that is started first; its port is `$PORT`, its URL `$TARGET`.
    pub(super) server: Option<String>,
    /// What [`Written::setup`] has to be done before.
    pub(super) needs: Option<String>,
    /// Shell commands, in the section's folder; `$W` is an empty folder.
    pub(super) run: String,
    /// The exit code that is right.
    #[serde(default)]
    exit: i32,
    /// Words that the commands must print.
    #[serde(default)]
    says: Vec<String>,
    /// Words that neither they nor the server may print.
    #[serde(default)]
    silent: Vec<String>,
    /// Words that the server must print.
    #[serde(default)]
    server_says: Vec<String>,
    /// Seconds after which the commands are ended.
    #[serde(default = "patience")]
    pub(super) seconds: u64,
}

fn patience() -> u64 {
    120
}

impl Table {
    /// Every table there is.
    pub(super) fn all() -> Result<Vec<Self>> {
        TABLES
            .iter()
            .map(|&(name, text)| {
                let written = toml_edit::de::from_str(text)
                    .with_context(|| format!("xtask/src/cases/{name}.toml"))?;
                Ok(Self { name, written })
            })
            .collect()
    }

    /// Its cases, in order.
    pub(super) fn cases(&self) -> &[Case] {
        &self.written.case
    }

    /// What is to be done before a case that needs this.
    pub(super) fn setup(&self, name: &str) -> Option<&str> {
        self.written.setup.get(name).map(String::as_str)
    }

    /// The files of the folder that no case and no setup names: a table is whole.
    pub(super) fn unnamed(&self, folder: &Path) -> Result<Vec<String>> {
        let mut unnamed = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let file = entry.file_name().to_string_lossy().into_owned();
            let is_input = entry.file_type()?.is_file() && !self.written.prose.contains(&file);
            // A program whose name ends in another's is not named by it.
            let named = |text: &str| {
                text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')))
                    .any(|word| word == file)
            };
            let by_case =
                |case: &Case| named(&case.run) || case.server.as_deref().is_some_and(named);
            if is_input
                && !self.written.setup.values().any(|text| named(text))
                && !self.written.case.iter().any(by_case)
                && !is_used(folder, &file)
            {
                unnamed.push(file);
            }
        }
        unnamed.sort();
        Ok(unnamed)
    }
}

/// Whether a script of the folder uses a file, as a server or a document of its own.
fn is_used(folder: &Path, file: &str) -> bool {
    let scripts = fs::read_dir(folder).into_iter().flatten().flatten();
    scripts
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "sh"))
        .filter_map(|path| fs::read_to_string(path).ok())
        .any(|text| text.contains(&format!("/{file}")))
}

impl Case {
    /// In what it differs from what is right.
    pub(super) fn faults(&self, came: &Came) -> Vec<String> {
        let mut faults = Vec::new();
        match came.code {
            None => faults.push(format!("it did not end within {} s", self.seconds)),
            Some(code) if code != self.exit => {
                faults.push(format!("exit code {code}, and {} is right", self.exit));
            }
            Some(_) => {}
        }
        for (words, text, whose) in [
            (&self.says, &came.printed, "it does not say"),
            (&self.server_says, &came.server, "the server does not say"),
        ] {
            for word in words.iter().filter(|word| !text.contains(word.as_str())) {
                faults.push(format!("{whose} `{word}`"));
            }
        }
        for word in &self.silent {
            if came.printed.contains(word.as_str()) || came.server.contains(word.as_str()) {
                faults.push(format!("it says `{word}`"));
            }
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_can_be_read_and_every_case_can_fail() {
        for table in Table::all().unwrap() {
            let mut names = BTreeSet::new();
            for case in table.cases() {
                assert!(names.insert(&case.name), "{} twice", case.name);
                let looks = case.says.len() + case.silent.len() + case.server_says.len();
                assert!(looks > 0, "{} looks at nothing", case.name);
                if let Some(needs) = &case.needs {
                    assert!(table.setup(needs).is_some(), "no setup {needs}");
                }
            }
        }
    }

    #[test]
    fn each_difference_is_told() {
        let case: Case = toml_edit::de::from_str(
            "name = 'a'\nright = 'b'\nrun = 'true'\nexit = 1\nsays = ['left out']\nsilent = ['Conforms']\nserver_says = ['GET']",
        )
        .unwrap();
        let came = |code, printed: &str, server: &str| Came {
            code,
            printed: printed.to_owned(),
            server: server.to_owned(),
            seconds: 0.0,
        };
        assert!(case.faults(&came(Some(1), "left out", "GET /")).is_empty());
        assert_eq!(
            case.faults(&came(Some(0), "Conforms", "")),
            [
                "exit code 0, and 1 is right",
                "it does not say `left out`",
                "the server does not say `GET`",
                "it says `Conforms`",
            ]
        );
        assert_eq!(
            case.faults(&came(None, "left out", "GET")),
            ["it did not end within 120 s"]
        );
    }
}
