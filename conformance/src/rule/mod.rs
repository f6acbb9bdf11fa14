//! The rules that a run judges by: id, promise, and the rule of the specification behind each.
//!
//! One declaration of a rule, in the table of its family, gives its constant, its id and what
//! the documentation says of it.

use serde::Serialize;

/// Declares the rules of one family as constants of type [`Rule`], and `ALL`, the table of them.
/// The doc comment of a rule is its promise; its id, its source and its example follow.
macro_rules! rules {
    ($family:ident; $($(#[doc = $promise:literal])+ $name:ident = $id:literal, $source:literal, $example:literal;)+) => {
        use super::{Family, Rule};

        $(
            $(#[doc = $promise])+
            pub const $name: Rule = Rule {
                id: $id,
                family: Family::$family,
                // The space that a doc comment begins with is no part of it.
                promise: concat!($($promise),+).split_at(1).1,
                source: $source,
                example: $example,
            };
        )+

        /// Every rule of this family, in the order in which reports show them.
        pub const ALL: &[Rule] = &[$($name),+];
    };
}

pub mod check;
pub mod fixture;
pub mod law;
pub mod traffic;

/// Every rule that a report may name: checks, laws, the rules of fixtures and of traffic.
pub fn rules() -> Rules {
    Rules::new(&[check::ALL, law::ALL, fixture::ALL, traffic::ALL])
}

/// What kind of rule it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// A rule about one exchange, or a few of one operation.
    Check,
    /// A law of pagination.
    Law,
    /// A rule about one exchange of a fixture.
    Fixture,
    /// A rule about a client's requests in recorded traffic.
    Traffic,
}

/// A check or a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// In kebab-case, stable, for example `no-duplicates`.
    pub id: &'static str,
    /// What kind of rule it is.
    pub family: Family,
    /// What a server promises, in one sentence.
    pub promise: &'static str,
    /// Where that comes from, for example `OpenAPI 3.0.3, Responses Object`.
    pub source: &'static str,
    /// A short example that breaks it.
    pub example: &'static str,
}

/// Every rule that a run judges by, in the order in which reports show them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules(Vec<Rule>);

impl Rules {
    /// Joins tables; of two rules with one id, the first counts.
    pub fn new(tables: &[&[Rule]]) -> Self {
        let mut rules = Vec::new();
        for rule in tables.iter().copied().flatten() {
            if !rules.iter().any(|own: &Rule| own.id == rule.id) {
                rules.push(*rule);
            }
        }
        Self(rules)
    }

    /// The rule of that id.
    pub fn find(&self, id: &str) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.id == id)
    }

    /// In order.
    pub fn iter(&self) -> std::slice::Iter<'_, Rule> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Rules {
    type Item = &'a Rule;
    type IntoIter = std::slice::Iter<'a, Rule>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// The rule of that id, for tests that are written as tables.
#[cfg(test)]
#[track_caller]
pub(crate) fn named(id: &str) -> Rule {
    let tables = [check::ALL, law::ALL, fixture::ALL, traffic::ALL];
    let rule = tables.iter().copied().flatten().find(|rule| rule.id == id);
    *rule.unwrap_or_else(|| panic!("there is no rule {id}"))
}
