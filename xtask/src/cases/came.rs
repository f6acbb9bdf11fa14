//! What came of a case.

use std::fmt::Write as _;

/// How many lines of what a case printed are shown where it is wrong.
const SHOWN: usize = 40;

/// What came of a case.
pub(super) struct Came {
    /// The exit code; `None` when it had to be ended.
    pub(super) code: Option<i32>,
    /// What the commands printed, on both outputs.
    pub(super) printed: String,
    /// What the server printed.
    pub(super) server: String,
    /// How long the commands took.
    pub(super) seconds: f64,
}

impl Came {
    /// One line: the exit code, and the last words.
    pub(super) fn summary(&self) -> String {
        let code = match self.code {
            Some(code) => format!("exit code {code}"),
            None => "no end".to_owned(),
        };
        let mut lines = self.printed.lines().map(str::trim);
        let last = lines.rfind(|line| !line.is_empty()).unwrap_or("");
        let last: String = last.chars().take(160).collect();
        format!("{code}, {:.1} s, {}", self.seconds, last.escape_debug())
    }

    /// What was printed, for a person to read.
    pub(super) fn indented(&self) -> String {
        let mut text = String::new();
        for (whose, printed) in [("", &self.printed), ("server: ", &self.server)] {
            let lines: Vec<&str> = printed.lines().collect();
            let skipped = lines.len().saturating_sub(SHOWN);
            if skipped > 0 {
                // Writing to a string cannot fail.
                let _ = writeln!(text, "     | {whose}({skipped} lines more)");
            }
            for line in lines.iter().skip(skipped) {
                let line: String = line.chars().take(300).collect();
                let _ = writeln!(text, "     | {whose}{}", line.escape_debug());
            }
        }
        text
    }
}
