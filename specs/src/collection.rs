//! Which collection a parameter takes an id of, where its name alone says so.

use crate::api::{Api, Kind, Location, Method, Parameter};
use crate::suggest::words::{joined, singular};

/// The paths of single items (`/projects/{id}`) one of whose ids a parameter takes by its name:
/// `project`, `project_id` and `projectId` name an item of `/projects`. A name without `id` counts
/// where the type or the description is that of an id, since `status` is rarely one of `/statuses`.
/// Several paths mean that the name alone does not say which.
pub fn item_paths<'a>(api: &'a Api, parameter: &Parameter) -> Vec<&'a str> {
    if parameter.location == Location::Path {
        return Vec::new();
    }
    let name = joined(&parameter.name);
    let stem = ["uuid", "id"]
        .iter()
        .find_map(|ending| name.strip_suffix(ending))
        .filter(|stem| !stem.is_empty());
    if stem.is_none() && !takes_id(api, parameter) {
        return Vec::new();
    }
    let mut found: Vec<&str> = api
        .operations
        .iter()
        .filter(|operation| operation.method == Method::Get)
        .filter_map(|operation| {
            let path = operation.path.trim_end_matches('/');
            let (list, variable) = path.rsplit_once('/')?;
            let segment = list.rsplit('/').next()?;
            let is_item = variable.starts_with('{')
                && variable.ends_with('}')
                && variable.matches('{').count() == 1
                && !segment.contains('{');
            let item = joined(&singular(segment));
            (is_item && (item == name || Some(item.as_str()) == stem)).then_some(path)
        })
        .collect();
    found.dedup();
    found
}

/// Whether the type or the description of a parameter is that of an id.
fn takes_id(api: &Api, parameter: &Parameter) -> bool {
    let kind = &api.schemas[api.schemas.resolve(parameter.schema)].kind;
    let typed = match kind {
        Kind::Integer { values, .. } => values.is_none(),
        Kind::String { format, values, .. } => {
            values.is_none() && format.as_deref() == Some("uuid")
        }
        _ => false,
    };
    let described = parameter.description.as_deref().is_some_and(|text| {
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| word.eq_ignore_ascii_case("id"))
    });
    let free = matches!(
        kind,
        Kind::String { values: None, .. } | Kind::Integer { values: None, .. }
    );
    typed || (described && free)
}

#[cfg(test)]
mod tests {
    use super::item_paths;
    use crate::{Input, Options, read};

    #[test]
    fn a_parameter_names_a_collection_by_its_item() {
        let document = r#"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /projects/{id}/: {get: {parameters: [{$ref: '#/components/parameters/id'}], responses: {'200': {description: d}}}}
  /a/labels/{id}: {get: {parameters: [{$ref: '#/components/parameters/id'}], responses: {'200': {description: d}}}}
  /b/labels/{id}: {get: {parameters: [{$ref: '#/components/parameters/id'}], responses: {'200': {description: d}}}}
  /statuses/{id}: {get: {parameters: [{$ref: '#/components/parameters/id'}], responses: {'200': {description: d}}}}
  /tags:
    get:
      operationId: tags
      parameters:
        - {name: project, in: query, schema: {type: integer}}
        - {name: projectId, in: query, schema: {type: string}}
        - {name: X-Project-Id, in: header, schema: {type: string}}
        - {name: label_id, in: query, schema: {type: string}}
        - {name: status, in: query, schema: {type: string}}
        - {name: status_id, in: query, schema: {type: string}}
        - {name: id, in: query, schema: {type: string}}
        - {name: valid, in: query, schema: {type: boolean}}
      responses: {'200': {description: d}}
components:
  parameters:
    id: {name: id, in: path, required: true, schema: {type: integer}}
"#;
        let input = Input {
            name: "t.yaml",
            bytes: document.as_bytes(),
        };
        let reading = read(input, &Options::default()).unwrap();
        let tags = reading
            .api
            .operations
            .iter()
            .find(|operation| operation.path == "/tags")
            .unwrap();
        let found: Vec<(&str, Vec<&str>)> = tags
            .parameters
            .iter()
            .map(|parameter| (&*parameter.name, item_paths(&reading.api, parameter)))
            .collect();
        let expected: [(&str, &[&str]); 8] = [
            ("project", &["/projects/{id}"]),
            ("projectId", &["/projects/{id}"]),
            // A prefix of the name is not taken away.
            ("X-Project-Id", &[]),
            ("label_id", &["/a/labels/{id}", "/b/labels/{id}"]),
            ("status", &[]),
            ("status_id", &["/statuses/{id}"]),
            ("id", &[]),
            ("valid", &[]),
        ];
        let expected: Vec<(&str, Vec<&str>)> = expected
            .iter()
            .map(|(name, paths)| (*name, paths.to_vec()))
            .collect();
        assert_eq!(found, expected);
    }
}
