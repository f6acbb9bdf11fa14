//! Names of operations.

use super::{Scope, snake_of, words};
use indexmap::IndexMap;
use plumbline_specs::api::{Api, Operation};
use std::collections::HashSet;

/// Bare verbs, which name no operation on their own.
const VERBS: [&str; 20] = [
    "add", "all", "create", "delete", "destroy", "edit", "get", "index", "list", "patch", "post",
    "put", "query", "read", "remove", "retrieve", "search", "show", "update", "upsert",
];

/// Gives every operation of the API its name in snake_case, in the API's order.
///
/// An operation is called by its `x-name`, else by its operationId, else by its method and its
/// path. FastAPI writes an id as function name, path and method: such an id is cut down to the
/// function's name, to which the path is left where it is a bare verb. Operations that then share a name all take
/// words of their paths with them, so that a name never passes from one operation to another.
pub(in crate::plan) fn operation_names(api: &Api) -> Vec<String> {
    let wanted: Vec<Wanted> = api.operations.iter().map(Wanted::of).collect();
    let mut groups: IndexMap<String, Vec<usize>> = IndexMap::new();
    for (index, wanted) in wanted.iter().enumerate() {
        groups
            .entry(snake_of(&wanted.words))
            .or_default()
            .push(index);
    }
    let mut scope = Scope::with(super::CLIENT_METHODS);
    let mut names: Vec<Option<String>> = vec![None; wanted.len()];
    // What is said by hand or stands alone comes first, so that nothing takes its name.
    for by_hand in [true, false] {
        for (name, members) in &groups {
            for index in members {
                let (Some(wanted), Some(slot)) = (wanted.get(*index), names.get_mut(*index)) else {
                    continue;
                };
                if wanted.by_hand == by_hand && (by_hand || members.len() == 1) {
                    let other = format!("{}_operation", name.trim_start_matches("r#"));
                    *slot = Some(scope.claim(name.clone(), &[other]));
                }
            }
        }
    }
    for members in groups.values() {
        let open: Vec<(usize, &Wanted, &Operation)> = members
            .iter()
            .filter(|index| names.get(**index).is_some_and(Option::is_none))
            .filter_map(|index| Some((*index, wanted.get(*index)?, api.operations.get(*index)?)))
            .collect();
        for (index, name) in qualify(&open, &mut scope) {
            if let Some(slot) = names.get_mut(index) {
                *slot = Some(name);
            }
        }
    }
    names.into_iter().map(Option::unwrap_or_default).collect()
}

/// What an operation would like to be called.
struct Wanted {
    words: Vec<String>,
    /// Whether `x-name` says so.
    by_hand: bool,
}

impl Wanted {
    fn of(operation: &Operation) -> Self {
        if let Some(name) = &operation.name {
            return Self {
                words: words(name),
                by_hand: true,
            };
        }
        let words = match &operation.id {
            Some(id) => function_words(id, operation).unwrap_or_else(|| words(id)),
            None => {
                let mut all = words(operation.method.as_str());
                let root = operation.path.trim_matches('/').is_empty();
                all.extend(words(if root { "root" } else { &operation.path }));
                all
            }
        };
        Self {
            words,
            by_hand: false,
        }
    }
}

/// The words of the function's name in an id that FastAPI made: `name + path + method`, where
/// what is no word character became `_`.
fn function_words(id: &str, operation: &Operation) -> Option<Vec<String>> {
    let id = squeeze(id);
    let method = format!("_{}", operation.method.as_str().to_lowercase());
    let path = squeeze(&operation.path).to_lowercase();
    let lower = id.to_lowercase();
    let with_path = lower.strip_suffix(&method)?;
    let function = with_path.strip_suffix(path.trim_end_matches('_'))?;
    let cut = |length: usize| id.get(..length).map(words);
    let own = cut(function.trim_end_matches('_').len())?;
    let bare = match own.as_slice() {
        [] => true,
        [only] => VERBS.contains(&only.as_str()),
        _ => false,
    };
    if bare {
        cut(with_path.len())
    } else {
        Some(own)
    }
}

/// Every run of what is no letter and no digit becomes one `_`.
fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_ascii_alphanumeric() {
            out.push(character);
        } else if !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// Tells operations apart that want the same name: by the last word of the path that the name
