//! Strings that a regular expression matches.

use super::chance::Chance;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The longest string that is made from a pattern, in characters.
const LONGEST: usize = 4096;

/// Whether a text matches. A pattern beyond the regular ones (a look-ahead) matches nothing
/// here, so that a caller tries something else.
pub(super) fn fits(pattern: &str, text: &str) -> bool {
    regex::RegexBuilder::new(pattern)
        .size_limit(1 << 20)
        .build()
        .is_ok_and(|regex| regex.is_match(text))
}

/// A text made along the pattern; `None` where the pattern is not a regular one.
pub(super) fn follow(pattern: &str, least: Option<u64>, chance: &mut Chance) -> Option<String> {
    let hir = regex_syntax::Parser::new().parse(pattern).ok()?;
    let least = usize::try_from(least.unwrap_or(0)).ok()?;
    // Longer repetitions until the string is long enough.
    for more in 0..6 {
        let mut out = String::new();
        walk(
            &hir,
            if more == 0 { 2 } else { 4_usize.pow(more) },
            &mut out,
            chance,
        );
        if out.chars().count() >= least {
            return Some(out);
        }
    }
    None
}

fn walk(hir: &Hir, more: usize, out: &mut String, chance: &mut Chance) {
    if out.len() > LONGEST {
        return;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => out.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            // Printable ASCII where the class has it.
            let plain: Vec<char> = (' '..='~')
                .filter(|character| {
                    class
                        .ranges()
                        .iter()
                        .any(|range| range.start() <= *character && *character <= range.end())
                })
                .collect();
            let letters: Vec<char> = plain
                .iter()
                .copied()
                .filter(char::is_ascii_alphanumeric)
                .collect();
            let first = class.ranges().first().map(|range| range.start());
            let chosen = chance.pick(&letters).or_else(|| plain.first()).copied();
            out.extend(chosen.or(first));
        }
        HirKind::Class(Class::Bytes(class)) => {
            out.extend(
                class
                    .ranges()
                    .first()
                    .map(|range| char::from(range.start())),
            );
        }
        HirKind::Repetition(repetition) => {
            let least = repetition.min as usize;
            let most = repetition.max.map_or(least + more, |most| most as usize);
            let spare = most.saturating_sub(least).min(more);
            let times = if more > 2 {
                least + spare
            } else {
                least + chance.below(spare + 1)
            };
            for _ in 0..times.min(LONGEST) {
                walk(&repetition.sub, more, out, chance);
            }
        }
        HirKind::Capture(capture) => walk(&capture.sub, more, out, chance),
        HirKind::Concat(parts) => {
            for part in parts {
                walk(part, more, out, chance);
            }
        }
        HirKind::Alternation(branches) => {
            if let Some(branch) = chance.pick(branches) {
                walk(branch, more, out, chance);
            }
        }
    }
}
