//! The list of the files that were written into a package, each with the hash of its text.
//!
//! A line for each file in the order of their paths, as `sha256sum` writes them: merges of two
//! branches meet in a line only where they meet in the file. A path may come twice, and lines
//! that are none are passed over, so that an unfinished merge is read too.

use super::{Error, MANIFEST, Texts, at, place};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const HEAD: &str = "# The files that `generate` wrote here; it replaces and removes no others. Commit this list.\n";

/// Files by path, with the hashes of what was written into them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct List(BTreeMap<String, BTreeSet<String>>);

impl List {
    pub(super) fn parse(text: &str) -> Self {
        let mut list = Self::default();
        for line in text.lines() {
            if let Some((hash, path)) = line.split_once("  ")
                && hash.len() == 64
                && hash.chars().all(|it| it.is_ascii_hexdigit())
                && place::is_plain(path)
            {
                list.add(path, hash.to_owned());
            }
        }
        list
    }

    /// The files of a package that was written before there were lists: those that say so in
    /// their first line, and the runtime, which is the same in each package.
    pub(super) fn found(folder: &Path, texts: &Texts<'_>) -> Result<Self, Error> {
        let mut list = Self::default();
        let mut folders = vec![String::new()];
        while let Some(prefix) = folders.pop() {
            let here = folder.join(&prefix);
            for entry in fs::read_dir(&here).map_err(|error| at(&here, error))? {
                let entry = entry.map_err(|error| at(&here, error))?;
                let kind = entry.file_type().map_err(|error| at(&here, error))?;
                let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
                if kind.is_dir() && path.split('/').next() == Some("src") {
                    folders.push(format!("{path}/"));
                } else if kind.is_file()
                    && path != MANIFEST
                    && place::is_plain(&path)
                    && let Some(text) = place::read(folder, &path)?
                {
                    let runtime = path.starts_with("src/runtime/");
                    if has_header(&text) || runtime && texts.contains_key(path.as_str()) {
                        list.add(&path, hash(&text));
                    }
                }
            }
        }
        Ok(list)
    }

    fn add(&mut self, path: &str, hash: String) {
        self.0.entry(path.to_owned()).or_default().insert(hash);
    }

    pub(super) fn insert(&mut self, path: &str, text: &str) {
        self.add(path, hash(text.as_bytes()));
    }

    /// Takes over what another list says of a file.
    pub(super) fn take(&mut self, path: &str, other: &Self) {
        if let Some(hashes) = other.0.get(path) {
            self.0.insert(path.to_owned(), hashes.clone());
        }
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn has(&self, path: &str) -> bool {
        self.0.contains_key(path)
    }

    /// Whether a file holds what was written into it.
    pub(super) fn holds(&self, path: &str, bytes: &[u8]) -> bool {
        let hashes = self.0.get(path);
        hashes.is_some_and(|hashes| hashes.contains(&hash(bytes)))
    }

    pub(super) fn text(&self) -> String {
        let mut text = HEAD.to_owned();
        for (path, hashes) in &self.0 {
            for hash in hashes {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "{hash}  {path}");
            }
        }
        text
    }
}

/// The SHA-256 of a text, however its lines end.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut hasher = Sha256::new();
    let mut rest = bytes;
    while let Some(at) = memchr::memmem::find(rest, b"\r\n") {
        let (line, more) = rest.split_at(at);
        hasher.update(line);
        rest = more.get(1..).unwrap_or_default();
    }
    hasher.update(rest);
    hasher
        .finalize()
        .iter()
        .fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// Whether a file is one that a generator may remove once it is needed no more. That a list names
/// it is not enough: lists are merged, and may be anybody's. It has to lie where sources are written
/// and to say in its first line that it was generated.
pub(super) fn is_removable(path: &str, bytes: &[u8]) -> bool {
    path.starts_with("src/") && path.ends_with(".rs") && has_header(bytes)
}

/// Whether the first line of a file says that it was generated.
pub(super) fn has_header(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next();
    let first = String::from_utf8_lossy(first.unwrap_or_default()).into_owned();
    ["// ", "# ", "<!-- "].iter().any(|comment| {
        let rest = first.strip_prefix(comment);
        rest.is_some_and(|rest| rest.starts_with("Generated by `"))
    })
}
