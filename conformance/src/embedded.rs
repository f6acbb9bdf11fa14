//! The vendors' documents, overlays and fixtures, carried in the binary.

use crate::Contract;
use plumbline_specs::Diagnostic;

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
        document: include_bytes!("../../specs/opik/openapi.yaml"),
        overlay: include_bytes!("../../specs/opik/overlay.yaml"),
        fixtures: fixtures::OPIK,
    },
    Vendor {
        name: "galileo",
        document: include_bytes!("../../specs/galileo/openapi.yaml"),
        overlay: include_bytes!("../../specs/galileo/overlay.yaml"),
        fixtures: fixtures::GALILEO,
    },
    Vendor {
        name: "phoenix",
        document: include_bytes!("../../specs/phoenix/openapi.yaml"),
        overlay: include_bytes!("../../specs/phoenix/overlay.yaml"),
        fixtures: fixtures::PHOENIX,
    },
    Vendor {
        name: "mlflow",
        document: include_bytes!("../../specs/mlflow/openapi.yaml"),
        overlay: include_bytes!("../../specs/mlflow/overlay.yaml"),
        fixtures: fixtures::MLFLOW,
    },
];

/// The vendor of that name.
pub fn vendor(name: &str) -> Option<&'static Vendor> {
    VENDORS.iter().find(|vendor| vendor.name == name)
}

impl Vendor {
    /// Reads the document with its overlay.
    ///
    /// # Errors
    ///
    /// Diagnostics; none come of the documents that are carried, which a test holds.
    pub fn read(&self) -> Result<plumbline_specs::Reading, plumbline_specs::Diagnostics> {
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
}

impl Vendor {
    /// The contract of the document with its overlay.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn contract(&'static self) -> Result<Contract, Vec<Diagnostic>> {
        let reading = self
            .read()
            .map_err(|found| found.iter().cloned().collect::<Vec<_>>())?;
        Ok(Contract::new(reading)?.of_vendor(self))
    }
}

mod fixtures {
    include!(concat!(env!("OUT_DIR"), "/fixtures.rs"));
}
