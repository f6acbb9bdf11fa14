//! Small helps with words.

/// The longest word for which a candidate is looked for.
const MAX_WORD: usize = 200;

/// The candidate that is nearest to a word, when one is near enough to be meant.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let length = word.chars().count();
    if length > MAX_WORD {
        return None;
    }
    let allowed = match length {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= allowed)
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| {
            *distance <= allowed && *distance < candidate.chars().count()
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be added, removed or changed, case aside.
pub fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().flat_map(char::to_lowercase).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, one) in left.chars().flat_map(char::to_lowercase).enumerate() {
        let mut next = Vec::with_capacity(row.len());
        next.push(index + 1);
        for ((above, other), diagonal) in row.iter().skip(1).zip(&right).zip(&row) {
            let before = next.last().copied().unwrap_or_default();
            let changed = diagonal + usize::from(one != *other);
            next.push(changed.min(above + 1).min(before + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_found() {
        let keys = ["operationId", "parameters", "responses"];
        assert_eq!(nearest("operationIdd", keys), Some("operationId"));
        assert_eq!(nearest("OperationID", keys), Some("operationId"));
        assert_eq!(nearest("wholly-different", keys), None);
    }
}
