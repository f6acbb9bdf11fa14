//! What looks like a secret and is hidden by nothing: said, with the place and how to hide it.

use super::redact::Redacted;
use crate::codes;
use crate::secrets::{ends_like_one, names_are_same};
use crate::{Exchange, Request};
use plumbline_specs::Diagnostic;
use regex::Regex;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// So many places are told one by one.
const MOST: usize = 20;

/// The least length of a text that is random, in bytes, and the least entropy of its letters, in
/// bits.
const RANDOM: (usize, f64) = (24, 4.0);

/// RFC 7519, section 3: its header is a JSON object.
static JWT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"eyJ[A-Za-z0-9_-]{6,}\.eyJ[A-Za-z0-9_-]{6,}\.").ok());

/// What vendors begin their tokens with so that they can be found.
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let forms = [
        "gh[pousr]_[A-Za-z0-9]{30}",
        "github_pat_[W]{20}",
        "glpat-[W-]{20}",
        "sk-[W-]{20}",
        "[rs]k_(?:live|test)_[W]{16}",
        "whsec_[W]{16}",
        "xox[abeprs]-[W-]{10}",
        "A[KS]IA[A-Z0-9]{16}",
        "AIza[W-]{35}",
        r"ya29\.[W-]{20}",
        "npm_[W]{36}",
        "pypi-[W-]{20}",
        "hf_[W]{30}",
        "do[oprt]_v1_[W]{32}",
        r"SG\.[W-]{16,}\.[W-]{16}",
        "shp(?:at|ca|pa|ss)_[W]{20}",
        "dckr_pat_[W-]{20}",
        "lin_api_[W]{20}",
    ];
    // Their letters are ASCII: those of all scripts make the pattern too large.
    let forms = forms.join("|").replace("[W", "[A-Za-z0-9_");
    Regex::new(&format!("(?:^|[^A-Za-z0-9_-])(?:{forms})")).ok()
});

/// RFC 3986, section 3.2.1: a user and a password before a host.
static USER_INFO: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#:@]*:[^\s/?#@]+@").ok());

/// Warns of each place once.
pub(super) fn suspects(redacted: &Redacted, keep: &[String]) -> Vec<Diagnostic> {
    let mut found = Found {
        redacted,
        keep,
        told: BTreeSet::new(),
        notes: Vec::new(),
    };
    for exchange in &redacted.exchanges {
        found.exchange(exchange);
    }
    let more = found.told.len().saturating_sub(MOST);
    if more > 0 {
        found.notes.push(Diagnostic::warning(
            codes::LOOKS_SECRET,
            format!("{more} further places look like secrets"),
        ));
    }
    found.notes
}

struct Found<'a> {
    redacted: &'a Redacted,
    keep: &'a [String],
    /// Operation and place.
    told: BTreeSet<(String, String)>,
    notes: Vec<Diagnostic>,
}

