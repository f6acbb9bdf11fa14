//! Schemas: ids by place, and what a merged schema allows.

use super::merged::{Choice, Merged, More, Recipe, Type};
use super::{Lowerer, blank};
use crate::Pointer;
use crate::api::{Additional, Content, Kind, Property, Schema, SchemaId, UnionKind, Variant};
use crate::codes;
use crate::diagnostic::Diagnostic;
use crate::document::SchemaNode;
use crate::shape::{Object, object_at};
use crate::text::nearest;
use indexmap::{IndexMap, IndexSet};
use serde_json::{Number, Value};

/// How often a schema is read again because unions of it have one member left.
const MAX_ROUNDS: usize = 100;

impl Lowerer<'_, '_> {
    /// The id of the schema at a place; a reference gives the id of what it names.
    pub(super) fn schema(&mut self, place: Pointer) -> SchemaId {
        let Some(reference) = self.reference_at(&place) else {
            return self.id(Recipe::of(place));
        };
        match self.target(reference, &place) {
            Some(target) => {
                self.check_is_schema(reference, &target, &place);
                self.id(Recipe::of(target))
            }
            None => self.anything(place),
        }
    }

    /// The id of a component schema, also of one that is only a reference.
    pub(super) fn component(&mut self, place: Pointer) -> SchemaId {
        self.id(Recipe::of(place))
    }

    /// The id of what a recipe makes; it is lowered later, and once.
    pub(super) fn id(&mut self, recipe: Recipe) -> SchemaId {
        if let Some(id) = self.ids.get(&recipe) {
            return *id;
        }
        let id = self.api.schemas.push(blank(recipe.place()));
        self.ids.insert(recipe.clone(), id);
        self.queue.push_back((id, recipe));
        id
    }

    /// Lowers all schemas that were met.
    pub(super) fn drain(&mut self) {
        while let Some((id, recipe)) = self.queue.pop_front() {
            if self.exhausted {
                // What is left would be said to be too large as well.
                return self.queue.clear();
            }
            let schema = self.lowered(recipe);
            self.api.schemas.replace(id, schema);
        }
    }

    fn check_is_schema(&mut self, reference: &str, target: &Pointer, place: &Pointer) {
        if let Some(object) = object_at(target)
            && object != Object::Schema
        {
            self.sink.push(
                Diagnostic::error(
                    codes::WRONG_REFERENCE,
                    format!("`{reference}` is a {}, not a schema", object.name()),
                )
                .pointer(&place.join("$ref")),
            );
        }
    }

    fn lowered(&mut self, mut recipe: Recipe) -> Schema {
        let mut schema = blank(recipe.place());
        if recipe.choices.is_empty()
            && let [place] = recipe.parts.as_slice()
        {
            let place = place.clone();
            schema.name = component_name(&place);
            if let Some(kind) = self.stand_in(&place, &mut schema) {
                schema.kind = kind;
                return schema;
            }
        }
        let chosen = !recipe.choices.is_empty();
        for round in 0..MAX_ROUNDS {
            let merged = self.merged(&recipe);
            if round == 0 {
                annotate(&mut schema, &merged);
                schema.nullable = merged.nullable && !chosen;
            }
            match self.contents(merged, &recipe, &mut schema.nullable) {
                Ok(kind) => {
                    // Both say so themselves.
                    if matches!(kind, Kind::Any | Kind::Null) {
                        schema.nullable = false;
                    }
                    schema.kind = kind;
                    return schema;
                }
                // Unions with one member left: those are merged, and the whole read again.
                Err(choices) => recipe.choices.extend(choices),
            }
        }
        schema
    }

