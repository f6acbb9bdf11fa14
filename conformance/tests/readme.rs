//! What the README and the reference show is what the kit takes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{fixture, known};
use plumbline_specs::{Diagnostic, Severity};

const README: &str = include_str!("../../README.md");
const FIXTURES: &str = include_str!("../../docs/reference/fixtures.md");

/// The first block of YAML below a heading of a page that holds these words.
fn block(page: &'static str, heading: &str, words: &str) -> &'static str {
    let (_, section) = page.split_once(&format!("{heading}\n")).unwrap();
    let mut blocks = section.split("```yaml\n").skip(1);
    blocks
        .find_map(|rest| {
            let (block, _) = rest.split_once("```")?;
            block.contains(words).then_some(block)
        })
        .unwrap()
}

fn errors(found: Vec<Diagnostic>) -> Vec<String> {
    found
        .into_iter()
        .filter(|one| one.severity == Severity::Error)
        .map(|one| format!("{}: {}", one.code, one.message))
        .collect()
}

#[test]
fn its_fixture_fits_the_document() {
    let bytes = block(FIXTURES, "# Fixtures", "exchanges:").as_bytes();
    let fixture = fixture::load(bytes, "fixtures.md").map_err(errors).unwrap();
    let contract = plumbline_reference::vendor("opik")
        .unwrap()
        .contract()
        .unwrap();
    let found = errors(fixture::check(&contract, &fixture));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn its_known_failures_are_a_list_of_them() {
    let bytes = block(README, "## Verify in CI", "tracked:").as_bytes();
    let entries = known::load(bytes, "README.md").map_err(errors).unwrap();
    assert_eq!(entries[0].id, "total-true");
}

#[test]
fn its_profile_is_an_overlay_that_a_list_takes() {
    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: Things, version: '1'}
paths:
  /things:
    get:
      operationId: listThings
      parameters:
        - {name: cursor, in: query, schema: {type: string}}
        - {name: limit, in: query, schema: {type: integer}}
        - {name: name, in: query, schema: {type: string}}
      responses:
        '200':
          description: Things.
          content:
            application/json:
              schema:
                type: object
                properties:
                  next_cursor: {type: string}
                  data:
                    type: array
                    items: {type: object, properties: {id: {}, name: {}, created_at: {}}}
";
    let overlay = block(README, "## Profiles", "x-pagination:");
    let (_, contract) = plumbline_conformance::verify("http://localhost")
        .document("things.yaml", DOCUMENT)
        .overlay("README.md", overlay)
        .contract()
        .unwrap();
    let profile = contract.operation("listThings").unwrap();
    let profile = profile.pagination.as_ref().unwrap();
    assert_eq!(profile.style.name(), "cursor");
    assert_eq!((profile.maximum, profile.filter.len()), (Some(100), 1));
}
