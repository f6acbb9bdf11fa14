//! What must not be shown: secret values, found by where they stand and hidden wherever they
//! turn up again.

mod declared;
mod places;

pub use declared::Declared;
pub(crate) use declared::{ALWAYS, Spot};
pub use places::{Map, Place};
pub(crate) use places::{is_name, variable_for};

use crate::{Exchange, Failure, Outcome, Reply, Report, Request};
use base64::Engine as _;
use memchr::memmem::Finder;

/// The least length of a value that is hidden wherever it turns up, in bytes.
const LEAST: usize = 4;

/// The least length of a secret's beginning that is hidden where a text was cut, in bytes.
const BEGINNING: usize = 4;

/// Secret values and the variables that stand for them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Masks {
    /// The longest value first: one secret may hold another.
    values: Vec<(String, String)>,
}

impl Masks {
    /// Hides a value from now on; `name` is shown in its place, for example `$API_KEY`. The ways
    /// in which JSON, URLs and basic authentication write it are hidden as well.
    ///
    /// A short value, or an ordinary word (`default` names a workspace), is not: it would rewrite
    /// what a body says, and as a secret it guards nothing.
    pub(crate) fn keep_back(&mut self, value: &str, name: &str) {
        let word = value.len() < 8 && value.chars().all(|letter| letter.is_ascii_lowercase());
        if value.len() < LEAST || word || value.contains('$') {
            return;
        }
        let mut forms = vec![value.to_owned(), crate::contract::encoded(value)];
        let json = serde_json::Value::from(value).to_string();
        forms.extend(json.get(1..json.len().saturating_sub(1)).map(str::to_owned));
        forms.push(value.replace(' ', "+"));
        forms.push(base64::engine::general_purpose::STANDARD.encode(value));
        for form in forms {
            if !self.values.iter().any(|(own, _)| *own == form) {
                self.values.push((form, name.to_owned()));
            }
        }
        self.values
            .sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// As [`keep_back`](Self::keep_back), for the value of a header: what stands behind a scheme
    /// counts alone too, and of basic authentication the password.
    pub(crate) fn keep_back_header(&mut self, value: &str, name: &str) {
        self.keep_back(value, name);
        let Some((scheme, rest)) = value.split_once(' ') else {
            return;
        };
        let rest = rest.trim();
        self.keep_back(rest, name);
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(pair) = base64::engine::general_purpose::STANDARD.decode(rest)
            && let Ok(pair) = String::from_utf8(pair)
        {
            self.keep_back(&pair, name);
            if let Some((_, password)) = pair.split_once(':') {
                self.keep_back(password, name);
            }
        }
    }

    /// A text as it may be shown. Where it was cut in the middle of a secret, the beginning goes
    /// as well.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for (secret, name) in &self.values {
            if out.contains(secret.as_str()) {
                out = out.replace(secret.as_str(), name);
            }
        }
        let kept = out.trim_end_matches(['…', '.', '"', '\'']);
        let tail = out.get(kept.len()..).unwrap_or_default().to_owned();
        if tail.contains('…') {
            for (secret, name) in &self.values {
                if let Some(head) = cut(kept, secret) {
                    return format!("{head}{name}{tail}");
                }
            }
        }
        out
    }

    /// Bytes as they may be shown.
    pub(crate) fn bytes(&self, mut body: Vec<u8>) -> Vec<u8> {
        for (secret, name) in &self.values {
            let finder = Finder::new(secret.as_bytes());
            if finder.find(&body).is_none() {
                continue;
            }
            let mut out = Vec::with_capacity(body.len());
            let mut rest = body.as_slice();
            while let Some(at) = finder.find(rest) {
                let (before, from) = rest.split_at(at);
                out.extend_from_slice(before);
                out.extend_from_slice(name.as_bytes());
                rest = from.get(secret.len()..).unwrap_or_default();
            }
            out.extend_from_slice(rest);
            body = out;
        }
        body
    }

    fn pairs(&self, pairs: &mut [(String, String)]) {
        for (name, value) in pairs {
            *value = if name.eq_ignore_ascii_case("set-cookie") {
                "[taken out: response header set-cookie]".to_owned()
            } else {
                self.text(value)
            };
        }
    }

    /// An exchange as it may be shown.
    pub(crate) fn exchange(&self, exchange: &Exchange) -> Exchange {
        let mut shown = exchange.clone();
        self.request(&mut shown.request);
        match &mut shown.answer {
            Ok(reply) => self.reply(reply),
            Err(failure) => self.failure(failure),
        }
        shown
    }

    /// An exchange in which what stands for each value has taken its place, and nothing else has
    /// changed.
    pub(crate) fn replaced(&self, exchange: &Exchange) -> Exchange {
        let mut exchange = exchange.clone();
        let request = &mut exchange.request;
        request.path = self.text(&request.path);
        for (_, value) in request.query.iter_mut().chain(&mut request.headers) {
            *value = self.text(value);
        }
        request.body = request.body.take().map(|body| self.bytes(body));
        if let Ok(reply) = &mut exchange.answer {
            for (_, value) in &mut reply.headers {
                *value = self.text(value);
            }
            self.reply_body(reply);
        }
        exchange
    }

    fn reply_body(&self, reply: &mut Reply) {
        reply.body = self.bytes(std::mem::take(&mut reply.body));
    }

    fn request(&self, request: &mut Request) {
        let before = (
            request.path.clone(),
            request.query.clone(),
            request.body.clone(),
        );
        self.parts(request);
        let after = [
            request.path_and_query().into_bytes(),
            request.body.clone().unwrap_or_default(),
        ];
        if before
            != (
                request.path.clone(),
                request.query.clone(),
                request.body.clone(),
            )
        {
            let mut names: Vec<String> = self
                .values
                .iter()
                .filter(|(_, name)| {
                    after
                        .iter()
                        .any(|text| Finder::new(name.as_bytes()).find(text).is_some())
                })
                .filter_map(|(_, name)| name.strip_prefix('$').map(str::to_owned))
                .collect();
            names.sort();
            names.dedup();
            request.secrets = names;
        }
    }

    fn parts(&self, request: &mut Request) {
        request.path = self.text(&request.path);
        for (name, value) in &mut request.query {
            *name = self.text(name);
            *value = self.text(value);
        }
        self.pairs(&mut request.headers);
        request.body = request.body.take().map(|body| self.bytes(body));
    }

    fn reply(&self, reply: &mut Reply) {
        self.pairs(&mut reply.headers);
        self.reply_body(reply);
    }

    fn failure(&self, failure: &mut Failure) {
        match failure {
            Failure::Unreachable(text) | Failure::Closed(text) | Failure::Malformed(text) => {
                *text = self.text(text);
            }
            Failure::Timeout(_) | Failure::TooLarge(_) | Failure::Unfolds(_) => {}
        }
    }

    /// Hides secrets in what was judged. Judging itself sees what came: a mask in a body could
    /// make a conforming server fail, or a failing one pass.
    pub(crate) fn outcome(&self, outcome: &mut Outcome) {
        let texts = [&mut outcome.subject, &mut outcome.reason];
        for text in texts.into_iter().flatten() {
            *text = self.text(text);
        }
        for finding in &mut outcome.findings {
            for text in [
                &mut finding.message,
                &mut finding.expected,
                &mut finding.actual,
            ] {
                *text = self.text(text);
            }
            if let Some(pointer) = &mut finding.pointer {
                *pointer = self.text(pointer);
            }
            for key in &mut finding.keys {
                *key = self.text(key);
            }
        }
    }

    /// Hides secrets in a whole report whose exchanges are hidden already.
    pub(crate) fn report(&self, report: &mut Report) {
        for outcome in &mut report.outcomes {
            self.outcome(outcome);
        }
        for reason in report.uncovered.values_mut() {
            *reason = self.text(reason);
        }
    }
}