    /// What stands for another schema: a reference, or an `allOf` of one reference alone.
    fn stand_in(&mut self, place: &Pointer, schema: &mut Schema) -> Option<Kind> {
        if self.reference_at(place).is_some() {
            return Some(Kind::Alias(self.schema(place.clone())));
        }
        let document = self.document;
        match document.get(place)? {
            Value::Bool(true) => return Some(Kind::Any),
            Value::Bool(false) => return Some(Kind::Never),
            _ => {}
        }
        let map = document.map(place)?;
        let Some(Value::Array(members)) = map.get("allOf") else {
            return None;
        };
        let [Value::Object(member)] = members.as_slice() else {
            return None;
        };
        if !member.contains_key("$ref") {
            return None;
        }
        let member_place = place.join("allOf").index(0);
        let says_more = map.iter().any(|(key, value)| {
            key != "allOf"
                && !is_annotation(key)
                && !(key == "type" && self.is_of_type(&member_place, value))
        });
        if says_more {
            return None;
        }
        let node = document.schema(place, self.sink)?;
        schema.rust_name = self.rust_name(map);
        take_data(schema, &node);
        Some(Kind::Alias(self.schema(member_place)))
    }

    /// Whether the schema at a place is itself said to be of a type.
    fn is_of_type(&mut self, place: &Pointer, name: &Value) -> bool {
        self.follow(place)
            .and_then(|target| self.document.map(&target))
            .and_then(|map| map.get("type"))
            == Some(name)
    }

    /// What a merged schema without unions allows.
    pub(super) fn kind(&mut self, merged: Merged, recipe: &Recipe) -> Kind {
        let place = recipe.place();
        if merged.never {
            return Kind::Never;
        }
        let values: Option<Vec<Value>> = merged.values.as_ref().map(|values| {
            values
                .iter()
                .filter(|value| !value.is_null())
                .cloned()
                .collect()
        });
        if values.as_ref().is_some_and(Vec::is_empty) {
            return Kind::Null;
        }
        let types = match merged.types.clone() {
            Some(types) => types,
            None => inferred(&merged, values.as_deref()),
        };
        match (types.as_slice(), values) {
            ([], None) => Kind::Any,
            ([], Some(values)) => Kind::Mixed { values },
            ([one], values) => self.of_type(*one, merged, values, &place),
            (_, Some(values)) => match value_types(&values).as_slice() {
                [one] => self.of_type(*one, merged, Some(values), &place),
                _ => Kind::Mixed { values },
            },
            (several, None) if several.len() >= 5 => Kind::Any,
            (several, None) => self.several(several, &merged, recipe),
        }
    }

    /// A list of types: a union of the schema at each of them.
    fn several(&mut self, types: &[Type], merged: &Merged, recipe: &Recipe) -> Kind {
        let Some(typed_at) = merged.typed_at.clone() else {
            return Kind::Any;
        };
        let variants = types
            .iter()
            .filter_map(|one| merged.own_types.iter().position(|own| own == one))
            .map(|member| {
                let mut recipe = recipe.clone();
                recipe.choices.push(Choice {
                    union: typed_at.clone(),
                    member,
                    of_types: true,
                });
                Variant {
                    schema: self.id(recipe),
                    tags: Vec::new(),
                }
            })
            .collect();
        Kind::Union {
            kind: UnionKind::AnyOf,
            variants,
            discriminator: None,
        }
    }

    fn of_type(
        &mut self,
        one: Type,
        merged: Merged,
        values: Option<Vec<Value>>,
        place: &Pointer,
    ) -> Kind {
        if let Some(values) = &values
            && let Some(kind) = self.misfits(one, values, place)
        {
            return kind;
        }
        match one {
            Type::Boolean => Kind::Boolean {
                values: values.map(|values| values.iter().filter_map(Value::as_bool).collect()),
            },
            Type::Integer => Kind::Integer {
                format: merged.format,
                bounds: merged.bounds,
                values: values.map(numbers),
            },
            Type::Number => Kind::Number {
                format: merged.format,
                bounds: merged.bounds,
                values: values.map(numbers),
            },
            Type::String => {
                let content = merged.content.map(|(media_type, schema)| Content {
                    media_type,
                    schema: schema.map(|place| self.schema(place)),
                });
                Kind::String {
                    format: merged.format,
                    pattern: merged.pattern,
                    min_length: merged.min_length,
                    max_length: merged.max_length,
                    values: values.map(|values| {
                        let strings = values.iter().filter_map(Value::as_str);
                        strings.map(str::to_owned).collect()
                    }),
                    content,
                }
            }
            Type::Array | Type::Object if values.is_some() => Kind::Mixed {
                values: values.unwrap_or_default(),
            },
            Type::Array => self.array(merged, place),
            Type::Object => self.object(merged, place),
        }
    }

