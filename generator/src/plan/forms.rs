//! The form of a schema: what kind of Rust type it becomes, before anything has a name.

mod scalar;
mod union;

pub(super) use union::{Discrimination, Member};

use super::report::Report;
use crate::codes;
use crate::rust::Ty;
use plumbline_specs::api::{Additional, Api, Kind, Schema, SchemaId};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// What kind of Rust type a schema becomes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Form {
    /// A type that needs no name.
    Scalar(Ty),
    /// Any JSON, null included.
    Any,
    /// A string that must have this value.
    Constant(String),
    /// A list of what this schema allows.
    List(SchemaId),
    /// A map to what this schema allows.
    Map(SchemaId),
    /// Values of several schemas in order.
    Tuple(Vec<SchemaId>),
    /// A type of its own, known by the schema that defines it.
    Item(SchemaId),
}

/// What a type of its own is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Contents {
    /// An object with properties.
    Struct,
    /// A string that is one of several.
    Enum(Vec<String>),
    /// One of several types.
    Union(Vec<Member>, Discrimination),
}

/// The forms of an API's schemas.
pub(super) struct Forms<'a> {
    api: &'a Api,
    forms: HashMap<SchemaId, (Form, bool)>,
    contents: HashMap<SchemaId, Contents>,
    /// Tags that a discriminator asks for and the object does not have: property to values.
    added: HashMap<SchemaId, Vec<(String, Vec<String>)>>,
    /// The JSON types of each union, as bits.
    kinds: HashMap<SchemaId, u8>,
    open: HashSet<SchemaId>,
    /// The properties of each object whose values the document lists.
    constants: RefCell<HashMap<SchemaId, Rc<[&'a str]>>>,
}

/// Unions that are nested deeper than this are looked at one by one.
const DEEPEST: usize = 100;

impl<'a> Forms<'a> {
    /// Finds the form of every schema.
    pub(super) fn of(api: &'a Api, report: &mut Report) -> Self {
        let mut forms = Self {
            api,
            forms: HashMap::new(),
            contents: HashMap::new(),
            added: HashMap::new(),
            kinds: HashMap::new(),
            open: HashSet::new(),
            constants: RefCell::default(),
        };
        for (id, _) in api.schemas.iter() {
            forms.find(id, report);
        }
        forms
    }

    /// The form of a schema and whether null is allowed besides.
    pub(super) fn get(&self, id: SchemaId) -> (Form, bool) {
        self.forms.get(&id).cloned().unwrap_or((Form::Any, false))
    }

    /// What the item of this schema is.
    pub(super) fn contents(&self, id: SchemaId) -> Option<&Contents> {
        self.contents.get(&id)
    }

    /// The tags to add to an object's properties.
    pub(super) fn added(&self, id: SchemaId) -> &[(String, Vec<String>)] {
        self.added.get(&id).map(Vec::as_slice).unwrap_or_default()
    }