/// does not hold, else by all of them, else by the method.
fn qualify(group: &[(usize, &Wanted, &Operation)], scope: &mut Scope) -> Vec<(usize, String)> {
    type Rule = fn(&Wanted, &Operation) -> Vec<String>;
    let rules: [Rule; 4] = [
        |wanted, operation| path_words(wanted, operation).pop().unwrap_or_default(),
        |_, operation| words(operation.method.as_str()),
        |wanted, operation| path_words(wanted, operation).concat(),
        |wanted, operation| {
            let mut all = path_words(wanted, operation).concat();
            all.extend(words(operation.method.as_str()));
            all
        },
    ];
    let spelled = |rule: Rule| -> Vec<String> {
        group
            .iter()
            .map(|(_, wanted, operation)| {
                let mut all = wanted.words.clone();
                all.extend(rule(wanted, operation));
                snake_of(&all)
            })
            .collect()
    };
    let mut chosen = Vec::new();
    for rule in rules {
        chosen = spelled(rule);
        let distinct: HashSet<&String> = chosen.iter().collect();
        if distinct.len() == chosen.len() && !chosen.iter().any(|name| scope.has(name)) {
            break;
        }
    }
    group
        .iter()
        .zip(chosen)
        .map(|((index, ..), name)| (*index, scope.claim(name, &[])))
        .collect()
}

/// The words of the path's fixed segments, segment by segment, without those segments whose
/// words the name holds already.
fn path_words(wanted: &Wanted, operation: &Operation) -> Vec<Vec<String>> {
    operation
        .path
        .split('/')
        .filter(|segment| !segment.is_empty() && !segment.contains('{'))
        .map(words)
        .filter(|segment| segment.iter().any(|word| !wanted.words.contains(word)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::testing::{api_with, operation};
    use plumbline_specs::api::Method;

    fn names(operations: &[(Method, &str, Option<&str>)]) -> Vec<String> {
        let operations = operations
            .iter()
            .map(|(method, path, id)| operation(*method, path, *id))
            .collect();
        operation_names(&api_with(operations))
    }

    #[test]
    fn an_operation_is_called_by_its_id_or_its_path() {
        assert_eq!(
            names(&[
                (Method::Get, "/v1/things", Some("findThings")),
                (Method::Delete, "/v1/things/{id}", None),
                (Method::Get, "/", None),
                (Method::Post, "/clone", Some("clone")),
            ]),
            [
                "find_things",
                "delete_v1_things_id",
                "get_root",
                "clone_operation"
            ]
        );
    }

    #[test]
    fn ids_of_fastapi_lose_path_and_method() {
        assert_eq!(
            names(&[
                (
                    Method::Post,
                    "/projects/{project_id}/experiments/search",
                    Some("search_experiments_projects__project_id__experiments_search_post")
                ),
                (
                    Method::Post,
                    "/projects/{project_id}/experiments/count",
                    Some("count_experiments_projects_project_id_experiments_count_post")
                ),
                (
                    Method::Get,
                    "/healthcheck",
                    Some("healthcheck_healthcheck_get")
                ),
                (Method::Get, "/teams/{id}", Some("get_teams__id__get")),
            ]),
            [
                "search_experiments",
                "count_experiments",
                "healthcheck",
                "get_teams_id"
            ]
        );
    }

    #[test]
    fn operations_of_one_name_all_say_more() {
        assert_eq!(
            names(&[
                (
                    Method::Put,
                    "/integrations/azure",
                    Some("set_integration_integrations_azure_put")
                ),
                (
                    Method::Put,
                    "/integrations/openai",
                    Some("set_integration_integrations_openai_put")
                ),
                (
                    Method::Put,
                    "/runs/{id}/settings",
                    Some("set_scorers_runs__id__settings_put")
                ),
                (
                    Method::Patch,
                    "/runs/{id}/settings",
                    Some("set_scorers_runs__id__settings_patch")
                ),
                (Method::Get, "/match", Some("match")),
                (Method::Delete, "/match", Some("Match")),
            ]),
            [
                "set_integration_azure",
                "set_integration_openai",
                "set_scorers_put",
                "set_scorers_patch",
                "match_get",
                "match_delete",
            ]
        );
    }
}