/// What stands before the beginning of a secret with which a text ends.
fn cut<'a>(text: &'a str, secret: &str) -> Option<&'a str> {
    (BEGINNING..secret.len()).rev().find_map(|length| {
        let beginning = secret.get(..length)?;
        text.strip_suffix(beginning)
    })
}

#[cfg(test)]
mod tests {
    use super::Masks;

    fn masks() -> Masks {
        let mut masks = Masks::default();
        masks.keep_back_header("Bearer s3cr3t \"t0ken\"", "$KEY");
        masks
    }

    #[test]
    fn every_way_of_writing_a_secret_is_hidden() {
        for text in [
            "s3cr3t \"t0ken\"",
            r#"{"m": "no s3cr3t \"t0ken\" here"}"#,
            "?key=s3cr3t%20%22t0ken%22",
            "czNjcjN0ICJ0MGtlbiI=",
            "it was s3cr3t \"t0k…",
        ] {
            let shown = masks().text(text);
            assert!(shown.contains("$KEY") && !shown.contains("cr3t"), "{shown}");
        }
        assert_eq!(masks().text("an s3cr… of another"), "an s3cr… of another");
    }

    #[test]
    fn the_password_of_basic_authentication_is_hidden() {
        let mut masks = Masks::default();
        masks.keep_back_header("Basic YWxhZGRpbjpvcGVuIHNlc2FtZQ==", "$AUTHORIZATION");
        assert_eq!(
            masks.text("wrong password open sesame"),
            "wrong password $AUTHORIZATION"
        );
    }

    #[test]
    fn ordinary_words_stay() {
        let mut masks = Masks::default();
        masks.keep_back("default", "$WORKSPACE");
        assert_eq!(masks.text("by default"), "by default");
    }
}
