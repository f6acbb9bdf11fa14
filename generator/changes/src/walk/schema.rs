//! Schemas: annotations and nullability, names, and whether both are of one type.

use super::finding::{BOTH, Finding, REQUEST, RESPONSE, Scope};
use super::graph::{Aspect, Spot, Walk};
use crate::code::Code;
use crate::text;
use plumbline_specs::Pointer;
use plumbline_specs::api::{Api, Kind, Schema, SchemaId, Schemas};
use serde_json::Value;

/// What stands around a type; of a chain of aliases, what the outermost says.
pub(super) struct Annotations<'a> {
    pub(super) nullable: bool,
    pub(super) default: Option<&'a Value>,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) deprecated: bool,
    title: Option<&'a str>,
    description: Option<&'a str>,
    rust_name: &'a Option<String>,
}

impl<'a> Annotations<'a> {
    fn own(schema: &'a Schema) -> Self {
        Self {
            nullable: schema.nullable,
            default: schema.default.as_ref(),
            read_only: schema.read_only,
            write_only: schema.write_only,
            deprecated: schema.deprecated,
            title: schema.title.as_deref(),
            description: schema.description.as_deref(),
            rust_name: &schema.rust_name,
        }
    }

    fn effective(schemas: &'a Schemas, id: SchemaId) -> Self {
        let outer = &schemas[id];
        let mut notes = Self::own(outer);
        let mut at = outer;
        for _ in 0..schemas.len() {
            let Kind::Alias(target) = &at.kind else { break };
            at = &schemas[*target];
            let inner = Self::own(at);
            notes.nullable |= inner.nullable;
            notes.default = notes.default.or(inner.default);
            notes.read_only |= inner.read_only;
            notes.write_only |= inner.write_only;
            notes.deprecated |= inner.deprecated;
            notes.title = notes.title.or(inner.title);
            notes.description = notes.description.or(inner.description);
        }
        notes
    }
}

/// The ways in which a property of both schemas travels: one that is for reading alone does
/// not matter in requests.
pub(crate) fn ways(old: &Api, new: &Api, before: SchemaId, after: SchemaId) -> u8 {
    let one = |schemas: &Schemas, id| {
        let notes = Annotations::effective(schemas, id);
        match (notes.read_only, notes.write_only) {
            (true, false) => RESPONSE,
            (false, true) => REQUEST,
            _ => BOTH,
        }
    };
    one(&old.schemas, before) | one(&new.schemas, after)
}

/// The ways in which a property of one schema travels.
pub(crate) fn own_ways(api: &Api, id: SchemaId) -> u8 {
    ways(api, api, id, id)
}

