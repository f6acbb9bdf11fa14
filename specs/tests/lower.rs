//! What schemas become: documents in, a short notation of the Api's schemas out.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use plumbline_specs::api::{Additional, Api, Kind, SchemaId, UnionKind};
use plumbline_specs::{Input, Options, Reading, read};

fn reading(schemas: &str) -> Reading {
    let document = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\ncomponents:\n  schemas:\n{schemas}"
    );
    let input = Input {
        name: "document.yaml",
        bytes: document.as_bytes(),
    };
    read(input, &Options::default()).expect("the document is read")
}

/// The component `It` in a short notation, and the codes of what was found.
fn it(schemas: &str) -> (String, Vec<&'static str>) {
    let reading = reading(schemas);
    let api = &reading.api;
    let (id, _) = api
        .schemas
        .iter()
        .find(|(_, schema)| schema.name.as_deref() == Some("It"))
        .expect("a component named It");
    let codes = reading.diagnostics.iter().map(|found| found.code.as_str());
    (short(api, id, true), codes.collect())
}

/// A named schema below the first is its name; `?` is nullable, `!` required.
fn short(api: &Api, id: SchemaId, open: bool) -> String {
    let schema = &api.schemas[id];
    if let (Some(name), false) = (&schema.name, open) {
        return name.clone();
    }
    let null = if schema.nullable { "?" } else { "" };
    let values = |values: &Option<Vec<String>>| match values {
        Some(values) => format!("({})", values.join("|")),
        None => String::new(),
    };
    let below = |id: SchemaId| short(api, id, false);
    let text = match &schema.kind {
        Kind::Any => "any".to_owned(),
        Kind::Never => "never".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Alias(target) => format!("={}", below(*target)),
        Kind::Boolean { .. } => "boolean".to_owned(),
        Kind::Integer { bounds, .. } => match &bounds.minimum {
            Some(minimum) if bounds.exclusive_minimum => format!("integer>{minimum}"),
            Some(minimum) => format!("integer>={minimum}"),
            None => "integer".to_owned(),
        },
        Kind::Number { .. } => "number".to_owned(),
        Kind::String {
            values: allowed,
            format,
            content,
            ..
        } => match (format, content) {
            (_, Some(content)) => {
                let inner = content.schema.map(below).unwrap_or_default();
                format!("string<{} {inner}>", content.media_type)
            }
            (Some(format), _) => format!("string:{format}"),
            _ => format!("string{}", values(allowed)),
        },
        Kind::Array { items, .. } => format!("[{}]", below(*items)),
        Kind::Tuple { items, rest } => {
            let items: Vec<String> = items.iter().map(|item| below(*item)).collect();
            let rest = rest.map(|rest| format!(", ..{}", below(rest)));
            format!("({}{})", items.join(", "), rest.unwrap_or_default())
        }
        Kind::Object {
            properties,
            additional,
            ..
        } => {
            let mut parts: Vec<String> = properties
                .iter()
                .map(|(name, property)| {
                    let required = if property.required { "!" } else { "" };
                    format!("{name}{required}: {}", below(property.schema))
                })
                .collect();
            match additional {
                Additional::Unspecified => {}
                Additional::Forbidden => parts.push("closed".to_owned()),
                Additional::Allowed(schema) => parts.push(format!("*: {}", below(*schema))),
            }
            format!("{{{}}}", parts.join(", "))
        }
        Kind::Union {
            kind,
            variants,
            discriminator,
        } => {
            let variants: Vec<String> = variants
                .iter()
                .map(|variant| {
                    let tags = variant.tags.join("/");
                    let tags = if tags.is_empty() {
                        tags
                    } else {
                        format!("{tags}=>")
                    };
                    format!("{tags}{}", below(variant.schema))
                })
                .collect();
            let by = discriminator
                .as_ref()
                .map(|own| format!(" by {}", own.property));
            let kind = match kind {
                UnionKind::OneOf => "one",
                UnionKind::AnyOf => "any",
            };
            format!("{kind}<{}{}>", variants.join(" | "), by.unwrap_or_default())
        }
        Kind::Mixed { values } => format!("mixed({})", values.len()),
    };
    format!("{text}{null}")
}

