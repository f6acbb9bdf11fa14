//! The vendors' documents, overlays and fixtures, carried in the binary.

use crate::particulars::Particulars;
use indexmap::IndexMap;
use plumbline_conformance::{Contract, Verify, verify};
use plumbline_specs::{Diagnostic, Diagnostics, Input, Reading};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A vendor whose document is carried.
#[derive(Clone, Copy, Debug)]
pub struct Vendor {
    /// The folder of `specs` that is the vendor's, for example `opik`.
    pub name: &'static str,
    /// The OpenAPI document.
    pub document: &'static [u8],
    /// The overlay that corrects it and describes its paging.
    pub overlay: &'static [u8],
    /// What is particular to the vendor besides.
    about: &'static [u8],
    /// Fixtures: file name and contents.
    pub fixtures: &'static [(&'static str, &'static [u8])],
}

/// Every vendor that is carried, in the order of the names.
pub const VENDORS: &[Vendor] = include!(concat!(env!("OUT_DIR"), "/vendors.rs"));

/// The names of all vendors, in their order.
pub fn vendor_names() -> impl Iterator<Item = &'static str> {
    VENDORS.iter().map(|vendor| vendor.name)
}

/// The vendor of that name.
pub fn vendor(name: &str) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.name == name)
}

/// The vendor whose very document this is.
pub fn vendor_of(document: &[u8]) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.document == document)
}

/// What a vendor's `vendor.yaml` says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct About {
    /// What a run against an embedded server is given.
    pub(crate) run: RunSettings,
    /// Defects about which the document says nothing, and why.
    pub(crate) excuses: BTreeMap<String, String>,
    /// What an embedded server does besides.
    pub(crate) server: Particulars,
}

/// What a run against an embedded server of a vendor's document is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RunSettings {
    headers: IndexMap<String, String>,
    /// Values of parameters and of fixtures' variables.
    pub set: BTreeMap<String, String>,
    /// Operations that are sent though they may act on what the run has not created.
    pub also: Vec<String>,
}

impl RunSettings {
    /// The headers of every request; `key` is what the server takes.
    pub fn headers(&self, key: &str) -> Vec<(String, String)> {
        let headers = self.headers.iter();
        headers
            .map(|(name, value)| (name.clone(), value.replace("$KEY", key)))
            .collect()
    }
}

impl Vendor {
    /// Reads the document with its overlay.
    ///
    /// # Errors
    ///
    /// Diagnostics; none come of the documents that are carried, which a test holds.
    pub fn read(&self) -> Result<Reading, Diagnostics> {
        let document = format!("{}/openapi.yaml", self.name);
        let overlay = format!("{}/overlay.yaml", self.name);
        plumbline_specs::read(
            Input {
                name: &document,
                bytes: self.document,
            },
            &plumbline_specs::Options {
                overlay: Some(Input {
                    name: &overlay,
                    bytes: self.overlay,
                }),
                ..plumbline_specs::Options::default()
            },
        )
    }

    /// The contract of the document with its overlay.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn contract(&self) -> Result<Contract, Diagnostics> {
        Contract::new(self.read()?).map_err(|found| found.into_iter().collect())
    }

    /// Begins the verification of the server at a base URL by the vendor's document, with its
    /// overlay and its fixtures.
    pub fn verify(&self, base: impl Into<String>) -> Verify {
        let own = |(name, bytes): &(&str, &[u8])| ((*name).to_owned(), bytes.to_vec());
        verify(base)
            .document(self.name, self.document)
            .overlay(format!("{}/overlay.yaml", self.name), self.overlay)
            .fixtures(self.fixtures.iter().map(own).collect())
    }

    /// What a run against an embedded server of the document is given.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn run_settings(&self) -> Result<RunSettings, Diagnostics> {
        Ok(self.about()?.run)
    }

    /// Reads what is particular to the vendor.
    pub(crate) fn about(&self) -> Result<About, Diagnostics> {
        let name = format!("{}/vendor.yaml", self.name);
        let value = plumbline_specs::value(Input {
            name: &name,
            bytes: self.about,
        })?;
        serde_json::from_value(value).map_err(|error| {
            let fault = Diagnostic::error(crate::codes::INVALID_VENDOR, error.to_string());
            [fault.file(&name)].into_iter().collect()
        })
    }
}