    /// A schema as the document has it.
    pub(super) fn schema(&self, id: SchemaId) -> &'a Schema {
        &self.api.schemas[id]
    }

    /// The schema that has contents, through references.
    pub(super) fn resolve(&self, id: SchemaId) -> SchemaId {
        self.api.schemas.resolve(id)
    }

    /// Whether a schema means bytes outside of JSON.
    pub(super) fn is_binary(&self, id: SchemaId) -> bool {
        match &self.schema(self.resolve(id)).kind {
            Kind::String {
                format, content, ..
            } => {
                format.as_deref() == Some("binary")
                    || content
                        .as_ref()
                        .is_some_and(|content| content.media_type == "application/octet-stream")
            }
            _ => false,
        }
    }

    fn find(&mut self, id: SchemaId, report: &mut Report) -> (Form, bool) {
        if let Some(known) = self.forms.get(&id) {
            return known.clone();
        }
        let (target, mut nullable) = self.follow(id);
        if target != id {
            let (form, inner) = self.find(target, report);
            let known = (form, inner || nullable);
            // Of a union within which this stands, the form is not known yet.
            if self.forms.contains_key(&target) {
                self.forms.insert(id, known.clone());
            }
            return known;
        }
        // A union that is met again within itself is a type of its own.
        if self.open.len() > DEEPEST || !self.open.insert(id) {
            return (Form::Item(id), nullable);
        }
        let form = match &self.schema(id).kind {
            Kind::Union {
                variants,
                discriminator,
                ..
            } => {
                let (form, inner) = self.union(id, variants, discriminator.as_ref(), report);
                nullable |= inner;
                form
            }
            _ => self.simple(id, report),
        };
        self.open.remove(&id);
        self.forms.insert(id, (form.clone(), nullable));
        (form, nullable)
    }

    /// The end of a chain of references and whether null was allowed on the way.
    fn follow(&self, id: SchemaId) -> (SchemaId, bool) {
        let mut nullable = false;
        let mut at = id;
        for _ in 0..=self.api.schemas.len() {
            let schema = self.schema(at);
            nullable |= schema.nullable;
            match schema.kind {
                Kind::Alias(target) => at = target,
                _ => break,
            }
        }
        (at, nullable)
    }

    fn simple(&mut self, id: SchemaId, report: &mut Report) -> Form {
        let schema = self.schema(id);
        match &schema.kind {
            Kind::Any | Kind::Null | Kind::Alias(_) | Kind::Union { .. } => Form::Any,
            Kind::Never => {
                report.note(
                    codes::SCHEMA_NEVER,
                    &schema.place,
                    "a schema that allows nothing is read as any JSON".to_owned(),
                );
                Form::Any
            }
            Kind::Mixed { .. } => {
                report.note(
                    codes::ENUM_MIXED,
                    &schema.place,
                    "an enum of values of several types is read as any JSON".to_owned(),
                );
                Form::Scalar(Ty::Json)
            }
            Kind::Boolean { .. } => Form::Scalar(Ty::Bool),
            Kind::Integer { format, bounds, .. } => {
                Form::Scalar(scalar::integer(format.as_deref(), bounds))
            }
            Kind::Number { .. } => Form::Scalar(Ty::F64),
            Kind::String { values, format, .. } => match values.as_deref() {
                Some([only]) if schema.name.is_none() => Form::Constant(only.clone()),
                Some(values) if !values.is_empty() => {
                    self.contents.insert(id, Contents::Enum(values.to_vec()));
                    Form::Item(id)
                }
                _ => Form::Scalar(scalar::string(format.as_deref())),
            },
            Kind::Array { items, .. } => Form::List(*items),
            Kind::Tuple { items, rest } => self.tuple(id, items, *rest, report),
            Kind::Object {
                properties,
                additional,
                ..
            } if properties.is_empty() => match additional {
                Additional::Allowed(values) => Form::Map(*values),
                Additional::Unspecified | Additional::Forbidden => Form::Scalar(Ty::JsonObject),
            },
            Kind::Object { .. } => {
                self.contents.insert(id, Contents::Struct);
                Form::Item(id)
            }
        }
    }

    /// A tuple of Rust has one length; what may be longer is a list.
    fn tuple(
        &mut self,
        id: SchemaId,
        items: &[SchemaId],
        rest: Option<SchemaId>,
        report: &mut Report,
    ) -> Form {
        // serde reads tuples of up to sixteen, and `Default` is there for up to twelve.
        if rest.is_none() && (1..=12).contains(&items.len()) {
            return Form::Tuple(items.to_vec());
        }
        let mut all = items.iter().copied().chain(rest);
        if let Some(first) = all.next() {
            let form = self.find(first, report);
            if all.all(|other| self.find(other, report) == form) {
                return Form::List(first);
            }
        }
        report.note(
            codes::TUPLE_OPEN,
            &self.schema(id).place,
            "an array whose first items have schemas of their own and whose length is not \
             fixed is read as any JSON"
                .to_owned(),
        );
        Form::Scalar(Ty::Json)
    }
}
