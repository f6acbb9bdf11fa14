//! Names of types: components are called what the document calls them, and what has no name is
//! called after its owner.
//!
//! The order in which names are given is that of the components' keys and the operations'
//! names, never that of the document, so that an addition moves nothing.

use super::forms::{Contents, Form, Forms, Member};
use super::media::{holds, to_read, to_send};
use super::names::{LONGEST, Scope, TYPES, component_words, pascal_of, shorten, words};
use plumbline_specs::Pointer;
use plumbline_specs::api::{Additional, Api, Kind, MediaType, Operation, SchemaId};
use std::collections::{HashMap, HashSet};

/// The names of an API's types.
pub(super) struct TypeNames {
    /// Schema to name: every component, and every schema that is a type of its own.
    pub(super) names: HashMap<SchemaId, String>,
    /// How far within its owner a schema without a name stands.
    pub(super) depths: HashMap<SchemaId, usize>,
    /// What a schema without a name is to its owner: the property's or the parameter's name.
    pub(super) labels: HashMap<SchemaId, String>,
    /// The namespace that types, markers and errors share.
    pub(super) scope: Scope,
}

/// Gives every type its name.
pub(super) fn type_names(api: &Api, forms: &Forms<'_>, operations: &[String]) -> TypeNames {
    let mut naming = Naming {
        forms,
        names: HashMap::new(),
        depths: HashMap::new(),
        labels: HashMap::new(),
        scope: Scope::with(TYPES),
        walked: HashSet::new(),
        shared: HashMap::new(),
    };
    let components = naming.components(api, operations);
    // What stands within a component is called after it; what only stands there through a
    // reference or `allOf` is called after where it is written.
    for strict in [true, false] {
        for id in &components {
            let place = &api.schemas[*id].place;
            naming.within(*id, strict.then_some(place));
        }
        if strict {
            naming.operations(api, operations);
        }
    }
    TypeNames {
        names: naming.names,
        depths: naming.depths,
        labels: naming.labels,
        scope: naming.scope,
    }
}

struct Naming<'n, 'a> {
    forms: &'n Forms<'a>,
    names: HashMap<SchemaId, String>,
    depths: HashMap<SchemaId, usize>,
    labels: HashMap<SchemaId, String>,
    scope: Scope,
    walked: HashSet<SchemaId>,
    /// Names that are made of contents alone.
    shared: HashMap<String, String>,
}

/// Deeper nesting than this has no names; lowering refuses it long before.
const DEEPEST: usize = 256;

impl Naming<'_, '_> {
    /// Names what has a name in the document, and gives it in the order of the names.
    fn components(&mut self, api: &Api, operations: &[String]) -> Vec<SchemaId> {
        let ids: HashMap<&str, &str> = api
            .operations
            .iter()
            .zip(operations)
            .filter_map(|(operation, name)| Some((operation.id.as_deref()?, name.as_str())))
            .collect();
        let mut all: Vec<(bool, &str, &Pointer, SchemaId)> = api
            .schemas
            .iter()
            .filter_map(|(id, schema)| {
                let said = schema.rust_name.as_deref();
                let name = said.or(schema.name.as_deref())?;
                Some((said.is_none(), name, &schema.place, id))
            })
            .collect();
        all.sort();
        for (derived, name, _, id) in &all {
            let words = if *derived {
                component_words(name, |id| ids.get(id).map(|name| (*name).to_owned()))
            } else {
                words(name)
            };
            let mut others = vec![words.clone()];
            if *derived {
                // The whole name is still free where a short form of it is not.
                others.push(super::names::words(name));
            }
            for suffix in ["model", "schema"] {
                let mut longer = words.clone();
                longer.push(suffix.to_owned());
                others.push(longer);
            }
            let others: Vec<String> = others.iter().map(|words| pascal_of(words)).collect();
            let name = self.scope.claim(pascal_of(&words), &others);
            self.names.insert(*id, name);
        }
        let mut ids: Vec<SchemaId> = all.into_iter().map(|(.., id)| id).collect();
        ids.dedup();
        ids
    }

    /// Names what stands within a component.
    fn within(&mut self, id: SchemaId, root: Option<&Pointer>) {
        let Some(name) = self.names.get(&id) else {
            return;
        };
        let base = Base::of(words(name));
        let (form, _) = self.forms.get(id);
        if let Form::Item(owner) = form
            && owner != id
            && !self.names.contains_key(&owner)
        {
            // A component that is a union of one member is called after itself.
            self.walk(owner, base, root, 1);
            return;
        }
        self.children(&form, &base, root, 1);
    }

