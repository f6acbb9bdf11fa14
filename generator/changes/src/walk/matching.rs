//! Which operation of the new document is which of the old one.

use super::fingerprint::Fingerprints;
use plumbline_specs::api::{Api, Operation, SchemaId};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Operations that are one, by index, and those that have no partner.
#[derive(Debug, Default)]
pub(crate) struct Matching {
    /// Old index, new index, and why they are taken for one where that is not certain.
    pub(crate) pairs: Vec<(usize, usize, Option<&'static str>)>,
    pub(crate) removed: Vec<usize>,
    pub(crate) added: Vec<usize>,
}

/// Matches by route, then by route without the names of its parameters, then by operationId,
/// and last by the same method, inputs and answers, which is a guess.
pub(crate) fn operations(old: (&Api, &Fingerprints), new: (&Api, &Fingerprints)) -> Matching {
    let mut matching = Matching {
        pairs: Vec::new(),
        removed: (0..old.0.operations.len()).collect(),
        added: (0..new.0.operations.len()).collect(),
    };
    let old_operations = &old.0.operations;
    let new_operations = &new.0.operations;
    matching.by(old_operations, new_operations, None, |operation| {
        Some(format!("{} {}", operation.method, operation.path))
    });
    matching.by(old_operations, new_operations, None, |operation| {
        Some(format!(
            "{} {}",
            operation.method,
            nameless(&operation.path)
        ))
    });
    matching.by(old_operations, new_operations, None, |operation| {
        operation.id.clone()
    });
    let why = "the method, the inputs and the answers are the same";
    let signed: HashMap<_, _> = old_operations
        .iter()
        .map(|operation| (&raw const *operation, signature(operation, old.1)))
        .chain(
            new_operations
                .iter()
                .map(|operation| (&raw const *operation, signature(operation, new.1))),
        )
        .collect();
    matching.by(old_operations, new_operations, Some(why), |operation| {
        signed.get(&(&raw const *operation)).cloned().flatten()
    });
    matching.pairs.sort_unstable();
    matching
}

impl Matching {
    /// Pairs those that are alone with their key on both sides.
    fn by(
        &mut self,
        old: &[Operation],
        new: &[Operation],
        why: Option<&'static str>,
        key: impl Fn(&Operation) -> Option<String>,
    ) {
        let keyed = |operations: &[Operation], left: &[usize]| {
            let mut keyed: HashMap<String, Vec<usize>> = HashMap::new();
            for index in left {
                if let Some(key) = operations.get(*index).and_then(&key) {
                    keyed.entry(key).or_default().push(*index);
                }
            }
            keyed
        };
        let ours = keyed(old, &self.removed);
        let theirs = keyed(new, &self.added);
        for (key, ours) in &ours {
            if let ([one], Some([other])) = (ours.as_slice(), theirs.get(key).map(Vec::as_slice)) {
                self.pairs.push((*one, *other, why));
            }
        }
        let pairs = &self.pairs;
        self.removed
            .retain(|index| !pairs.iter().any(|pair| pair.0 == *index));
        self.added
            .retain(|index| !pairs.iter().any(|pair| pair.1 == *index));
    }
}

/// A path template without the names of its parameters.
pub(crate) fn nameless(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for character in path.chars() {
        match character {
            '{' => {
                inside = true;
                out.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            other => out.push(other),
        }
    }
    out
}

/// The names in a path template, in order.
pub(crate) fn names(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
        .collect()
}

/// What an operation takes and gives, when that is enough to know it by: a body or an answer
/// with contents of its own.
fn signature(operation: &Operation, fingerprints: &Fingerprints) -> Option<String> {
    let fingerprint = |schema: Option<SchemaId>| schema.map(|schema| fingerprints.get(schema));
    let mut hasher = DefaultHasher::new();
    let mut parameters: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| {
            (
                &parameter.name,
                parameter.required,
                fingerprint(Some(parameter.schema)),
            )
        })
        .collect();
    parameters.sort_unstable();
    parameters.hash(&mut hasher);
    let mut contents = 0usize;
    if let Some(body) = &operation.body {
        for media_type in &body.content {
            (&media_type.name, fingerprint(media_type.schema)).hash(&mut hasher);
            contents += usize::from(media_type.schema.is_some());
        }
    }
    for response in &operation.responses {
        response.status.hash(&mut hasher);
        for media_type in &response.content {
            (&media_type.name, fingerprint(media_type.schema)).hash(&mut hasher);
            contents += usize::from(response.status.is_success() && media_type.schema.is_some());
        }
    }
    (contents > 0).then(|| format!("{} {:x}", operation.method, hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::{nameless, names};

    #[test]
    fn a_path_loses_its_names() {
        assert_eq!(nameless("/a/{id}/b/{other}"), "/a/{}/b/{}");
        assert_eq!(names("/a/{id}/b/{other}"), ["id", "other"]);
    }
}
