//! The names of variables, where many values ask for one.

use std::collections::{HashMap, HashSet};

/// Names that are taken: each variable stands for one thing.
#[derive(Default)]
pub(crate) struct Names {
    taken: HashSet<String>,
    /// How often each was asked for, so that thousands of one name are not tried anew each time.
    asked: HashMap<String, usize>,
}

impl Names {
    /// A name is taken from now on.
    pub(crate) fn keep(&mut self, name: &str) {
        self.taken.insert(name.to_owned());
    }

    /// Whether a name is taken.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.taken.contains(name)
    }

    /// Takes a name, or where that is taken the name with the first free number behind it.
    pub(crate) fn take(&mut self, name: &str) -> String {
        let asked = self.asked.entry(name.to_owned()).or_default();
        loop {
            *asked += 1;
            let free = match *asked {
                1 => name.to_owned(),
                number => format!("{name}_{number}"),
            };
            if self.taken.insert(free.clone()) {
                return free;
            }
        }
    }
}
