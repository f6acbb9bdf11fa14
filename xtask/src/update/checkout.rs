//! A checkout: its vendors' folders, its clients, its changelog; read at once, written at once.

use super::version;
use crate::documents;
use crate::workspace::cargo_in;
use anyhow::{Context, Result, anyhow, bail};
use plumbline_cli::documents::{Allowed, Document};
use plumbline_cli::output;
use plumbline_cli::package::{self, OnConflict};
use plumbline_cli::update::Entry;
use plumbline_generator::Files;
use plumbline_specs::Input;
use plumbline_specs::transcription::Followed;
use std::fs;
use std::path::{Path, PathBuf};

/// A checkout.
#[derive(Debug)]
pub(super) struct Checkout {
    pub(super) root: PathBuf,
}

/// A vendor's folder in specs/, as text.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    pub(super) vendor: String,
    pub(super) document: String,
    pub(super) overlay: String,
    pub(super) departures: String,
    pub(super) listed: String,
    /// What `listed` says.
    pub(super) followed: Followed,
}

/// One of a folder's files.
pub(super) struct Source<'a> {
    pub(super) name: String,
    pub(super) text: &'a str,
}

impl Source<'_> {
    pub(super) fn input(&self) -> Input<'_> {
        Input {
            name: &self.name,
            bytes: self.text.as_bytes(),
        }
    }
}

impl Checkout {
    /// # Errors
    ///
    /// When there is no checkout of Plumbline.
    pub(super) fn open(root: &Path) -> Result<Self> {
        if !root.join("specs").is_dir() || !root.join("generated").is_dir() {
            bail!("{} is no checkout of Plumbline", root.display());
        }
        Ok(Self {
            root: root.to_path_buf(),
        })
    }

    /// A vendor's folder.
    pub(super) fn folder(&self, vendor: &str) -> Result<Folder> {
        let read = |file: &str| self.text(&format!("specs/{vendor}/{file}"));
        if !self
            .root
            .join(format!("specs/{vendor}/followed.yaml"))
            .is_file()
        {
            bail!(
                "specs/{vendor} follows no document of the vendor's: there is nothing to update from"
            );
        }
        let listed = read("followed.yaml")?;
        let followed = Followed::read(Input {
            name: &format!("specs/{vendor}/followed.yaml"),
            bytes: listed.as_bytes(),
        })
        .map_err(|found| anyhow!("{found}"))?;
        Ok(Folder {
            vendor: vendor.to_owned(),
            document: read("openapi.yaml")?,
            overlay: read("overlay.yaml")?,
            departures: read("departures.yaml")?,
            listed,
            followed,
        })
    }

    /// A vendor's document with its overlay.
    pub(super) fn document(&self, vendor: &str) -> Result<Document> {
        let folder = self.root.join("specs").join(vendor);
        let overlay = folder.join("overlay.yaml");
        documents::open(
            &folder.join("openapi.yaml"),
            Some(&overlay),
            &Allowed::default(),
        )
    }

    /// A vendor's fixtures: name and bytes, in order of their names.
    pub(super) fn fixtures(&self, vendor: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let folder = self.root.join("conformance/fixtures").join(vendor);
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let mut fixtures = Vec::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                fixtures.push((format!("{vendor}/{name}"), fs::read(&path)?));
            }
        }
        fixtures.sort();
        Ok(fixtures)
    }

    /// The clients' version.
    pub(super) fn version(&self) -> Result<String> {
        version::read(&self.text("Cargo.toml")?)
    }

    fn text(&self, path: &str) -> Result<String> {
        fs::read_to_string(self.root.join(path)).with_context(|| format!("{path} cannot be read"))
    }

    /// Writes all of an update. Each file is written beside its place first; only when all are
    /// there do they move into it.
    ///
    /// # Errors
    ///
    /// When something cannot be read or written.
    pub(super) fn write(
        &self,
        new: &Folder,
        package: &Files,
        version: &str,
        entry: &Entry<'_>,
    ) -> Result<()> {
        let specs = |file: &str| format!("specs/{}/{file}", new.vendor);
        let texts = [
            (specs("openapi.yaml"), new.document.clone()),
            (specs("overlay.yaml"), new.overlay.clone()),
            (specs("departures.yaml"), new.departures.clone()),
            (specs("followed.yaml"), new.listed.clone()),
            (
                "CHANGELOG.md".to_owned(),
                entry.inserted(&self.text("CHANGELOG.md")?),
            ),
            (
                "Cargo.toml".to_owned(),
                version::written(&self.text("Cargo.toml")?, version)?,
            ),
        ];
        let stage =
            |(path, text): &(String, String)| output::stage(&self.root.join(path), text.as_bytes());
        let staged = texts.iter().map(stage).collect::<Result<Vec<_>, _>>()?;
        let (folder, texts) = (self.root.join("generated"), package.iter().collect());
        package::write(&folder, &texts, |_| false, OnConflict::Refuse)
            .context("generated/ cannot be written")?;
        for file in staged {
            file.put()?;
        }
        self.lock();
        Ok(())
    }

    /// Lets cargo put the clients' new version into its lock file. Whoever builds next does the
    /// same, so that a failure here matters to nobody.
    fn lock(&self) {
        if self.root.join("Cargo.lock").is_file() {
            let metadata = ["metadata", "--format-version", "1", "--offline"];
            let _ = cargo_in(&self.root, &metadata).output();
        }
    }
}

impl Folder {
    /// One of its files, by name.
    pub(super) fn input(&self, file: &str) -> Source<'_> {
        Source {
            name: format!("specs/{}/{file}", self.vendor),
            text: match file {
                "openapi.yaml" => &self.document,
                "overlay.yaml" => &self.overlay,
                "departures.yaml" => &self.departures,
                _ => &self.listed,
            },
        }
    }
}
