//! The implementation under test.

use crate::UserHeader;
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// The implementation under test.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// Where paths are appended; its own path is kept.
    pub base: Url,
    /// Sent with every request.
    pub headers: Vec<UserHeader>,
    /// Values for parameters and fixture variables, by name (`--set`).
    pub values: BTreeMap<String, String>,
    /// Bounds on time and size.
    pub limits: Limits,
}

/// Bounds on time and size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For one exchange, from connecting to the last byte.
    pub timeout: Duration,
    /// The greatest body that is read, in bytes after decoding. What a body's JSON takes in memory
    /// is bounded by eight times that.
    pub body: u64,
    /// What a run keeps of its exchanges, in bytes; of older ones the beginnings are kept.
    pub kept: u64,
    /// A page with more items than these, and more than asked for, is not read on from.
    pub items: usize,
    /// How many exchanges are under way at once.
    pub jobs: usize,
    /// How many requests a second at most.
    pub rate: Option<u32>,
    /// How many requests in a run at most.
    pub requests: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            body: 16 * 1024 * 1024,
            kept: 64 * 1024 * 1024,
            items: 5_000,
            jobs: 8,
            rate: None,
            requests: 10_000,
        }
    }
}

impl Limits {
    /// What the JSON of one body may take in memory, in bytes.
    pub(crate) fn values(&self) -> u64 {
        self.body.saturating_mul(8)
    }
}
