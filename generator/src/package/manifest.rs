//! `Cargo.toml` of a generated package.

use crate::rust::{Crate, Layout};
use askama::Template;
use plumbline_specs::visible;

/// A dependency with why it is there.
pub(super) struct Dependency {
    pub(super) reason: &'static str,
    pub(super) line: &'static str,
}

/// All that the runtime and the types need; the manifests of `generator/runtime` and
/// `generator/features` have the same lines.
pub(super) const DEPENDENCIES: &[Dependency] = &[
    Dependency {
        reason: "The delays of retries: exponential, with jitter.",
        line: r#"backon = { version = "1.6", default-features = false, features = ["std"] }"#,
    },
    Dependency {
        reason: "Bytes in JSON and basic authentication.",
        line: r#"base64 = { version = "0.23", default-features = false, features = ["std"] }"#,
    },
    Dependency {
        reason: "Dates and times.",
        line: r#"chrono = { version = "0.4.42", default-features = false, features = ["serde", "std"] }"#,
    },
    Dependency {
        reason: "`Stream`, and streams made from futures.",
        line: r#"futures-util = { version = "0.3.31", default-features = false }"#,
    },
    Dependency {
        reason: "Parameters in paths and queries.",
        line: r#"percent-encoding = { version = "2.3", default-features = false, features = ["alloc"] }"#,
    },
    Dependency {
        reason: "HTTP.",
        line: r#"reqwest = { version = "0.13", default-features = false, features = ["gzip"] }"#,
    },
    Dependency {
        reason: "Types to JSON and back; no derive, so no macros to build.",
        line: r#"serde = { version = "1.0.225", default-features = false, features = ["std"] }"#,
    },
    Dependency {
        reason: "JSON.",
        line: r#"serde_json = "1.0.140""#,
    },
    Dependency {
        reason: "The place in a body that does not fit.",
        line: r#"serde_path_to_error = "0.1.17""#,
    },
    Dependency {
        reason: "Deadlines and delays.",
        line: r#"tokio = { version = "1.40", default-features = false, features = ["time"] }"#,
    },
    Dependency {
        reason: "A span for each exchange.",
        line: r#"tracing = { version = "0.1.41", default-features = false }"#,
    },
    Dependency {
        reason: "Identifiers.",
        line: r#"uuid = { version = "1.18", default-features = false, features = ["serde", "std"] }"#,
    },
];

#[derive(Template)]
#[template(path = "manifest.txt", escape = "none")]
struct Manifest<'a> {
    header: &'a str,
    name: &'a str,
    version: &'a str,
    description: String,
    modules: Vec<&'a str>,
    tags: Vec<Tag<'a>>,
    dependencies: &'static [Dependency],
}

/// The text of `Cargo.toml`.
pub(super) fn manifest(package: &Crate, header: &str) -> Result<String, String> {
    let titles: Vec<&str> = package
        .modules
        .iter()
        .map(|module| module.title.as_str())
        .collect();
    let manifest = Manifest {
        header,
        name: &package.name,
        version: &package.version,
        // Cargo hands it on in the environment, where no text holds NUL.
        description: visible(&format!("Typed client of {}", titles.join(", "))).into_owned(),
        modules: features(package),
        tags: tags(package),
        dependencies: DEPENDENCIES,
    };
    manifest
        .render()
        .map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

/// A feature for each API, where there is a module for each.
pub(super) fn features(package: &Crate) -> Vec<&str> {
    match package.layout {
        Layout::Root => Vec::new(),
        Layout::Modules => package
            .modules
            .iter()
            .map(|module| module.name.trim_start_matches("r#"))
            .collect(),
    }
}

/// A tag of a large document.
pub(super) struct Tag<'a> {
    pub(super) feature: &'a str,
    pub(super) operations: usize,
}

/// A feature for each tag of a large document, where it has a package of its own.
pub(super) fn tags(package: &Crate) -> Vec<Tag<'_>> {
    let groups = package.modules.iter().flat_map(|module| &module.groups);
    groups
        .filter_map(|group| {
            Some(Tag {
                feature: group.feature.as_deref()?,
                operations: group.operations,
            })
        })
        .collect()
}

/// Filters of the templates.
mod filters {
    #![expect(
        unreachable_pub,
        reason = "askama's macro makes a public type of a filter"
    )]

    use std::fmt::Display;

    /// A basic string of TOML.
    #[askama::filter_fn]
    pub(super) fn toml(value: impl Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(crate::escape::toml(&value.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runtime is tested, and the features are compiled, with what a package gets.
    #[test]
    fn the_manifests_written_by_hand_name_the_same() {
        let ours: Vec<&str> = DEPENDENCIES.iter().map(|it| it.line).collect();
        for manifest in [
            include_str!("../../runtime/Cargo.toml"),
            include_str!("../../features/Cargo.toml"),
        ] {
            let lines: Vec<&str> = manifest
                .lines()
                .skip_while(|line| *line != "[dependencies]")
                .skip(1)
                .take_while(|line| !line.starts_with('['))
                .filter(|line| !line.is_empty())
                .collect();
            assert_eq!(lines, ours);
        }
    }
}
