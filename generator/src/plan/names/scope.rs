//! A namespace: names that must differ.

use super::LONGEST;
use std::collections::{HashMap, HashSet};

/// A namespace. Who comes first keeps the name; a later one takes a suffix.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    taken: HashSet<String>,
    numbers: HashMap<String, usize>,
}

impl Scope {
    /// A namespace in which these names are taken.
    pub(crate) fn with(reserved: &[&str]) -> Self {
        Self {
            taken: reserved.iter().map(|name| (*name).to_owned()).collect(),
            numbers: HashMap::new(),
        }
    }

    /// Whether the name is taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// Takes the name when it is free, else the first of the others that is, else the name
    /// with a number from 2.
    pub(crate) fn claim(&mut self, name: String, others: &[String]) -> String {
        let free = std::iter::once(&name)
            .chain(others)
            .find(|name| name.chars().count() <= LONGEST && !self.taken.contains(*name));
        let chosen = match free {
            Some(free) => free.clone(),
            None => self.numbered(&name),
        };
        self.taken.insert(chosen.clone());
        chosen
    }

    fn numbered(&mut self, name: &str) -> String {
        let base = name.strip_prefix("r#").unwrap_or(name);
        let room = LONGEST.saturating_sub(6);
        let base: String = base.chars().take(room).collect();
        let snake = !base.contains(char::is_uppercase);
        let gap = if snake || base.ends_with(char::is_numeric) {
            "_"
        } else {
            ""
        };
        let number = self.numbers.entry(base.clone()).or_insert(1);
        loop {
            *number += 1;
            let candidate = format!("{base}{gap}{number}");
            if !self.taken.contains(&candidate) {
                return candidate;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_keeps_the_name() {
        let mut scope = Scope::with(&["Option"]);
        let mut claim = |name: &str| scope.claim(name.to_owned(), &[]);
        assert_eq!(claim("Option"), "Option2");
        assert_eq!(claim("r#type"), "r#type");
        assert_eq!(claim("r#type"), "type_2");
        assert_eq!(claim("r#type"), "type_3");
        assert_eq!(claim("V1"), "V1");
        assert_eq!(claim("V1"), "V1_2");
        assert_eq!(
            scope.claim("Option".to_owned(), &["OptionModel".to_owned()]),
            "OptionModel"
        );
    }
}