    /// Values that are not of the schema's type are passed over, or taken for what is meant
    /// where all of them are of another.
    fn misfits(&mut self, one: Type, values: &[Value], place: &Pointer) -> Option<Kind> {
        let fits = |value: &&Value| match (one, value) {
            (Type::Number, Value::Number(_)) => true,
            (Type::Integer, Value::Number(number)) => {
                number.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            (_, value) => Type::of(value) == Some(one),
        };
        let fitting = values.iter().filter(fits).count();
        if fitting == values.len() {
            return None;
        }
        self.sink.push(
            Diagnostic::warning(
                codes::CONTRADICTION,
                "values under `enum` are not of the schema's type",
            )
            .pointer(&place.join("enum"))
            .help("nothing satisfies those values as written"),
        );
        (fitting == 0).then(|| Kind::Mixed {
            values: values.to_vec(),
        })
    }

    fn array(&mut self, merged: Merged, place: &Pointer) -> Kind {
        let items = match merged.items.as_slice() {
            [] => None,
            [one] => Some(self.schema(one.clone())),
            _ => Some(self.together(merged.items)),
        };
        let Some(prefix) = merged.prefix else {
            return Kind::Array {
                items: items.unwrap_or_else(|| self.anything(place.join("items"))),
                min_items: merged.min_items,
                max_items: merged.max_items,
                unique: merged.unique,
            };
        };
        let closed = merged.no_more_items
            || merged
                .max_items
                .is_some_and(|greatest| greatest <= prefix.len() as u64);
        Kind::Tuple {
            items: prefix.into_iter().map(|place| self.schema(place)).collect(),
            rest: if closed {
                None
            } else {
                Some(items.unwrap_or_else(|| self.anything(place.join("items"))))
            },
        }
    }

    fn object(&mut self, merged: Merged, place: &Pointer) -> Kind {
        let additional = match merged.more {
            None => Additional::Unspecified,
            Some(More::Forbidden) => Additional::Forbidden,
            Some(More::Schema(place)) => Additional::Allowed(self.schema(place)),
        };
        let mut properties = IndexMap::with_capacity(merged.properties.len());
        for (name, places) in merged.properties {
            let schema = self.together(places.into_iter().collect());
            let required = merged.required.contains(&name);
            properties.insert(name, Property { schema, required });
        }
        for name in merged.required {
            if properties.contains_key(&name) {
                continue;
            }
            let mut diagnostic = Diagnostic::note(
                codes::UNDECLARED_PROPERTY,
                format!("`{name}` is required and not among the properties"),
            )
            .pointer(place);
            if let Some(near) = nearest(&name, properties.keys().map(String::as_str)) {
                diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
            }
            self.sink.push(diagnostic);
            let schema = match &additional {
                Additional::Allowed(schema) => *schema,
                _ => self.anything(place.clone()),
            };
            let required = true;
            properties.insert(name, Property { schema, required });
        }
        Kind::Object {
            properties,
            additional,
            min_properties: merged.min_properties,
            max_properties: merged.max_properties,
        }
    }

    /// The schema that several places give together; places that only annotate are passed over
    /// so that a named schema among them keeps its identity.
    pub(super) fn together(&mut self, mut places: Vec<Pointer>) -> SchemaId {
        if places.len() > 1 {
            let saying: Vec<Pointer> = places
                .iter()
                .filter(|place| {
                    self.document
                        .map(place)
                        .is_none_or(|map| map.keys().any(|key| !is_annotation(key)))
                })
                .cloned()
                .collect();
            if !saying.is_empty() {
                places = saying;
            }
            let targets: IndexSet<Pointer> = places
                .into_iter()
                .map(|place| self.follow(&place).unwrap_or(place))
                .collect();
            places = targets.into_iter().collect();
        }
        match places.as_slice() {
            [one] => self.schema(one.clone()),
            _ => self.id(Recipe {
                parts: places,
                choices: Vec::new(),
            }),
        }
    }
}

/// The key under `components.schemas`, when a place is directly there.
pub(super) fn component_name(place: &Pointer) -> Option<String> {
    let name = place.as_str().strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| place.tokens().last())?
}

