//! The next version of a package.

use plumbline_changes::Step;

/// The next version by Semantic Versioning as cargo reads it: before 1.0 the leftmost part that
/// is not zero is the major one. `None` where the version is not x.y.z.
pub fn stepped(version: &str, step: Step) -> Option<String> {
    let parts: Result<Vec<u64>, _> = version.split('.').map(str::parse).collect();
    let [major, minor, patch]: [u64; 3] = parts.ok()?.try_into().ok()?;
    let after = |part: u64| part.saturating_add(1);
    let next = match (step, major, minor) {
        (Step::None, ..) => [major, minor, patch],
        (Step::Major, 0, 0) | (Step::Minor | Step::Patch, 0, _) => [major, minor, after(patch)],
        (Step::Major, 0, _) => [major, after(minor), 0],
        (Step::Major, ..) => [after(major), 0, 0],
        (Step::Minor, ..) => [major, after(minor), 0],
        (Step::Patch, ..) => [major, minor, after(patch)],
    };
    Some(next.map(|part| part.to_string()).join("."))
}

/// A step with its article.
pub fn describe(step: Step) -> &'static str {
    match step {
        Step::None => "no step",
        Step::Patch => "a patch",
        Step::Minor => "a minor step",
        Step::Major => "a major step",
    }
}

#[cfg(test)]
mod tests {
    use super::stepped;
    use plumbline_changes::Step::{Major, Minor, None, Patch};

    #[test]
    fn a_step_moves_the_part_that_cargo_looks_at() {
        let cases = [
            ("0.1.0", Major, "0.2.0"),
            ("0.1.3", Minor, "0.1.4"),
            ("0.1.3", Patch, "0.1.4"),
            ("0.0.3", Major, "0.0.4"),
            ("1.2.3", Major, "2.0.0"),
            ("1.2.3", Minor, "1.3.0"),
            ("1.2.3", Patch, "1.2.4"),
            ("1.2.3", None, "1.2.3"),
        ];
        for (old, step, new) in cases {
            assert_eq!(stepped(old, step).as_deref(), Some(new), "{old} {step}");
        }
        for wrong in ["1.2", "1.2.3.4", "1.2.x", ""] {
            assert!(stepped(wrong, Major).is_none(), "{wrong}");
        }
    }
}
