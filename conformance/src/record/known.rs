//! The values that are known when an exchange of a recording is sent, and stand in it.

use super::capture::{Captured, body, is_form, leaves, plain, text};
use super::finder::Finder;
use super::redact::{LONG, Redacted};
use super::rewrite::{Known, Rewrite};
use crate::{Exchange, Reply};
use serde_json::Value;
use std::collections::HashSet;

/// The values of a whole recording.
pub(super) struct KnownValues {
    /// Each with the index of the first exchange at which it is known.
    values: Vec<(usize, Known)>,
    finder: Finder,
}

impl KnownValues {
    /// Captures are known after the answer that gives them, secrets once a request has sent them:
    /// what stands in for one that is only told stays.
    pub(super) fn new(redacted: &Redacted, captured: &[Captured]) -> Self {
        let mut first_sent: Vec<Option<usize>> = vec![None; redacted.secrets.len()];
        for (index, exchange) in redacted.exchanges.iter().enumerate() {
            for secret in redacted.stand_ins.all_in(&text(&exchange.request)) {
                if let Some(first) = first_sent.get_mut(secret) {
                    first.get_or_insert(index);
                }
            }
        }
        let is_captured: HashSet<&str> = captured.iter().map(|own| own.value.as_str()).collect();
        let earlier = captured.iter().map(|own| {
            let known = Known {
                value: own.value.clone(),
                name: own.name.clone(),
            };
            (own.at + 1, known)
        });
        let secrets = redacted.secrets.iter().zip(first_sent);
        let secrets = secrets
            .filter(|(secret, _)| {
                secret.stand_in.len() >= LONG && !is_captured.contains(secret.stand_in.as_str())
            })
            .filter_map(|(secret, first)| {
                let known = Known {
                    value: secret.stand_in.clone(),
                    name: secret.variable.clone(),
                };
                Some((first?, known))
            });
        let values: Vec<(usize, Known)> = earlier.chain(secrets).collect();
        let finder = Finder::new(values.iter().map(|(_, known)| known.value.as_str()));
        Self { values, finder }
    }

    /// What is known at an index and stands in the exchange.
    pub(super) fn at(&self, index: usize, exchange: &Exchange) -> Rewrite {
        let found = self.finder.all_in(&all_of(exchange)).into_iter();
        let known = found.filter_map(|own| self.values.get(own));
        Rewrite::new(
            known
                .filter(|(from, _)| *from <= index)
                .map(|(_, known)| known.clone())
                .collect(),
        )
    }
}

/// All of an exchange in one text, as it stands and as it is meant: without percent-encoding, and
/// the texts and numbers of JSON without their escapes.
fn all_of(exchange: &Exchange) -> String {
    let request = &exchange.request;
    let mut all = text(request);
    let mut add = |text: &str| {
        all.push('\n');
        all.push_str(text);
    };
    add(&plain(&request.path_and_query()));
    if is_form(request) {
        let sent = request.body.as_deref().unwrap_or_default();
        add(&plain(&String::from_utf8_lossy(sent)));
    }
    let came = exchange.reply().and_then(Reply::json);
    for value in body(request).into_iter().chain(came) {
        leaves(&value, "", &mut |_, leaf| match leaf {
            Value::String(text) => add(text),
            other => add(&other.to_string()),
        });
    }
    if let Some(reply) = exchange.reply() {
        for (_, value) in &reply.headers {
            add(value);
        }
        add(&String::from_utf8_lossy(&reply.body));
    }
    all
}
