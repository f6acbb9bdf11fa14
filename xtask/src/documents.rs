//! Documents on disk: opened, read, and their diagnostics shown.

use crate::workspace::{root, shown};
use anyhow::{Context, Result, anyhow};
use plumbline_specs::{Diagnostics, Input, Options, Reading, Selector, Severity, render};
use std::fs;
use std::path::Path;

/// A document with its overlay, as bytes.
pub(crate) struct Document {
    name: String,
    bytes: Vec<u8>,
    overlay: Option<(String, Vec<u8>)>,
    strict: bool,
}

impl Document {
    /// A vendor's document and overlay in `specs/`.
    pub(crate) fn vendor(vendor: &str) -> Result<Self> {
        let folder = root().join("specs").join(vendor);
        let document = Self::open(
            &folder.join("openapi.yaml"),
            Some(&folder.join("overlay.yaml")),
        )?;
        // What is wrong with our own is mended by an overlay, not assumed.
        Ok(Self {
            strict: true,
            ..document
        })
    }

    /// A document and, if there is one, its overlay.
    pub(crate) fn open(path: &Path, overlay: Option<&Path>) -> Result<Self> {
        Ok(Self {
            name: shown(path),
            bytes: load(path)?,
            overlay: overlay
                .map(|path| Ok::<_, anyhow::Error>((shown(path), load(path)?)))
                .transpose()?,
            strict: false,
        })
    }

    /// A document, and its overlay if there is one, by name and bytes.
    pub(crate) fn new(name: String, bytes: Vec<u8>, overlay: Option<(String, Vec<u8>)>) -> Self {
        Self {
            name,
            bytes,
            overlay,
            strict: false,
        }
    }

    /// The same with another overlay.
    pub(crate) fn with_overlay(mut self, path: &Path) -> Result<Self> {
        self.overlay = Some((shown(path), load(path)?));
        Ok(self)
    }

    /// What diagnostics call it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Its file's name, without folders.
    pub(crate) fn file_name(&self) -> String {
        Path::new(&self.name)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// Reads it, keeping the operations that are asked for.
    ///
    /// # Errors
    ///
    /// The diagnostics, rendered.
    pub(crate) fn read(&self, select: &[String]) -> Result<Reading> {
        let options = Options {
            overlay: self
                .overlay
                .as_ref()
                .map(|(name, bytes)| Input { name, bytes }),
            select: select.iter().map(|text| Selector::parse(text)).collect(),
            strict: self.strict,
        };
        plumbline_specs::read(self.input(), &options).map_err(|diagnostics| {
            let rendered = self.render(&diagnostics, Severity::Error);
            anyhow!("{rendered}\n{}: {}", self.name, diagnostics.summary())
        })
    }

    /// Renders the diagnostics of at least this severity.
    pub(crate) fn render(&self, diagnostics: &Diagnostics, least: Severity) -> String {
        let mut inputs = vec![self.input()];
        inputs.extend(
            self.overlay
                .as_ref()
                .map(|(name, bytes)| Input { name, bytes }),
        );
        let kept = diagnostics
            .iter()
            .filter(|one| one.severity >= least)
            .cloned()
            .collect();
        render(&kept, &inputs)
    }

    /// Its name and bytes.
    pub(crate) fn input(&self) -> Input<'_> {
        Input {
            name: &self.name,
            bytes: &self.bytes,
        }
    }
}

fn load(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} cannot be read", shown(path)))
}