    /// Names what stands within operations, webhooks and the components that they share.
    fn operations(&mut self, api: &Api, names: &[String]) {
        let mut all: Vec<(Vec<String>, &Operation)> = api
            .operations
            .iter()
            .zip(names)
            .map(|(operation, name)| (words(name), operation))
            .collect();
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let mut callbacks: Vec<(Vec<String>, &Operation)> = api
            .callbacks
            .iter()
            .map(|callback| (words(&callback.name), &callback.operation))
            .collect();
        callbacks.sort_by(|one, other| one.0.cmp(&other.0));
        for (name, operation) in all.iter().chain(&callbacks) {
            self.operation(name, operation);
        }
    }

    fn operation(&mut self, name: &[String], operation: &Operation) {
        let owner = Base::of(name.to_vec());
        for parameter in &operation.parameters {
            let own = words(parameter.rust_name.as_deref().unwrap_or(&parameter.name));
            let base = match shared_words(&parameter.place, "") {
                Some(shared) => Base::of(shared),
                // A parameter of the path item belongs to none of its operations.
                None if !parameter
                    .place
                    .as_str()
                    .starts_with(operation.place.as_str()) =>
                {
                    Base::of(static_words(&operation.path)).part(&own)
                }
                None => owner.part(&own),
            };
            self.walk(parameter.schema, base, None, 1);
        }
        if let Some(body) = &operation.body {
            let base = match shared_words(&body.place, "body") {
                Some(shared) => Base::of(shared),
                None => owner.part(&["body".to_owned()]),
            };
            self.content(to_send(&body.content, self.forms), &base);
        }
        let first = operation
            .responses
            .iter()
            .find(|response| response.status.is_success())
            .map(|response| response.status);
        for response in &operation.responses {
            let base = match shared_words(&response.place, "response") {
                Some(shared) => Base::of(shared),
                None if Some(response.status) == first => owner.part(&["response".to_owned()]),
                None => owner.part(&words(&super::answers::reason(response.status))),
            };
            self.content(to_read(&response.content, self.forms), &base);
            for header in &response.headers {
                if let Some(schema) = header.schema {
                    self.walk(schema, base.part(&words(&header.name)), None, 1);
                }
            }
        }
    }

    fn content(&mut self, media: Option<&MediaType>, base: &Base) {
        let Some(media) = media else {
            return;
        };
        if let Some(stream) = &media.stream {
            for (schema, word) in [(stream.item, "record"), (stream.error, "failure")] {
                if let Some(schema) = schema {
                    self.walk(schema, base.part(&[word.to_owned()]), None, 1);
                }
            }
        } else if let Some(schema) = media.schema
            && holds(media, self.forms).has_schema()
        {
            self.walk(schema, base.clone(), None, 1);
        }
    }

