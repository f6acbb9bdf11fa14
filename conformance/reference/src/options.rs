//! How an embedded server is set up.

use super::vendors::Vendor;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// How an embedded server is set up.
#[derive(Clone)]
pub struct Options {
    /// How many items each collection, or each owner's part of one, begins with.
    pub items: u64,
    /// Items are a function of it.
    pub seed: u64,
    /// The ids of the [`DEFECTS`](crate::DEFECTS) that it has.
    pub defects: Vec<String>,
    /// The API key, password or token that operations with security accept; without one every
    /// request passes.
    pub credentials: Option<String>,
    /// Items to begin with instead of invented ones, by collection.
    pub given: BTreeMap<String, Vec<Value>>,
    /// Where to listen; a free port of the loopback interface when not said.
    pub listen: Option<SocketAddr>,
    /// The vendor whose own document it is, or a version of it: the server then also does what the
    /// vendor's SDKs need and no document says. No title says this: anybody may call an API as a
    /// vendor does.
    pub vendor: Option<&'static Vendor>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            items: 57,
            seed: 1,
            defects: Vec::new(),
            credentials: None,
            given: BTreeMap::new(),
            listen: None,
            vendor: None,
        }
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let credentials = self.credentials.as_ref().map(|_| "…");
        let given: Vec<_> = self.given.keys().collect();
        formatter
            .debug_struct("Options")
            .field("items", &self.items)
            .field("seed", &self.seed)
            .field("defects", &self.defects)
            .field("credentials", &credentials)
            .field("given", &given)
            .field("listen", &self.listen)
            .field("vendor", &self.vendor.map(|vendor| vendor.name))
            .finish()
    }
}
