//! The implementation under test.

use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// The implementation under test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Where paths are appended; its own path is kept.
    pub base: Url,
    /// Sent with every request. A value such as `$OPIK_API_KEY` is resolved from the
    /// environment when it is sent, and stays as written everywhere else.
    pub headers: Vec<(String, String)>,
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
    /// The greatest body that is read, in bytes after decoding.
    pub body: u64,
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
            jobs: 8,
            rate: None,
            requests: 10_000,
        }
    }
}
