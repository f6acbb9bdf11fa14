//! What a script says of a call: a line of JSON.

use anyhow::{Context, Result, bail};
use serde::Deserialize;

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Kind {
    /// The SDK gave what it has to give.
    #[serde(rename = "decoded")]
    Decoded,
    /// The SDK raised, or gave something else.
    #[serde(rename = "failed")]
    Failed,
    /// The SDK has nothing for the operation.
    #[serde(rename = "not offered")]
    NotOffered,
}

impl Kind {
    /// The kind in words.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Decoded => "decoded",
            Self::Failed => "failed",
            Self::NotOffered => "not offered",
        }
    }
}

/// A call of an SDK.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Call {
    /// As the SDK calls it.
    pub(super) call: String,
    /// The method and the path of the operation that it is about, as our document has them.
    pub(super) operation: String,
    /// What became of it.
    pub(super) outcome: Kind,
    /// What came back, or why it failed.
    pub(super) said: String,
}

/// Reads the lines of a script.
///
/// # Errors
///
/// The number of a line that is none, and a call that comes twice.
pub(super) fn read(text: &str) -> Result<Vec<Call>> {
    let mut calls: Vec<Call> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let call: Call = serde_json::from_str(line)
            .with_context(|| format!("line {} of the calls", index.saturating_add(1)))?;
        if calls.iter().any(|own| own.call == call.call) {
            bail!("the call `{}` is listed twice", call.call);
        }
        calls.push(call);
    }
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_call() {
        let text = concat!(
            r#"{"call": "get", "operation": "GET /a/{id}", "outcome": "decoded", "said": "it"}"#,
            "\n",
            r#"{"call":"list","operation":"GET /a","outcome":"not offered","said":""}"#,
        );
        let calls = read(text).unwrap_or_default();
        let kinds: Vec<Kind> = calls.iter().map(|call| call.outcome).collect();
        assert_eq!(kinds, [Kind::Decoded, Kind::NotOffered]);
        assert_eq!(calls.first().map(|call| call.said.as_str()), Some("it"));
    }

    #[test]
    fn what_is_no_call_is_an_error() {
        let fault = |text: &str| read(text).err().map(|error| error.to_string());
        let line = r#"{"call":"get","operation":"GET /a","outcome":"failed","said":"why"}"#;
        assert_eq!(fault(""), None);
        assert_eq!(fault("chatter").as_deref(), Some("line 1 of the calls"));
        let unknown = line.replace("failed", "fine");
        assert_eq!(
            fault(&format!("{line}\n{unknown}")).as_deref(),
            Some("line 2 of the calls")
        );
        assert_eq!(
            fault(&format!("{line}\n{line}")).as_deref(),
            Some("the call `get` is listed twice")
        );
    }
}
