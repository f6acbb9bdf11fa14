//! Secrets that a server gives away in a run: found in its answers by where they stand.

use super::{Declared, Masks, Names, Spot, names, variable_for};
use crate::contract::text;
use crate::{Exchange, Finding, Reply, Report, Request};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// The least length of a value that is hidden in what a report says of it, in bytes: a shorter one
/// would blank what the report says of anything else.
const LEAST: usize = 6;

/// The least length of a number, and of a word, in bytes: a status, a day and a word of the
/// report's own are shorter.
const PLAIN: usize = 12;

/// The secrets that answers gave, in the order of the exchanges.
#[derive(Default)]
pub(crate) struct Given {
    /// The variable that stands for each value.
    variables: HashMap<String, String>,
    names: Names,
    /// Values that a request had before any answer: the run made them up, or they are the user's.
    sent: HashSet<String>,
}

impl Given {
    /// Takes in the secrets of an exchange. What `masks` hides already is known by another name.
    pub(crate) fn take(&mut self, declared: &Declared<'_>, masks: &Masks, exchange: &Exchange) {
        let mut request = exchange.request.clone();
        declared.visit_request(&mut request, &mut |_, value| {
            let value = text(value);
            if !self.variables.contains_key(&value) {
                self.sent.insert(value);
            }
            None
        });
        if let Ok(reply) = &exchange.answer {
            let mut reply = reply.clone();
            declared.visit_reply(&request.operation, &mut reply, &mut |spot, value| {
                self.give(masks, spot, &text(value));
                None
            });
        }
    }

    /// Takes in a value that the user gave a run by the name of a secret.
    pub(crate) fn take_named(&mut self, masks: &Masks, name: &str, value: &str) {
        if names::members(name).any(names::is_secret) {
            self.add(masks, &variable_for(name), value);
        }
    }

    fn give(&mut self, masks: &Masks, spot: &Spot<'_>, value: &str) {
        let is_hidden = value
            .strip_prefix('$')
            .is_some_and(|name| self.names.has(name) || masks.shows(name));
        if !is_hidden && !self.sent.contains(value) {
            self.add(masks, &spot.variable, value);
        }
    }

    fn add(&mut self, masks: &Masks, variable: &str, value: &str) {
        if value.is_empty() || self.variables.contains_key(value) {
            return;
        }
        // A variable of the user's stands for another value.
        let name = loop {
            let name = self.names.take(variable);
            if !masks.shows(&name) {
                break name;
            }
        };
        self.variables.insert(value.to_owned(), name);
    }

    /// Hides the values wherever they turn up, those that are long enough.
    pub(crate) fn keep_back(&self, masks: &mut Masks) {
        for (value, name) in &self.variables {
            if is_telling(value) {
                masks.keep_back(value, &format!("${name}"));
            }
        }
    }

    /// An answer in which variables stand for what is secret by its place, however short it is.
    pub(crate) fn redacted(
        &self,
        declared: &Declared<'_>,
        request: &Request,
        reply: &Reply,
    ) -> Reply {
        let mut shown = reply.clone();
        declared.visit_reply(&request.operation, &mut shown, &mut |_, value| {
            let name = self.variables.get(&text(value))?;
            Some(Value::String(format!("${name}")))
        });
        shown
    }

    /// Hides, in what findings say, a short value that stands at the place of a secret.
    pub(crate) fn report(&self, report: &mut Report) {
        let findings = report.outcomes.iter_mut().map(|own| &mut own.findings);
        for finding in findings.flatten() {
            self.finding(finding);
        }
    }

    fn finding(&self, finding: &mut Finding) {
        let pointer = finding.pointer.as_deref().unwrap_or_default();
        let is_named = pointer.split('/').any(names::is_secret);
        // As a check writes a value that came: JSON.
        if is_named
            && let Ok(value @ (Value::String(_) | Value::Number(_))) =
                serde_json::from_str(&finding.actual)
            && let Some(name) = self.variables.get(&text(&value))
        {
            finding.actual = format!("${name}");
        }
    }
}

/// Whether a value is nothing that a report might say for itself.
fn is_telling(value: &str) -> bool {
    let is_plain = value.bytes().all(|byte| byte.is_ascii_digit())
        || value.bytes().all(|byte| byte.is_ascii_alphabetic());
    value.len() >= if is_plain { PLAIN } else { LEAST }
}

#[cfg(test)]
mod tests {
    use super::{Declared, Given, Masks};
    use crate::{Exchange, ExchangeId, Reply, Request};

    fn exchange(sent: &str, came: &str) -> Exchange {
        Exchange {
            id: ExchangeId(1),
            request: Request {
                body: Some(sent.as_bytes().to_vec()),
                ..Request::default()
            },
            answer: Ok(Reply {
                status: 200,
                body: came.as_bytes().to_vec(),
                ..Reply::default()
            }),
        }
    }

    #[test]
    fn what_an_answer_gives_is_hidden_and_what_was_sent_before_is_not() {
        let declared = Declared::by_name();
        let mut masks = Masks::default();
        masks.keep_back("s3cr3t-0f-users", "$API_KEY");
        let mut given = Given::default();
        let all = [
            exchange(r#"{"password":"made-up-1"}"#, r#"{"password":"made-up-1"}"#),
            exchange(
                "{}",
                r#"{"api_key":"t0ken-a","secret":"1","password":"required"}"#,
            ),
            exchange(r#"{"password":"t0ken-a"}"#, r#"{"api_key":"t0ken-b"}"#),
        ];
        for own in &all {
            given.take(&declared, &masks, own);
        }
        given.keep_back(&mut masks);
        assert_eq!(
            masks.text("made-up-1 t0ken-a t0ken-b 1 required"),
            "made-up-1 $API_KEY_2 $API_KEY_3 1 required"
        );
        let shown: Vec<String> = all
            .iter()
            .map(|own| given.redacted(&declared, &own.request, own.reply().unwrap()))
            .map(|reply| String::from_utf8(reply.body).unwrap())
            .collect();
        assert_eq!(
            shown,
            [
                r#"{"password":"made-up-1"}"#,
                r#"{"api_key":"$API_KEY_2","secret":"$SECRET","password":"$PASSWORD"}"#,
                r#"{"api_key":"$API_KEY_3"}"#,
            ]
        );
    }
}