#[test]
fn all_of_is_merged_and_named_schemas_keep_their_identity() {
    let (text, codes) = it("
    It: {allOf: [{$ref: '#/components/schemas/Base'}, {required: [a, c], properties: {b: {description: Told again.}, c: {type: integer}}}]}
    Base: {type: object, properties: {a: {type: string}, b: {$ref: '#/components/schemas/Part'}}}
    Part: {type: object}
");
    assert_eq!(text, "{a!: string, b: Part, c!: integer}");
    assert_eq!(codes, Vec::<&str>::new());
}

#[test]
fn an_all_of_of_one_reference_is_an_alias() {
    let part = "    Part: {type: object}\n";
    for (schema, expected) in [
        (
            "{allOf: [{$ref: '#/components/schemas/Part'}], description: d}",
            "=Part",
        ),
        (
            "{$ref: '#/components/schemas/Part', type: object, description: d}",
            "=Part",
        ),
        (
            "{anyOf: [{$ref: '#/components/schemas/Part'}, {type: 'null'}]}",
            "=Part?",
        ),
        (
            "{allOf: [{$ref: '#/components/schemas/Part'}], required: [a]}",
            "{a!: any}",
        ),
        ("{$ref: '#/components/schemas/Part'}", "=Part"),
    ] {
        assert_eq!(
            it(&format!("    It: {schema}\n{part}")).0,
            expected,
            "{schema}"
        );
    }
}

#[test]
fn what_is_declared_twice_is_narrowed() {
    let (text, codes) = it("
    It: {allOf: [{properties: {n: {type: number}, s: {type: string}, i: {type: integer, minimum: 1}}},
                 {properties: {n: {type: integer}, s: {enum: [a, b]}, i: {exclusiveMinimum: 1}}}]}
");
    assert_eq!(text, "{n: integer, s: string(a|b), i: integer>1}");
    assert_eq!(codes, Vec::<&str>::new());
}

#[test]
fn a_contradiction_is_said() {
    let (text, codes) = it("
    It: {allOf: [{properties: {a: {type: string}}}, {properties: {a: {type: integer}}}]}
");
    assert_eq!(text, "{a: integer}");
    assert_eq!(codes, ["contradiction"]);
}

#[test]
fn what_stands_beside_a_union_is_distributed() {
    let (text, _) = it("
    It: {type: object, required: [id], properties: {id: {type: string}},
         oneOf: [{properties: {a: {type: string}}}, {$ref: '#/components/schemas/B'}]}
    B: {type: object, properties: {b: {type: integer}}, additionalProperties: false}
");
    assert_eq!(
        text,
        "one<{id!: string, a: string} | {id!: string, b: integer, closed}>"
    );
}

#[test]
fn a_union_within_all_of_is_distributed() {
    let (text, _) = it("
    It: {allOf: [{$ref: '#/components/schemas/Either'}, {type: object, properties: {id: {type: string}}}]}
    Either: {oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}],
             discriminator: {propertyName: kind}}
    A: {type: object, properties: {kind: {type: string}, a: {type: string}}}
    B: {type: object, properties: {kind: {type: string}}}
");
    assert_eq!(
        text,
        "one<A=>{kind: string, a: string, id: string} | B=>{kind: string, id: string} by kind>"
    );
}

#[test]
fn a_single_member_beside_properties_is_merged() {
    let (text, _) = it("
    It: {properties: {id: {type: string}}, oneOf: [{properties: {a: {type: string}}}, {type: 'null'}]}
");
    assert_eq!(text, "{id: string, a: string}?");
}

#[test]
fn members_that_only_require_are_passed_over() {
    let (text, codes) = it("
    It: {type: object, properties: {a: {}, b: {}}, anyOf: [{required: [a]}, {required: [b]}]}
");
    assert_eq!(text, "{a: any, b: any}");
    assert_eq!(codes, ["ignored-keyword"]);
}

#[test]
fn a_type_that_excludes_the_members_beside_it_is_not_read() {
    let (text, codes) = it("
    It: {type: object, anyOf: [{type: object}, {type: string}]}
");
    assert_eq!(text, "any<{} | string>");
    assert_eq!(codes, ["contradiction"]);
}

#[test]
fn a_type_beside_members_without_one_is_theirs() {
    let (text, _) = it("    It: {type: string, anyOf: [{format: date}, {format: date-time}]}\n");
    assert_eq!(text, "any<string:date | string:date-time>");
}

#[test]
fn bounds_beside_a_union_are_kept() {
    let text = it("    It: {type: array, minItems: 1, anyOf: [{items: {type: string}}, {items: {type: integer}}]}\n").0;
    assert_eq!(text, "any<[string] | [integer]>");
}

#[test]
fn discriminators_give_tags() {
    let (text, codes) = it("
    It:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cow'},
              {type: object, properties: {kind: {const: bee}}}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', tom: Cat, dog: Dog, ant: Ant}}
    Cat: {type: object}
    Dog: {type: object}
    Cow: {type: object}
");
    assert_eq!(
        text,
        "one<cat/tom=>Cat | dog=>Dog | Cow=>Cow | bee=>{kind: string(bee)} by kind>"
    );
    assert_eq!(codes, ["discriminator-mapping"]);
}

#[test]
fn types_and_values() {
    for (schema, expected) in [
        ("{}", "any"),
        ("true", "any"),
        ("false", "never"),
        ("{not: {}}", "never"),
        ("{type: 'null'}", "null"),
        ("{type: [string, 'null']}", "string?"),
        ("{type: [string, integer]}", "any<string | integer>"),
        (
            "{type: [string, number, integer, boolean, object, array, 'null']}",
            "any",
        ),
        ("{enum: [a, b, null]}", "string(a|b)?"),
        ("{enum: [a, 1]}", "mixed(2)"),
        ("{enum: [1, 2.5]}", "number"),
        ("{const: a}", "string(a)"),
        ("{properties: {a: {}}}", "{a: any}"),
        ("{items: {type: string}}", "[string]"),
        ("{format: date-time}", "string:date-time"),
        ("{exclusiveMinimum: 0, type: integer}", "integer>0"),
        ("{type: object, additionalProperties: true}", "{*: any}"),
        (
            "{type: object, additionalProperties: {type: string}}",
            "{*: string}",
        ),
        (
            "{type: array, prefixItems: [{type: string}, {}], items: false}",
            "(string, any)",
        ),
        (
            "{type: array, prefixItems: [{type: string}]}",
            "(string, ..any)",
        ),
        (
            "{type: string, contentMediaType: application/json, contentSchema: {type: array}}",
            "string<application/json [any]>",
        ),
    ] {
        assert_eq!(it(&format!("    It: {schema}\n")).0, expected, "{schema}");
    }
}

#[test]
fn deep_pointers_and_percent_encoded_ones_are_followed() {
    let (text, _) = it("
    It: {properties: {a: {$ref: '#/components/schemas/It/properties/b'}, b: {type: string}, c: {$ref: '#/components/schemas/With%20space%7B%7D'}}}
    With space{}: {type: integer}
");
    assert_eq!(text, "{a: string, b: string, c: With space{}}");
}

#[test]
fn recursion_is_an_id_met_again() {
    let (text, _) = it("
    It: {properties: {children: {type: array, items: {$ref: '#/components/schemas/It'}}}}
");
    assert_eq!(text, "{children: [It]}");
}

#[test]
fn places_are_pointers_into_the_document() {
    let reading = reading("
    It: {allOf: [{$ref: '#/components/schemas/Other'}, {properties: {a: {anyOf: [{type: 'null'}, {type: [string, integer]}]}}}]}
    Other: {type: object, properties: {b: {$ref: '#/components/schemas/It', description: d}}}
");
    for (_, schema) in reading.api.schemas.iter() {
        assert!(
            reading.raw.pointer(schema.place.as_str()).is_some(),
            "{}",
            schema.place
        );
    }
}
