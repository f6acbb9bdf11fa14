//! The embedded server: a stateful implementation made from any document and its profiles, with
//! a switch for each of many defects.
//!
//! A request passes through stages: credentials, faults, what is asked, selection, page, answer.
//! Each stage is data that the next one reads, so a [`Defect`] bends one stage's data and the
//! healthy code knows of none.

mod access;
pub mod bench;
mod call;
pub mod codes;
mod complaint;
mod context;
mod crud;
mod defect;
mod handle;
mod list;
mod listing;
mod mutants;
mod mutations;
mod options;
mod ordering;
mod parsed;
mod particulars;
mod perform;
mod place;
mod plan;
mod plausible;
mod refuse;
mod selection;
mod shape;
mod stage;
mod stock;
mod store;
mod stream;
mod token;
mod transport;
mod value;
mod vendors;

#[cfg(test)]
mod tests;

pub use defect::{Class, DEFECTS, Defect};
pub use mutants::{Catch, Healthy, Matrix, Mutant, Trial, TrialError, Trials, mutants};
pub use options::Options;
pub use vendors::{RunSettings, VENDORS, Vendor, vendor, vendor_names, vendor_of};

use context::World;
use httpmock::MockServer;
use particulars::Particulars;
use plumbline_conformance::Contract;
use plumbline_specs::Diagnostics;
use std::net::SocketAddr;
use std::sync::Arc;
use transport::PortForward;

/// Why a server does not start.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A defect is named that there is none of.
    #[error("there is no defect `{0}`; `--list-defects` shows them all")]
    UnknownDefect(String),
    /// The address cannot be listened at.
    #[error("cannot listen at {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The document cannot be served.
    #[error("the document cannot be served: {0:?}")]
    Document(Diagnostics),
}

/// A running server. It stops answering when it is dropped.
pub struct Server {
    inner: MockServer,
    door: Option<PortForward>,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Server")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl Server {
    /// Starts a server that does what the contract says, but for its defects.
    ///
    /// # Errors
    ///
    /// When a defect's id is unknown, or the address cannot be listened at.
    pub fn start(contract: Arc<Contract>, options: Options) -> Result<Self, Error> {
        let unknown = options
            .defects
            .iter()
            .find(|id| !DEFECTS.iter().any(|defect| defect.id == id.as_str()));
        if let Some(id) = unknown {
            return Err(Error::UnknownDefect(id.clone()));
        }
        let particulars = match options.vendor {
            Some(vendor) => vendor.about().map_err(Error::Document)?.server,
            None => Particulars::default(),
        };
        let listen = options.listen;
        let inner = transport::start(Arc::new(World::new(contract, options, particulars)));
        let door = listen
            .map(|listen| PortForward::open(listen, *inner.address()).map_err(|why| (listen, why)))
            .transpose()
            .map_err(|(listen, why)| Error::Listen(listen, why))?;
        Ok(Self { inner, door })
    }

    /// Where it is, without a path.
    pub fn url(&self) -> String {
        match &self.door {
            Some(door) => format!("http://{}", door.address()),
            None => self.inner.base_url(),
        }
    }
}

impl Vendor {
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

impl Drop for Server {
    fn drop(&mut self) {
        // httpmock keeps its servers in a pool; without its mock this one answers 404.
        self.inner.reset();
    }
}
