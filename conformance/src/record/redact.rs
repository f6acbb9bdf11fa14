//! Secrets taken out of exchanges: by where they stand, and then wherever their values turn up.

use super::finder::Finder;
use crate::contract::text;
use crate::secrets::{Declared, Masks, Names, Spot};
use crate::{Contract, Exchange, Report};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Bound;

/// A value that stands for itself wherever it turns up is at least as long, in bytes.
pub(super) const LONG: usize = 8;

/// Exchanges without their secrets.
pub(super) struct Redacted {
    /// For a fixture: a text stands in for each secret, that fits where the secret stood.
    pub(super) exchanges: Vec<Exchange>,
    /// For a report: `$NAME` stands for each.
    pub(super) shown: Vec<Exchange>,
    /// The secrets, in the order of meeting.
    pub(super) secrets: Vec<Secret>,
    /// What hides them in texts.
    pub(super) masks: Masks,
    /// Finds what stands in for them.
    pub(super) stand_ins: Finder,
}

/// A secret, without its value.
#[derive(Clone, Debug)]
pub(super) struct Secret {
    /// The variable that holds it.
    pub(super) variable: String,
    /// The text that stands in for it.
    pub(super) stand_in: String,
}

/// Secrets while they are being found. A session may have thousands, so each is looked up.
struct Found<'t> {
    secrets: Vec<Secret>,
    /// The place of a value's secret among them.
    by_value: HashMap<String, usize>,
    taken_stand_ins: HashSet<String>,
    variables: Names,
    /// The variables that the traffic itself uses.
    used: &'t BTreeSet<String>,
    masks: Masks,
    stand_ins: Masks,
}

impl Redacted {
    /// Hides the secrets in a report of the same exchanges.
    pub(super) fn hide(&self, report: &mut Report) {
        let shown: HashMap<_, _> = self.shown.iter().map(|own| (own.id, own)).collect();
        for exchange in &mut report.exchanges {
            if let Some(shown) = shown.get(&exchange.id) {
                exchange.clone_from(shown);
            }
        }
        self.masks.report(report);
    }
}

/// Takes the secrets out of exchanges.
pub(super) fn redact(
    contract: &Contract,
    declared: &Declared<'_>,
    exchanges: &[Exchange],
    user_info: &[(String, String)],
    used: &BTreeSet<String>,
) -> Redacted {
    let mut found = Found {
        secrets: Vec::new(),
        by_value: HashMap::new(),
        taken_stand_ins: HashSet::new(),
        variables: Names::default(),
        used,
        masks: Masks::default(),
        stand_ins: Masks::default(),
    };
    for (user, password) in user_info {
        found.user_info(user, password);
    }
    // All are found before any is replaced by value: an answer may tell what is sent later.
    let located: Vec<Exchange> = exchanges
        .iter()
        .map(|exchange| {
            let mut exchange = exchange.clone();
            declared.visit(&mut exchange, &mut |spot, value| {
                found.stand_in(contract, spot, value)
            });
            exchange
        })
        .collect();
    let shown = exchanges
        .iter()
        .map(|original| {
            let mut exchange = original.clone();
            let mut names = Vec::new();
            declared.visit(&mut exchange, &mut |_, value| {
                let name = found.name(&text(value))?;
                names.push(name.to_owned());
                Some(Value::String(format!("${name}")))
            });
            let before = exchange.request.clone();
            let mut shown = found.masks.exchange(&exchange);
            // What read like a variable before is a text.
            let now = before.words_behind_dollars();
            let then = original.request.words_behind_dollars();
            names.retain(|name| is_begun(&now, name) && !is_begun(&then, name));
            shown.request.secrets.extend(names);
            shown.request.secrets.sort();
            shown.request.secrets.dedup();
            shown
        })
        .collect();
    Redacted {
        // One by one, so that no further copy of all is there at once.
        exchanges: located
            .into_iter()
            .map(|exchange| found.stand_ins.replaced(&exchange))
            .collect(),
        shown,
        stand_ins: Finder::new(found.secrets.iter().map(|own| own.stand_in.as_str())),
        secrets: found.secrets,
        masks: found.masks,
    }
}