/// Whether a keyword only speaks about a schema.
pub(super) fn is_annotation(key: &str) -> bool {
    matches!(
        key,
        "title"
            | "description"
            | "default"
            | "example"
            | "examples"
            | "readOnly"
            | "writeOnly"
            | "deprecated"
            | "nullable"
            | "externalDocs"
            | "xml"
            | "$comment"
            | "$id"
            | "$schema"
            | "$anchor"
            | "$defs"
            | "definitions"
    ) || (key.starts_with("x-") && key != crate::downgrade::TYPES)
}

fn annotate(schema: &mut Schema, merged: &Merged) {
    schema.title.clone_from(&merged.title);
    schema.description.clone_from(&merged.description);
    schema.default.clone_from(&merged.default);
    schema.read_only = merged.read_only;
    schema.write_only = merged.write_only;
    schema.deprecated = merged.deprecated;
    schema.rust_name.clone_from(&merged.rust_name);
}

fn take_data(schema: &mut Schema, node: &SchemaNode<'_>) {
    schema.title.clone_from(&node.data.title);
    schema.description.clone_from(&node.data.description);
    schema.default.clone_from(&node.data.default);
    schema.read_only = node.data.read_only;
    schema.write_only = node.data.write_only;
    schema.deprecated = node.data.deprecated;
    schema.nullable = node.data.nullable;
}

fn numbers(values: Vec<Value>) -> Vec<Number> {
    values
        .into_iter()
        .filter_map(|value| match value {
            Value::Number(number) => Some(number),
            _ => None,
        })
        .collect()
}

/// The types of values, an integer among numbers being a number.
fn value_types(values: &[Value]) -> Vec<Type> {
    let mut types = Vec::new();
    for one in values.iter().filter_map(Type::of) {
        if !types.contains(&one) {
            types.push(one);
        }
    }
    if types.contains(&Type::Number) {
        types.retain(|one| *one != Type::Integer);
    }
    types
}

/// The type that a schema without `type` means, by the keywords that it uses; none where they
/// say nothing, or where its values are of several types.
fn inferred(merged: &Merged, values: Option<&[Value]>) -> Vec<Type> {
    if let Some(values) = values {
        let types = value_types(values);
        return if types.len() == 1 { types } else { Vec::new() };
    }
    let says_object = !merged.properties.is_empty()
        || merged.more.is_some()
        || !merged.required.is_empty()
        || merged.min_properties.is_some()
        || merged.max_properties.is_some();
    let one = if says_object {
        Type::Object
    } else if !merged.items.is_empty() || merged.prefix.is_some() || merged.min_items.is_some() {
        Type::Array
    } else if merged.pattern.is_some()
        || merged.min_length.is_some()
        || merged.max_length.is_some()
        || merged.content.is_some()
    {
        Type::String
    } else if merged.bounds != crate::api::Bounds::default() {
        Type::Number
    } else {
        match merged.format.as_deref() {
            Some("int32" | "int64") => Type::Integer,
            Some("float" | "double") => Type::Number,
            Some(
                "date" | "date-time" | "time" | "uuid" | "uri" | "email" | "byte" | "binary"
                | "password",
            ) => Type::String,
            _ => return Vec::new(),
        }
    };
    vec![one]
}