    /// Names a schema that has no name of its own, and what stands within it.
    fn walk(&mut self, id: SchemaId, base: Base, root: Option<&Pointer>, depth: usize) {
        let mut at = id;
        loop {
            let schema = self.forms.schema(at);
            if schema.name.is_some() || schema.rust_name.is_some() {
                return;
            }
            match schema.kind {
                Kind::Alias(target) if target != at => at = target,
                _ => break,
            }
        }
        let place = &self.forms.schema(at).place;
        let inside = |root: &Pointer| {
            place
                .as_str()
                .strip_prefix(root.as_str())
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if depth > DEEPEST || !root.is_none_or(inside) || !self.walked.insert(at) {
            return;
        }
        let (form, _) = self.forms.get(at);
        let mut base = base;
        if let Form::Item(owner) = form
            && !self.names.contains_key(&owner)
        {
            let name = self.inline(owner, &base.words);
            base.words = words(&name);
            self.labels.insert(owner, base.label.clone());
            self.names.insert(owner, name);
            self.depths.insert(owner, depth);
        }
        self.children(&form, &base, root, depth + 1);
    }

    fn inline(&mut self, owner: SchemaId, base: &[String]) -> String {
        if let Some(Contents::Union(members, _)) = self.forms.contents(owner)
            && let Some(name) = self.content_name(members)
        {
            if let Some(known) = self.shared.get(&name) {
                return known.clone();
            }
            let claimed = self.scope.claim(name.clone(), &[]);
            self.shared.insert(name, claimed.clone());
            return claimed;
        }
        let mut longer = base.to_vec();
        longer.push("value".to_owned());
        self.scope.claim(pascal_of(base), &[pascal_of(&longer)])
    }

    /// A union of a few types that have no names is called after them, `StringOrStringList`:
    /// wherever it stands, it is the same type.
    fn content_name(&self, members: &[Member]) -> Option<String> {
        let parts: Option<Vec<String>> = members
            .iter()
            .map(|member| self.scalar_name(&member.form, 0))
            .collect();
        let name = parts?.join("Or");
        (name.len() <= 40).then_some(name)
    }

    fn scalar_name(&self, form: &Form, depth: usize) -> Option<String> {
        match form {
            Form::Scalar(ty) => super::variants::scalar_name(ty).map(str::to_owned),
            Form::List(items) | Form::Map(items) if depth < 3 => {
                let (inner, nullable) = self.forms.get(*items);
                let inner = match inner {
                    Form::Any => "Json".to_owned(),
                    inner => self.scalar_name(&inner, depth + 1)?,
                };
                let list = if matches!(form, Form::List(_)) {
                    "List"
                } else {
                    "Map"
                };
                let maybe = if nullable { "Nullable" } else { "" };
                Some(format!("{maybe}{inner}{list}"))
            }
            _ => None,
        }
    }

    fn children(&mut self, form: &Form, base: &Base, root: Option<&Pointer>, depth: usize) {
        let item = ["item".to_owned()];
        let value = ["value".to_owned()];
        match form {
            Form::Scalar(_) | Form::Any | Form::Constant(_) => {}
            Form::List(items) => self.walk(*items, base.piece(&item), root, depth),
            Form::Map(values) => self.walk(*values, base.piece(&value), root, depth),
            Form::Tuple(items) => {
                for (index, id) in items.iter().enumerate() {
                    let number = [format!("item{}", index + 1)];
                    self.walk(*id, base.piece(&number), root, depth);
                }
            }
            Form::Item(owner) => match self.forms.contents(*owner) {
                Some(Contents::Struct) => {
                    let Kind::Object {
                        properties,
                        additional,
                        ..
                    } = &self.forms.schema(*owner).kind
                    else {
                        return;
                    };
                    for (name, property) in properties {
                        self.walk(property.schema, base.part(&words(name)), root, depth);
                    }
                    if let Additional::Allowed(values) = additional {
                        self.walk(*values, base.piece(&value), root, depth);
                    }
                }
                Some(Contents::Union(members, _)) => {
                    let members = members.clone();
                    let objects = members
                        .iter()
                        .filter(|member| matches!(member.form, Form::Item(_)))
                        .count();
                    for (index, member) in members.iter().enumerate() {
                        let label = self.label(member, index, objects);
                        self.walk(member.schema, base.piece(&label), root, depth);
                    }
                }
                Some(Contents::Enum(_)) | None => {}
            },
        }
    }

    /// What a member without a name adds to its union's name.
    fn label(&self, member: &Member, index: usize, objects: usize) -> Vec<String> {
        let Form::Item(owner) = member.form else {
            return Vec::new();
        };
        let title = self.forms.schema(owner).title.as_deref();
        match (title, member.tags.as_slice()) {
            (Some(title), _) if title.len() <= LONGEST / 2 => words(title),
            (_, [tag]) => words(tag),
            _ if matches!(self.forms.contents(owner), Some(Contents::Enum(_))) => {
                vec!["string".to_owned()]
            }
            _ if objects > 1 => vec![format!("object{}", index + 1)],
            _ => vec!["object".to_owned()],
        }
    }
}

/// The words of a component that operations share, other than a schema.
fn shared_words(place: &Pointer, suffix: &str) -> Option<Vec<String>> {
    let mut tokens = place.tokens();
    tokens.next().filter(|first| first == "components")?;
    let key = tokens.nth(1)?;
    let mut all = words(&key);
    if !suffix.is_empty() && all.last().is_none_or(|last| last != suffix) {
        all.push(suffix.to_owned());
    }
    Some(all)
}

/// The words of a path's fixed segments.
fn static_words(path: &str) -> Vec<String> {
    let fixed: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.contains('{'))
        .collect();
    words(&fixed.join(" "))
}

/// What the name of a type without a name begins with.
#[derive(Clone)]
struct Base {
    words: Vec<String>,
    /// The name of the property or the parameter that it is.
    label: String,
}

impl Base {
    fn of(words: Vec<String>) -> Self {
        Self {
            label: words.join("_"),
            words,
        }
    }

    /// A part that the document gives a name.
    fn part(&self, part: &[String]) -> Self {
        Self {
            label: part.join("_"),
            ..self.piece(part)
        }
    }

    /// A part that has no name in the document, such as an item of a list.
    fn piece(&self, part: &[String]) -> Self {
        let mut all = self.words.clone();
        all.extend(part.iter().cloned());
        Self {
            words: shorten(all, 0),
            label: self.label.clone(),
        }
    }
}
