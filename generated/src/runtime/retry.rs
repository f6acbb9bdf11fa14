//! When a request is sent again, and how long is waited before.

use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use std::time::{Duration, SystemTime};

/// When a request is sent again.
///
/// Exponential back-off with jitter. Any request is repeated where the server surely did not
/// process it: no connection came about, or the answer was 429, or 503 with `Retry-After`. What
/// is idempotent (RFC 9110, section 9.2.2) is repeated also after a broken connection and the
/// answers 502, 503 and 504.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retry {
    /// How often at most, the first time not counted.
    pub times: u32,
    /// The least wait.
    pub min_delay: Duration,
    /// The greatest wait that back-off comes to.
    pub max_delay: Duration,
    /// The greatest `Retry-After` that is obeyed; on a greater one the answer is returned.
    pub max_retry_after: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            times: 2,
            min_delay: Duration::from_millis(300),
            max_delay: Duration::from_secs(10),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl Retry {
    /// Never.
    pub fn never() -> Self {
        Self {
            times: 0,
            ..Self::default()
        }
    }

    /// The waits, one for each repetition.
    pub(super) fn delays(&self) -> impl Iterator<Item = Duration> + Send + 'static {
        ExponentialBuilder::default()
            .with_jitter()
            .with_min_delay(self.min_delay)
            .with_max_delay(self.max_delay)
            .with_max_times(usize::try_from(self.times).unwrap_or(usize::MAX))
            .build()
    }

    /// The wait before an answer's request is sent again; `None` when the answer stands.
    pub(super) fn after_answer(
        &self,
        idempotent: bool,
        status: u16,
        headers: &HeaderMap,
        delay: Duration,
    ) -> Option<Duration> {
        let asked = retry_after(headers, SystemTime::now());
        let again = match status {
            429 => true,
            503 => idempotent || asked.is_some(),
            502 | 504 => idempotent,
            _ => false,
        };
        match asked {
            _ if !again => None,
            Some(asked) => (asked <= self.max_retry_after).then_some(asked),
            None => Some(delay),
        }
    }
}

/// `Retry-After` (RFC 9110, section 10.2.3): seconds or a date.
pub(super) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let moment = chrono::DateTime::parse_from_rfc2822(text).ok()?;
    let moment = SystemTime::from(moment);
    Some(moment.duration_since(now).unwrap_or_default())
}

/// Whether sending it twice is as good as once.
pub(super) fn is_idempotent(method: &str) -> bool {
    !matches!(method, "POST" | "PATCH")
}
