//! The options of a run, as a report repeats them.

use serde::{Deserialize, Serialize};

/// What was asked of a run, besides document, target, headers and part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// The rules and operations that it was kept to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub only: Vec<String>,
    /// The rules, operations and tags that it left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
    /// The operations that it might send besides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Whether it might write.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub writes: bool,
    /// Values that were given for parameters and variables; what is secret is masked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub set: Vec<(String, String)>,
    /// How many fixtures were to be replayed.
    pub fixtures: usize,
    /// How many failures were known.
    pub known: usize,
    /// Requests at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<usize>,
    /// Milliseconds for one exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<u64>,
    /// Requests a second at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<u32>,
}

impl Asked {
    /// As one would type them; empty where nothing was asked.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        if self.writes {
            words.push("--writes".to_owned());
        }
        words.extend(self.also.iter().map(|id| format!("--also {id}")));
        words.extend(self.only.iter().map(|id| format!("--only {id}")));
        words.extend(self.skip.iter().map(|id| format!("--skip {id}")));
        let set = self.set.iter();
        words.extend(set.map(|(name, value)| format!("--set {name}={value}")));
        words.extend(self.jobs.map(|jobs| format!("--jobs {jobs}")));
        words.extend(self.rate.map(|rate| format!("--rate {rate}")));
        #[expect(clippy::cast_precision_loss, reason = "a timeout is short")]
        let seconds = self.timeout.map(|millis| millis as f64 / 1e3);
        words.extend(seconds.map(|seconds| format!("--timeout {seconds}")));
        for (count, one, many) in [
            (self.fixtures, "fixture", "fixtures"),
            (self.known, "known failure", "known failures"),
        ] {
            if count > 0 {
                words.push(format!("{count} {}", if count == 1 { one } else { many }));
            }
        }
        words.join(", ")
    }
}