impl Found<'_> {
    fn exchange(&mut self, exchange: &Exchange) {
        let request = &exchange.request;
        for (name, value) in &request.query {
            let (name, value) = (super::capture::plain(name), super::capture::plain(value));
            let place = format!("query:{name}");
            self.look(request, "", &place, &name, &value);
        }
        for (name, value) in &request.headers {
            self.header(request, "", name, value);
        }
        if let Some(body) = super::capture::body(request) {
            self.value(request, "", "$", "", &body);
        }
        if let Some(reply) = exchange.reply() {
            for (name, value) in reply
                .headers
                .iter()
                .filter(|(name, _)| name != "set-cookie")
            {
                self.header(request, "the answer to ", name, value);
            }
            if let Some(body) = reply.json() {
                self.value(request, "the answer to ", "$", "", &body);
            }
        }
    }

    /// A header's value may well be random: an entity tag is.
    fn header(&mut self, request: &Request, side: &str, name: &str, value: &str) {
        if let Some(what) = known_form(value) {
            self.tell(request, side, &format!("header:{name}"), value, what);
        }
    }

    fn value(&mut self, request: &Request, side: &str, path: &str, name: &str, value: &Value) {
        match value {
            Value::String(text) => self.look(request, side, path, name, text),
            Value::Array(items) => {
                for item in items {
                    self.value(request, side, &format!("{path}[*]"), name, item);
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    let plain = key.starts_with(|first: char| first.is_ascii_alphabetic())
                        && key
                            .chars()
                            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
                    let path = if plain {
                        format!("{path}.{key}")
                    } else {
                        let key = key.replace('\\', r"\\").replace('\'', r"\'");
                        format!("{path}['{key}']")
                    };
                    self.value(request, side, &path, key, member);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn look(&mut self, request: &Request, side: &str, place: &str, name: &str, text: &str) {
        let what = known_form(text).or_else(|| {
            if ends_like_one(name) && is_token(text) {
                Some("has the name of a secret")
            } else if is_random(text) {
                Some("is as random as a secret")
            } else {
                None
            }
        });
        if let Some(what) = what {
            self.tell(request, side, place, text, what);
        }
    }

    fn tell(&mut self, request: &Request, side: &str, place: &str, text: &str, what: &str) {
        let name = place.rsplit(['.', ':']).next().unwrap_or_default();
        // A number's stand-in is a digit, which says nothing.
        let stand_ins = self.redacted.stand_ins.all_in(text);
        let mut stand_ins = stand_ins
            .into_iter()
            .filter_map(|index| self.redacted.secrets.get(index));
        let hidden = stand_ins.any(|own| own.stand_in.len() >= super::redact::LONG)
            || self.redacted.masks.text(text) != text;
        if hidden || self.keep.iter().any(|own| names_are_same(own, name)) {
            return;
        }
        let told = self
            .told
            .insert((request.operation.clone(), format!("{side}{place}")));
        if told && self.told.len() <= MOST {
            self.notes.push(
                Diagnostic::warning(
                    codes::LOOKS_SECRET,
                    format!("`{place}` of {side}`{}` {what}", request.operation),
                )
                .help(format!("`--secret '{place}'` hides it")),
            );
        }
    }
}

/// A form that secrets alone have.
fn known_form(text: &str) -> Option<&'static str> {
    let is = |pattern: &LazyLock<Option<Regex>>| {
        pattern
            .as_ref()
            .is_some_and(|pattern| pattern.is_match(text))
    };
    if is(&JWT) {
        Some("looks like a JSON Web Token")
    } else if is(&TOKEN) {
        Some("begins as a vendor's tokens do")
    } else if text.contains("-----BEGIN ") && text.contains("PRIVATE KEY-----") {
        Some("is a private key")
    } else if is(&USER_INFO) {
        Some("has a password in a URL")
    } else {
        None
    }
}

/// Whether a text is one word of letters and digits.
fn is_token(text: &str) -> bool {
    text.len() >= 8
        && text.contains(|letter: char| letter.is_ascii_digit())
        && text.contains(|letter: char| letter.is_ascii_alphabetic())
        && !text.contains(|letter: char| letter.is_whitespace() || matches!(letter, '{' | '<'))
}

/// Whether a text looks drawn by lot: one word with letters of both cases and digits, that is no
/// base64 of a plain text, as the ids of some servers are.
fn is_random(text: &str) -> bool {
    let word = text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-.".contains(&byte));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.len() >= RANDOM.0
        && word
        && digits >= 3
        && text.bytes().any(|byte| byte.is_ascii_lowercase())
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
        && !is_coded_text(text)
        && entropy(text) >= RANDOM.1
}

fn is_coded_text(text: &str) -> bool {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    let bare = text.trim_end_matches('=');
    let decoded = STANDARD_NO_PAD
        .decode(bare)
        .or_else(|_| URL_SAFE_NO_PAD.decode(bare));
    decoded.is_ok_and(|bytes| {
        bytes
            .iter()
            .all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
    })
}

/// Shannon's, in bits for each letter.
fn entropy(text: &str) -> f64 {
    let mut counts: BTreeMap<u8, u32> = BTreeMap::new();
    for byte in text.bytes() {
        *counts.entry(byte).or_default() += 1;
    }
    let all = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    counts
        .values()
        .map(|count| {
            let share = f64::from(*count) / all;
            -share * share.log2()
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{is_random, known_form};

    #[test]
    fn random_texts_are_told_from_ids_and_words() {
        for (text, random) in [
            ("q7Rk2Zx9Lm4Vt8Bn3Wc6Yd1F", true),
            ("0190b2a0-1111-7000-8000-000000000001", false),
            ("2026-11-22T10:00:00.123456Z", false),
            ("ExperimentRunV2CreateRequest", false),
            ("RXhwZXJpbWVudDoxMjM0NTY3ODkwMTI=", false),
            ("the Quick brown fox 123 jumps", false),
        ] {
            assert_eq!(is_random(text), random, "{text}");
        }
    }

    #[test]
    fn forms_of_secrets_are_known() {
        for (text, known) in [
            ("Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln", true),
            ("ghp_0123456789abcdefghij0123456789abcdef", true),
            ("AKIAABCDEFGHIJKLMNOP", true),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII", true),
            ("postgres://app:hunter2@db.example.com/app", true),
            ("see https://user@example.com:8080/a@b:c", false),
            ("task-force-of-the-big-company-one", false),
            ("eyJhbGciOiJIUzI1NiJ9", false),
        ] {
            assert_eq!(known_form(text).is_some(), known, "{text}");
        }
    }
}
