//! Names of the types that components become.

use super::{LONGEST, words};

/// The words of a component's name, frameworks' manners of writing one seen through.
///
/// - `galileo_core__schemas__shared__ScorerName`, as FastAPI writes it when two modules have a
///   type of that name: the first module and the type.
/// - `Body_create_thing_things__id__post`: what `operation` gives for the id, and `Body`.
/// - `AndNode_Annotated_Union_A__B__…` beyond the greatest length: the generic type alone.
pub(in crate::plan) fn component_words(
    name: &str,
    operation: impl Fn(&str) -> Option<String>,
) -> Vec<String> {
    if let Some(name) = name.strip_prefix("Body_").and_then(&operation) {
        let mut all = words(&name);
        all.push("body".to_owned());
        return all;
    }
    if let Some((module, own)) = qualified(name) {
        let mut all = words(module);
        let own = words(own);
        if !own.starts_with(&all) {
            all.extend(own);
            return all;
        }
        return own;
    }
    let all = words(name);
    let length: usize = all.iter().map(|word| word.chars().count()).sum();
    if length > LONGEST - 4
        && let Some((base, _)) = name.split_once('_')
        && base.starts_with(char::is_uppercase)
    {
        return words(base);
    }
    all
}

/// The first module and the type's own name of a name that says its modules.
fn qualified(name: &str) -> Option<(&str, &str)> {
    let (modules, own) = name.rsplit_once("__")?;
    let lower = |module: &str| {
        module.starts_with(|first: char| first.is_ascii_lowercase())
            && !module.contains(char::is_uppercase)
    };
    let mut all = modules.split("__");
    let first = all.next().filter(|first| lower(first))?;
    (all.all(lower) && own.starts_with(char::is_uppercase)).then_some((first, own))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::names::pascal_of;

    #[test]
    fn frameworks_are_seen_through() {
        let operation = |id: &str| (id == "create_things_post").then(|| "create".to_owned());
        let cases = [
            ("ExperimentPublic", "ExperimentPublic"),
            ("Page_Experiment_", "PageExperiment"),
            (
                "galileo_core__schemas__shared__ScorerName",
                "GalileoCoreScorerName",
            ),
            ("api__Experiment", "ApiExperiment"),
            ("Body_create_things_post", "CreateBody"),
            ("Body_other", "BodyOther"),
            (
                "AndNode_Annotated_Union_LogRecordsIDFilter__LogRecordsDateFilter___FieldInfo_",
                "AndNode",
            ),
            ("HTTPValidationError", "HttpValidationError"),
        ];
        for (name, expected) in cases {
            assert_eq!(
                pascal_of(&component_words(name, operation)),
                expected,
                "{name}"
            );
        }
    }
}