impl Walk<'_> {
    /// What stands around both types, then the types.
    pub(crate) fn annotated(&mut self, spot: &Spot) {
        let (old, new) = (self.old, self.new);
        let before = &old.schemas[spot.old];
        let after = &new.schemas[spot.new];
        if let (Kind::Alias(one), Kind::Alias(other)) = (&before.kind, &after.kind) {
            self.around(spot, &Annotations::own(before), &Annotations::own(after));
            self.edge(
                spot.node,
                BOTH,
                Aspect::Annotations,
                (*one, *other),
                &spot.subject,
            );
            return;
        }
        let one = Annotations::effective(&old.schemas, spot.old);
        let other = Annotations::effective(&new.schemas, spot.new);
        self.around(spot, &one, &other);
        let inner = (old.schemas.resolve(spot.old), new.schemas.resolve(spot.new));
        self.edge(spot.node, BOTH, Aspect::Shape, inner, &spot.subject);
    }

    fn around(&mut self, spot: &Spot, old: &Annotations<'_>, new: &Annotations<'_>) {
        self.annotations(spot, old, new);
        if old.rust_name != new.rust_name {
            let finding = spot.finding(self, Code::XNameChanged);
            self.x_name(finding, old.rust_name, new.rust_name);
        }
        let places = self.places(spot);
        for (code, before, after) in [
            (Code::TitleChanged, old.title, new.title),
            (Code::DescriptionChanged, old.description, new.description),
        ] {
            let finding = |code| {
                Finding::new(code, &spot.subject, Scope::Node(spot.node, BOTH))
                    .at(&places.0, &places.1)
            };
            self.prose(code, finding, before, after);
        }
    }

    fn places(&self, spot: &Spot) -> (Pointer, Pointer) {
        (
            self.old.schemas[spot.old].place.clone(),
            self.new.schemas[spot.new].place.clone(),
        )
    }

    /// What two schemas that are no aliases allow.
    pub(crate) fn shape(&mut self, spot: &Spot) {
        let (old, new) = (self.old, self.new);
        let before = &old.schemas[spot.old].kind;
        let after = &new.schemas[spot.new].kind;
        // Of another type it is said what it is anyway.
        if std::mem::discriminant(before) == std::mem::discriminant(after) {
            self.names(spot);
        }
        match (before, after) {
            (Kind::Any, Kind::Any)
            | (Kind::Never, Kind::Never)
            | (Kind::Null, Kind::Null)
            | (Kind::Alias(_), _)
            | (_, Kind::Alias(_)) => {}
            (Kind::Boolean { .. }, Kind::Boolean { .. })
            | (Kind::Integer { .. }, Kind::Integer { .. })
            | (Kind::Number { .. }, Kind::Number { .. })
            | (Kind::String { .. }, Kind::String { .. })
            | (Kind::Mixed { .. }, Kind::Mixed { .. }) => self.scalar(spot, before, after),
            (Kind::Array { .. }, Kind::Array { .. }) | (Kind::Tuple { .. }, Kind::Tuple { .. }) => {
                self.list(spot, before, after);
            }
            (Kind::Object { .. }, Kind::Object { .. }) => self.object(spot, before, after),
            (Kind::Union { .. }, Kind::Union { .. }) => self.union(spot, before, after),
            (Kind::Integer { .. }, Kind::Number { .. }) => {
                self.retyped(spot, Code::TypeWidened);
                self.scalar(spot, before, after);
            }
            (Kind::Number { .. }, Kind::Integer { .. }) => {
                self.retyped(spot, Code::TypeNarrowed);
                self.scalar(spot, before, after);
            }
            (_, Kind::Any) | (Kind::Never, _) => self.retyped(spot, Code::TypeWidened),
            (Kind::Any, _) | (_, Kind::Never) => self.retyped(spot, Code::TypeNarrowed),
            (_, Kind::Union { variants, .. }) => {
                let found = variants
                    .iter()
                    .find(|variant| self.counterparts(spot.old, variant.schema))
                    .map(|variant| variant.schema);
                self.member(
                    spot,
                    Code::UnionMade,
                    found.map(|member| (spot.old, member)),
                );
            }
            (Kind::Union { variants, .. }, _) => {
                let found = variants
                    .iter()
                    .find(|variant| self.counterparts(variant.schema, spot.new))
                    .map(|variant| variant.schema);
                self.member(
                    spot,
                    Code::UnionUnmade,
                    found.map(|member| (member, spot.new)),
                );
            }
            _ => self.retyped(spot, Code::TypeChanged),
        }
    }

    fn retyped(&mut self, spot: &Spot, code: Code) {
        let old_text = text::describe(self.old, spot.old);
        let new_text = text::describe(self.new, spot.new);
        self.find(spot.finding(self, code).before(old_text).after(new_text));
    }

    /// One schema on one side is a member of a union on the other.
    fn member(&mut self, spot: &Spot, code: Code, members: Option<(SchemaId, SchemaId)>) {
        let Some(members) = members else {
            return self.retyped(spot, Code::TypeChanged);
        };
        self.retyped(spot, code);
        self.edge(spot.node, BOTH, Aspect::Annotations, members, &spot.subject);
    }

    /// Whether a schema stands for another in the other document: of the same name, or inline
    /// and of the same type.
    fn counterparts(&self, old: SchemaId, new: SchemaId) -> bool {
        let old = self.old.schemas.resolve(old);
        let new = self.new.schemas.resolve(new);
        let (before, after) = (&self.old.schemas[old], &self.new.schemas[new]);
        if before.name.is_some() && before.name == after.name || self.same_shape(old, new) {
            return true;
        }
        (before.name.is_none() || after.name.is_none())
            && !matches!(before.kind, Kind::Object { .. } | Kind::Union { .. })
            && std::mem::discriminant(&before.kind) == std::mem::discriminant(&after.kind)
    }

    /// What both are called in their documents.
    fn names(&mut self, spot: &Spot) {
        let before = &self.old.schemas[spot.old];
        let after = &self.new.schemas[spot.new];
        let (code, guess) = match (&before.name, &after.name) {
            (Some(one), Some(other)) if one != other => {
                let gone = !self.names_of_new.contains(one.as_str());
                let fresh = !self.names_of_old.contains(other.as_str());
                if !(gone && fresh) {
                    (Code::SchemaReplaced, None)
                } else if self.same_shape(spot.old, spot.new) {
                    (Code::SchemaRenamed, None)
                } else {
                    (
                        Code::SchemaRenamed,
                        Some("it stands where the other one stood"),
                    )
                }
            }
            (Some(_), None) => (Code::SchemaInlined, None),
            (None, Some(_)) => (Code::SchemaNamed, None),
            _ => return,
        };
        let old_text = before.name.clone().unwrap_or_else(|| "inline".to_owned());
        let new_text = after.name.clone().unwrap_or_else(|| "inline".to_owned());
        let mut finding = spot
            .finding(self, code)
            .before(old_text)
            .after(new_text)
            .guess(guess);
        if code == Code::SchemaRenamed {
            finding
                .subject
                .clone_from(finding.after.as_ref().unwrap_or(&spot.subject));
        }
        self.find(finding);
    }
}
