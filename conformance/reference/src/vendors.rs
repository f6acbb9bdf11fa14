//! The vendors' documents, overlays and fixtures, carried in the binary.

use crate::{Error, Options, Server};
use plumbline_conformance::{Contract, Verify, verify};
use plumbline_specs::Diagnostics;
use std::sync::Arc;

/// A vendor whose document is carried.
#[derive(Clone, Copy, Debug)]
pub struct Vendor {
    /// In lower case, for example `opik`.
    pub name: &'static str,
    /// The OpenAPI document.
    pub document: &'static [u8],
    /// The overlay that corrects it and describes its paging.
    pub overlay: &'static [u8],
    /// Fixtures: file name and contents.
    pub fixtures: &'static [(&'static str, &'static [u8])],
}

/// Every vendor that is carried.
pub const VENDORS: &[Vendor] = &[
    Vendor {
        name: "opik",
        document: include_bytes!("../../../specs/opik/openapi.yaml"),
        overlay: include_bytes!("../../../specs/opik/overlay.yaml"),
        fixtures: fixtures::OPIK,
    },
    Vendor {
        name: "galileo",
        document: include_bytes!("../../../specs/galileo/openapi.yaml"),
        overlay: include_bytes!("../../../specs/galileo/overlay.yaml"),
        fixtures: fixtures::GALILEO,
    },
    Vendor {
        name: "phoenix",
        document: include_bytes!("../../../specs/phoenix/openapi.yaml"),
        overlay: include_bytes!("../../../specs/phoenix/overlay.yaml"),
        fixtures: fixtures::PHOENIX,
    },
    Vendor {
        name: "mlflow",
        document: include_bytes!("../../../specs/mlflow/openapi.yaml"),
        overlay: include_bytes!("../../../specs/mlflow/overlay.yaml"),
        fixtures: fixtures::MLFLOW,
    },
];

/// The vendor of that name.
pub fn vendor(name: &str) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.name == name)
}

/// The vendor whose very document this is.
pub fn vendor_of(document: &[u8]) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.document == document)
}

impl Vendor {
    /// Reads the document with its overlay.
    ///
    /// # Errors
    ///
    /// Diagnostics; none come of the documents that are carried, which a test holds.
    pub fn read(&self) -> Result<plumbline_specs::Reading, Diagnostics> {
        let document = format!("{}/openapi.yaml", self.name);
        let overlay = format!("{}/overlay.yaml", self.name);
        plumbline_specs::read(
            plumbline_specs::Input {
                name: &document,
                bytes: self.document,
            },
            &plumbline_specs::Options {
                overlay: Some(plumbline_specs::Input {
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

    /// Starts a server of the vendor's document, which also does what the vendor's SDKs need.
    ///
    /// # Errors
    ///
    /// As [`Server::start`].
    pub fn serve(&'static self, options: Options) -> Result<Server, Error> {
        let contract = self.contract().map_err(Error::Document)?;
        let vendor = Some(self);
        Server::start(Arc::new(contract), Options { vendor, ..options })
    }
}

mod fixtures {
    include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
}
