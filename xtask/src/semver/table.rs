//! The pairs with both verdicts, as text, and what is wrong with them.

use super::Judged;
use super::explained::Explained;
use plumbline_changes::Step;
use std::fmt::Write as _;

/// The table with its counts, and a line for each fault.
pub(super) fn text(judged: &[Judged], explained: &Explained) -> (String, Vec<String>) {
    let mut text = String::new();
    let mut faults = Vec::new();
    let (mut agree, mut differ) = (0, 0);
    let width = judged.iter().map(|one| one.name.len()).max().unwrap_or(0);
    for one in judged {
        let result = match (one.agrees(), explained.of(&one.name)) {
            (true, None) => "agree".to_owned(),
            (true, Some(reason)) => {
                faults.push(format!(
                    "{}: the verdicts agree; take it out of `{reason}` in explained.toml",
                    one.name
                ));
                "agree".to_owned()
            }
            (false, Some(reason)) => reason.to_owned(),
            (false, None) => {
                faults.push(format!(
                    "{}: we say {}, cargo semver-checks says {}, and explained.toml does not say why",
                    one.name, one.ours, word(one.theirs.step)
                ));
                "differ".to_owned()
            }
        };
        *(if one.agrees() {
            &mut agree
        } else {
            &mut differ
        }) += 1;
        let lints = one.theirs.lints.join(", ");
        let (ours, theirs) = (one.ours, word(one.theirs.step));
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:width$}  {:5}  {theirs:5}  {result:14}  {lints}",
            one.name,
            ours.to_string()
        );
    }
    let _ = writeln!(
        text,
        "{} pairs: {agree} agree, {differ} differ, {} of them without a reason",
        judged.len(),
        faults.len()
    );
    (text, faults)
}

/// What the tool says, as it says it.
fn word(step: Step) -> &'static str {
    match step {
        Step::Major => "major",
        Step::Minor => "minor",
        Step::Patch | Step::None => "-",
    }
}
