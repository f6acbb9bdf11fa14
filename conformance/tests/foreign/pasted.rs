//! Curl commands as a report for a terminal shows them, pasted into a shell.

use serde_json::Value;
use std::process::Command;

/// What came of a command.
#[derive(Debug)]
pub(crate) struct Pasted {
    pub(crate) command: String,
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    /// The body; null where it is no JSON.
    pub(crate) json: Value,
}

/// The commands of each finding under a rule.
pub(crate) fn findings(text: &str, rule: &str) -> Vec<Vec<String>> {
    let (mut found, mut inside) = (Vec::new(), false);
    for line in text.lines() {
        if let Some(heading) = line
            .strip_prefix("  ✗ ")
            .or_else(|| line.strip_prefix("  ! "))
        {
            inside = heading.split(' ').next() == Some(rule);
        } else if inside && line.is_empty() {
            found.push(Vec::new());
        } else if let (true, Some(command)) = (inside, line.strip_prefix("        "))
            && ["curl ", "printf "]
                .iter()
                .any(|own| command.starts_with(own))
        {
            found.last_mut().unwrap().push(command.to_owned());
        }
        if !line.starts_with(' ') && !line.is_empty() {
            inside = false;
        }
    }
    found.retain(|commands| !commands.is_empty());
    found
}

impl Pasted {
    pub(crate) fn of(command: &str) -> Self {
        let output = Command::new("sh").arg("-c").arg(command).output().unwrap();
        assert!(output.status.success(), "{command}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap();
        Self {
            command: command.to_owned(),
            status: status.parse().unwrap(),
            headers: lines
                .filter_map(|line| line.split_once(": "))
                .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
                .collect(),
            json: serde_json::from_str(body).unwrap_or_default(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// A value, as JSON.
    pub(crate) fn at(&self, pointer: &str) -> String {
        self.json.pointer(pointer).unwrap().to_string()
    }

    /// A member of each item: a text's own words, anything else as JSON.
    pub(crate) fn list(&self, items: &str, member: &str) -> Vec<String> {
        let items = self.json.pointer(items).and_then(Value::as_array).unwrap();
        items
            .iter()
            .map(|item| match item.pointer(member).unwrap() {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            })
            .collect()
    }
}