/// Whether one of the words behind dollars begins with a name.
fn is_begun(words: &BTreeSet<String>, name: &str) -> bool {
    let mut from = words.range::<str, _>((Bound::Included(name), Bound::Unbounded));
    from.next().is_some_and(|word| word.starts_with(name))
}

impl Found<'_> {
    fn secret(&self, value: &str) -> Option<&Secret> {
        self.secrets.get(*self.by_value.get(value)?)
    }

    fn name(&self, value: &str) -> Option<&str> {
        self.secret(value).map(|secret| secret.variable.as_str())
    }

    fn keep(&mut self, value: String, secret: Secret) {
        self.by_value.insert(value, self.secrets.len());
        self.taken_stand_ins.insert(secret.stand_in.clone());
        self.variables.keep(&secret.variable);
        self.secrets.push(secret);
    }

    fn user_info(&mut self, user: &str, password: &str) {
        for (value, name) in [(password, "PASSWORD"), (user, "USER")] {
            if !value.is_empty() {
                self.masks.keep_back(value, &format!("${name}"));
                self.stand_ins.keep_back(value, &name.to_ascii_lowercase());
            }
        }
        let pair = format!("{user}:{password}");
        self.masks.keep_back(&pair, "$USER:$PASSWORD");
        self.stand_ins.keep_back(&pair, "user:password");
    }

    /// What stands in for a secret value; `None` where there is nothing to hide.
    fn stand_in(&mut self, contract: &Contract, spot: &Spot<'_>, value: &Value) -> Option<Value> {
        let text = text(value);
        // What stands in for a secret is met again where several say that its place is secret.
        if text.is_empty() || self.taken_stand_ins.contains(&text) {
            return None;
        }
        if value.is_number() {
            // A variable cannot be put into JSON as a number: another number stands there.
            self.masks.keep_back(&text, &format!("${}", spot.variable));
            if self.name(&text).is_none() {
                let secret = Secret {
                    variable: spot.variable.clone(),
                    stand_in: "0".to_owned(),
                };
                self.keep(text, secret);
            }
            return Some(Value::from(0));
        }
        let used = self.used;
        let named = text.strip_prefix('$').filter(|name| used.contains(*name));
        if let Some(secret) = self.secret(&text) {
            return Some(Value::String(secret.stand_in.clone()));
        }
        let number = self.secrets.len() + 1;
        let plain = format!("plumbline-secret-{number:03}");
        let stand_in = spot
            .schema
            .and_then(|(schema, place, direction)| {
                let fits = |text: &str| contract.is_valid(place, direction, &text.into());
                if fits(&plain) || !fits(&text) {
                    return None;
                }
                // Each seed gives another value; a few are enough to find one that is free.
                (number as u64..number as u64 + 16)
                    .filter_map(|seed| {
                        let invented = contract.inventor(direction).seed(seed).value(schema);
                        invented.as_str().map(str::to_owned)
                    })
                    .find(|invented| fits(invented) && *invented != text && self.is_free(invented))
            })
            .unwrap_or(plain);
        // Taken out before, by a fixture: its own name stays.
        let variable = self.variables.take(named.unwrap_or(&spot.variable));
        let shown = format!("${variable}");
        if spot.header {
            self.masks.keep_back_header(&text, &shown);
            self.stand_ins.keep_back_header(&text, &stand_in);
            // The user and the password of basic authentication.
            self.masks.keep_back_pair(&text, &shown);
            self.stand_ins.keep_back_pair(&text, &stand_in);
        } else {
            self.masks.keep_back(&text, &shown);
            self.stand_ins.keep_back(&text, &stand_in);
        }
        let secret = Secret {
            variable,
            stand_in: stand_in.clone(),
        };
        self.keep(text, secret);
        Some(Value::String(stand_in))
    }

    /// Whether a text can stand for one secret alone, wherever it turns up.
    fn is_free(&self, text: &str) -> bool {
        text.len() >= LONG && !self.taken_stand_ins.contains(text)
    }
}
