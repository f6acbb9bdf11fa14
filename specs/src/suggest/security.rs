//! Security schemes that only prose mentions.

use super::words::joined;
use super::{Confidence, Kind, Suggestion};
use crate::Reading;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// How far from a header's name the word "header" may stand, in characters.
const NEAR: usize = 60;

pub(super) fn suggest(reading: &Reading) -> Vec<Suggestion> {
    let api = &reading.api;
    if !api.security_schemes.is_empty() {
        return Vec::new();
    }
    let mut texts: Vec<(&str, &str)> = Vec::new();
    texts.extend(
        api.description
            .as_deref()
            .map(|text| ("the document's description", text)),
    );
    for (tag, text) in &api.tags {
        texts.extend(text.as_deref().map(|text| (tag.as_str(), text)));
    }
    for operation in &api.operations {
        let prose = [
            operation.summary.as_deref(),
            operation.description.as_deref(),
        ];
        let own = operation.id.as_deref().unwrap_or(&operation.path);
        texts.extend(prose.into_iter().flatten().map(|text| (own, text)));
        texts.extend(
            operation
                .responses
                .iter()
                .map(|response| (own, response.description.as_str())),
        );
    }
    let mut schemes: Vec<(String, Value, String, bool)> = Vec::new();
    let mut met = BTreeSet::new();
    for (place, text) in &texts {
        for (name, scheme, words, plain) in mentioned(text) {
            let evidence = format!("{place} says \"{words}\"");
            if met.insert(name.clone()) {
                schemes.push((name, scheme, evidence, plain));
            } else if let Some(known) = schemes.iter_mut().find(|known| known.0 == name)
                && plain
                && !known.3
            {
                *known = (name, scheme, evidence, plain);
            }
        }
    }
    schemes.sort_by_key(|(.., plain)| !plain);
    let parent = if reading.swagger {
        "securityDefinitions"
    } else {
        "securitySchemes"
    };
    let mut list = Vec::new();
    for (name, scheme, evidence, plain) in &schemes {
        let own: Map<String, Value> = [(name.clone(), scheme.clone())].into_iter().collect();
        let update = if reading.swagger {
            json!({parent: own})
        } else {
            json!({"components": {parent: own}})
        };
        list.push(Suggestion {
            kind: Kind::Security,
            operation: None,
            confidence: if *plain {
                Confidence::Certain
            } else {
                Confidence::Likely
            },
            actions: vec![json!({
                "target": "$",
                "description": "The document has no security schemes; its prose has.",
                "update": update,
            })],
            evidence: vec![evidence.clone()],
            doubts: if *plain {
                Vec::new()
            } else {
                vec!["the words do not say how it is sent".to_owned()]
            },
        });
    }
    if let Some((name, ..)) = schemes.first() {
        list.push(Suggestion {
            kind: Kind::Security,
            operation: None,
            confidence: Confidence::Likely,
            actions: vec![json!({
                "target": "$",
                "description": "Every operation wants credentials.",
                "update": {"security": [{name.clone(): []}]},
            })],
            evidence: vec!["a scheme is of use where operations ask for it".to_owned()],
            doubts: vec!["some operations may do without".to_owned()],
        });
    }
    list
}

/// The schemes that a text mentions: name, scheme, the words, and whether they say how the
/// credentials are sent.
fn mentioned(text: &str) -> Vec<(String, Value, String, bool)> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    let bearer = |words: &str, plain| {
        let scheme = json!({"type": "http", "scheme": "bearer"});
        ("bearer".to_owned(), scheme, words.to_owned(), plain)
    };
    if lower.contains("authorization: bearer") {
        found.push(bearer("Authorization: Bearer", true));
    } else if let Some(words) = ["bearer token", "bearer authentication", "bearer auth"]
        .into_iter()
        .find(|words| lower.contains(words))
    {
        found.push(bearer(words, false));
    }
    if lower.contains("authorization: basic") {
        let scheme = json!({"type": "http", "scheme": "basic"});
        let words = "Authorization: Basic".to_owned();
        found.push(("basic".to_owned(), scheme, words, true));
    } else if let Some(words) = ["basic authentication", "basic auth"]
        .into_iter()
        .find(|words| lower.contains(words))
    {
        let scheme = json!({"type": "http", "scheme": "basic"});
        found.push(("basic".to_owned(), scheme, words.to_owned(), false));
    }
    let named = |c: char| c.is_ascii_alphanumeric() || c == '-';
    for word in text.split(|c: char| !named(c)) {
        let known = joined(word);
        let is_key = known.ends_with("apikey") || known.ends_with("authtoken");
        // A header's name has a dash; `api-key` in a sentence has no capital.
        let header = word.contains('-')
            && word.chars().next().is_some_and(|c| c.is_ascii_uppercase())
            && !word.ends_with('-');
        if !(is_key && header) {
            continue;
        }
        let at = text.find(word).unwrap_or_default();
        let around: String = {
            let before: String = text.get(..at).unwrap_or_default().to_owned();
            let skip = before.chars().count().saturating_sub(NEAR);
            let length = NEAR * 2 + word.chars().count();
            text.chars().skip(skip).take(length).collect()
        };
        let plain = around.to_lowercase().contains("header");
        let scheme = json!({"type": "apiKey", "in": "header", "name": word});
        found.push(("api_key".to_owned(), scheme, word.to_owned(), plain));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::mentioned;

    #[test]
    fn a_header_is_told_from_a_mention() {
        let found = mentioned("Send your key in the X-API-Key header.");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].1["name"], "X-API-Key");
        assert!(found[0].3);
        assert!(mentioned("Manage the api-key of a user.").is_empty());
        assert!(!mentioned("Uses a bearer token.")[0].3);
        assert!(mentioned("`Authorization: Bearer <token>`")[0].3);
    }
}
