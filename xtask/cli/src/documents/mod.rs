//! Documents as commands open them: with an overlay and the files that they refer to. They are
//! read here, and their diagnostics shown.

mod files;

pub use files::Allowed;

use crate::read;
use plumbline_specs::{
    Beside, Diagnostics, Input, Options, Reading, Selector, Severity, render, visible,
};
use std::path::{Path, PathBuf};
use std::{io, thread};

/// A document with its overlay and the files beside it, as bytes.
#[derive(Clone, Debug)]
pub struct Document {
    /// What diagnostics call it.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
    /// Its overlay's name, and what that holds.
    pub overlay: Option<(String, Vec<u8>)>,
    /// The files that it refers to.
    pub beside: Beside,
    /// Where all that was read for it lies: nothing is to be written there by the way.
    pub files: Vec<PathBuf>,
    /// Whether what is wrong with it is an error where a reader could assume what is meant.
    pub strict: bool,
}

/// Why there is no document to work with.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A file cannot be read.
    #[error("{name} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        name: String,
        /// What the system says.
        reason: io::Error,
    },
    /// The document or its overlay is wrong.
    #[error("{rendered}\n{name}: {summary}")]
    Invalid {
        /// The document.
        name: String,
        /// All that is wrong, with the lines at fault.
        rendered: String,
        /// How much is wrong, in few words.
        summary: String,
    },
    /// Reading the document panicked.
    #[error("{0}: reading it broke off")]
    BrokenOff(String),
}

impl Document {
    /// Opens a document and, if one is named, its overlay. Diagnostics call them by their paths.
    ///
    /// # Errors
    ///
    /// When one of the two cannot be read. What is wrong with a file that the document refers to
    /// is a diagnostic.
    pub fn open(
        path: &Path,
        overlay: Option<&Path>,
        allowed: &Allowed,
    ) -> Result<Self, DocumentError> {
        Self::at(path, load(path)?, overlay, allowed)
    }

    /// A document by name and bytes that is to stand at a path: the files that it refers to are
    /// looked for from there.
    ///
    /// # Errors
    ///
    /// When the overlay cannot be read.
    pub fn at(
        path: &Path,
        (name, bytes): (String, Vec<u8>),
        overlay: Option<&Path>,
        allowed: &Allowed,
    ) -> Result<Self, DocumentError> {
        let (beside, mut files) = files::beside(path, &bytes, allowed);
        files.extend([path].into_iter().chain(overlay).map(Path::to_owned));
        Ok(Self {
            name,
            beside,
            bytes,
            overlay: overlay.map(load).transpose()?,
            files,
            strict: false,
        })
    }

    /// A document, and its overlay if there is one, by name and bytes.
    pub fn new(name: String, bytes: Vec<u8>, overlay: Option<(String, Vec<u8>)>) -> Self {
        Self {
            name,
            bytes,
            overlay,
            beside: Beside::default(),
            files: Vec::new(),
            strict: false,
        }
    }

    /// The same, read strictly: what is wrong with it is corrected by an overlay, not assumed.
    #[must_use]
    pub fn strict(self) -> Self {
        Self {
            strict: true,
            ..self
        }
    }

    /// The same with an overlay in place of the one that it has.
    ///
    /// # Errors
    ///
    /// When the overlay cannot be read.
    pub fn with_overlay(mut self, path: &Path) -> Result<Self, DocumentError> {
        self.overlay = Some(load(path)?);
        self.files.push(path.to_owned());
        Ok(self)
    }

    /// The same, named from a folder where its path or its overlay's begins with it.
    #[must_use]
    pub fn named_from(mut self, folder: &Path) -> Self {
        let overlay = self.overlay.as_mut().map(|(name, _)| name);
        for name in [&mut self.name].into_iter().chain(overlay) {
            if let Ok(rest) = Path::new(name.as_str()).strip_prefix(folder) {
                *name = display_path(rest);
            }
        }
        self
    }

    /// Its file's name, without folders.
    pub fn file_name(&self) -> String {
        Path::new(&self.name)
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    }

    /// Its name and bytes.
    pub fn input(&self) -> Input<'_> {
        Input {
            name: &self.name,
            bytes: &self.bytes,
        }
    }

    fn overlay_input(&self) -> Option<Input<'_>> {
        let overlay = self.overlay.as_ref();
        overlay.map(|(name, bytes)| Input { name, bytes })
    }

    /// Reads it, keeping the operations that are asked for.
    ///
    /// # Errors
    ///
    /// The diagnostics, rendered.
    pub fn read(&self, select: &[String]) -> Result<Reading, DocumentError> {
        self.diagnose(select)
            .map_err(|diagnostics| DocumentError::Invalid {
                name: self.name.clone(),
                rendered: self.render(&diagnostics, Severity::Error),
                summary: diagnostics.summary(),
            })
    }

    /// The same, with what is wrong as data.
    ///
    /// # Errors
    ///
    /// The diagnostics.
    pub fn diagnose(&self, select: &[String]) -> Result<Reading, Diagnostics> {
        let options = Options {
            overlay: self.overlay_input(),
            select: select.iter().map(|text| Selector::parse(text)).collect(),
            files: self.beside.inputs().collect(),
            unread: self.beside.unread.clone(),
            strict: self.strict,
        };
        plumbline_specs::read(self.input(), &options)
    }

    /// Renders the diagnostics of at least this severity.
    pub fn render(&self, diagnostics: &Diagnostics, least: Severity) -> String {
        let mut inputs = vec![self.input()];
        inputs.extend(self.overlay_input());
        inputs.extend(self.beside.inputs());
        let kept = diagnostics
            .iter()
            .filter(|one| one.severity >= least)
            .cloned()
            .collect();
        render(&kept, &inputs)
    }
}

/// Reads two documents at once: neither needs the other, and a large one takes a while.
///
/// # Errors
///
/// The diagnostics of the first that cannot be read, rendered.
pub fn read_both(
    old: &Document,
    new: &Document,
    select: &[String],
) -> Result<(Reading, Reading), DocumentError> {
    let (before, after) = thread::scope(|scope| {
        let before = scope.spawn(|| old.read(select));
        let after = new.read(select);
        (before.join(), after)
    });
    let before = before.map_err(|_| DocumentError::BrokenOff(old.name.clone()))??;
    Ok((before, after?))
}

/// A path as commands show it: as it was typed, with forward slashes, and what would act on a
/// terminal written out. A file may have any name, and a folder's files are anybody's.
pub fn display_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    match cfg!(windows) {
        true => visible(&text).replace('\\', "/"),
        false => visible(&text).into_owned(),
    }
}

/// A document's or an overlay's name and bytes.
///
/// # Errors
///
/// When it cannot be read.
pub fn load(path: &Path) -> Result<(String, Vec<u8>), DocumentError> {
    let name = display_path(path);
    match read::named(path, read::MOST) {
        Ok(bytes) => Ok((name, bytes)),
        Err(reason) => Err(DocumentError::Unreadable { name, reason }),
    }
}
