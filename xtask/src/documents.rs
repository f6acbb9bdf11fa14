//! Documents on disk: opened, read, and their diagnostics shown.

use crate::workspace::{root, shown};
use anyhow::{Context, Result, anyhow};
use plumbline_cli::documents::{self, Allowed};
use plumbline_specs::{Beside, Diagnostics, Input, Options, Reading, Selector, Severity, render};
use std::path::Path;

/// A document with its overlay, as bytes.
pub(crate) struct Document {
    name: String,
    bytes: Vec<u8>,
    overlay: Option<(String, Vec<u8>)>,
    beside: Beside,
    strict: bool,
}

impl Document {
    /// A vendor's document and overlay in `specs/`.
    pub(crate) fn vendor(vendor: &str) -> Result<Self> {
        let folder = root().join("specs").join(vendor);
        let overlay = folder.join("overlay.yaml");
        let document = folder.join("openapi.yaml");
        Ok(Self::open(&document, Some(&overlay), &Allowed::default())?.strict())
    }

    /// A document and, if there is one, its overlay.
    pub(crate) fn open(path: &Path, overlay: Option<&Path>, allowed: &Allowed) -> Result<Self> {
        let bytes = load(path)?;
        Ok(Self {
            name: shown(path),
            beside: documents::beside(path, &bytes, allowed),
            bytes,
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
            beside: Beside::default(),
            strict: false,
        }
    }

    /// The same, read as our own documents are: what is wrong with it is mended by an overlay,
    /// not assumed.
    pub(crate) fn strict(self) -> Self {
        Self {
            strict: true,
            ..self
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
        self.diagnose(select).map_err(|diagnostics| {
            let rendered = self.render(&diagnostics, Severity::Error);
            anyhow!("{rendered}\n{}: {}", self.name, diagnostics.summary())
        })
    }

    /// The same, with what is wrong as data.
    pub(crate) fn diagnose(&self, select: &[String]) -> Result<Reading, Diagnostics> {
        let options = Options {
            overlay: self
                .overlay
                .as_ref()
                .map(|(name, bytes)| Input { name, bytes }),
            select: select.iter().map(|text| Selector::parse(text)).collect(),
            files: self.beside.inputs().collect(),
            unread: self.beside.unread.clone(),
            strict: self.strict,
        };
        plumbline_specs::read(self.input(), &options)
    }

    /// Renders the diagnostics of at least this severity.
    pub(crate) fn render(&self, diagnostics: &Diagnostics, least: Severity) -> String {
        let mut inputs = vec![self.input()];
        inputs.extend(
            self.overlay
                .as_ref()
                .map(|(name, bytes)| Input { name, bytes }),
        );
        inputs.extend(self.beside.inputs());
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

/// Reads two documents at once: neither needs the other, and a large one takes a while.
///
/// # Errors
///
/// The diagnostics of the first that cannot be read, rendered.
pub(crate) fn read_both(
    old: &Document,
    new: &Document,
    select: &[String],
) -> Result<(Reading, Reading)> {
    let (before, after) = std::thread::scope(|scope| {
        let before = scope.spawn(|| old.read(select));
        let after = new.read(select);
        (before.join(), after)
    });
    let before = before.map_err(|_| anyhow!("{}: reading it broke off", old.name()))??;
    Ok((before, after?))
}

fn load(path: &Path) -> Result<Vec<u8>> {
    documents::read(path).with_context(|| format!("{} cannot be read", shown(path)))
}
