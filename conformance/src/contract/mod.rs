//! The Api made executable: routes, compiled validators, requests made and judged.

mod branching;
mod build;
mod collection;
mod decode;
mod direction;
mod explain;
mod input;
mod maps;
pub(crate) mod media;
pub(crate) mod reply;
mod request;
mod route;
mod schema;
pub(crate) mod stream;
mod usable;
mod validate;
mod values;
mod violation;

pub use build::text;
pub(crate) use build::{body_value, encoded, preferred, put, renamed, write_at};
pub(crate) use collection::before;
pub(crate) use decode::sent;
pub use direction::Direction;
pub(crate) use explain::rendered;
pub(crate) use maps::is_map;
pub(crate) use request::full_name;
pub use route::Route;
pub(crate) use route::{decoded, form_decoded};
pub use values::{Missing, Values};
pub(crate) use values::{alias, collection_of, given_names, shape};
pub use violation::Violation;

use crate::codes;
use crate::invent::Inventor;
use crate::shorten::shorten;
use crate::{Note, Reply, Request};
use plumbline_specs::api::{Api, Kind, Location, Method, Operation, SchemaId, SecurityScheme};
use plumbline_specs::{Diagnostic, Input, Pointer, Reading};
use serde_json::Value;

/// A path with the value of one of its parameters replaced by `text`, percent-encoded here.
pub(crate) fn with_path_value(operation: &Operation, path: &str, name: &str, text: &str) -> String {
    let values = route::Template::parse(&operation.path)
        .matches(path)
        .unwrap_or_default();
    let mut out = operation.path.clone();
    for (own, value) in &values {
        let value = if own == name { text } else { value };
        out = out.replace(&format!("{{{own}}}"), &encoded(value));
    }
    out
}

/// A reply's body in a few words, for a message.
pub(crate) fn reply_words(reply: &Reply) -> String {
    let head = reply.body.get(..400).unwrap_or(&reply.body);
    let text = String::from_utf8_lossy(head);
    shorten(text.trim(), 120)
}

/// The percent-decoded values of the variables of an operation's path, in its order.
pub(crate) fn path_values(operation: &Operation, path: &str) -> Option<Vec<(String, String)>> {
    route::Template::parse(&operation.path).matches(path)
}

/// The percent-decoded value of a path parameter.
pub(crate) fn path_value(operation: &Operation, path: &str, name: &str) -> Option<String> {
    route::Template::parse(&operation.path)
        .matches(path)?
        .into_iter()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value)
}

/// A document as something that requests and replies can be held against.
///
/// Schemas are the document's own: nothing that lowering leaves out escapes validation. Each is
/// compiled when it is first needed and kept.
pub struct Contract {
    /// What the document says, as data.
    pub api: Api,
    /// The document after its overlay.
    pub raw: Value,
    routes: route::Routes,
    validators: validate::Validators,
    notes: Vec<Note>,
}

impl std::fmt::Debug for Contract {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Contract")
            .field("title", &self.api.title)
            .field("operations", &self.api.operations.len())
            .finish_non_exhaustive()
    }
}

impl Contract {
    /// Takes in a document that was read.
    ///
    /// # Errors
    ///
    /// As [`from_parts`](Self::from_parts).
    pub fn new(reading: Reading) -> Result<Self, Vec<Diagnostic>> {
        Self::from_parts(reading.api, reading.raw)
    }

    /// Takes in an [`Api`] and the value that it was read from.
    ///
    /// # Errors
    ///
    /// A diagnostic where the document's schemas cannot be addressed, for example because two
    /// of them claim one `$id`.
    pub fn from_parts(mut api: Api, raw: Value) -> Result<Self, Vec<Diagnostic>> {
        let (validators, unusable) = validate::Validators::new(&raw).map_err(|reason| {
            vec![Diagnostic::error(
                codes::UNUSABLE_SCHEMAS,
                format!("the document's schemas cannot be put to use: {reason}"),
            )]
        })?;
        collection::tell_apart(&mut api);
        Ok(Self {
            routes: route::Routes::new(&api),
            api,
            raw,
            validators,
            notes: unusable
                .into_iter()
                .map(|(pointer, message)| Note {
                    message,
                    pointer,
                    ..Note::default()
                })
                .collect(),
        })
    }

    /// What of the document cannot be used: nothing was judged by it.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Says of what cannot be used in which file and line it stands.
    #[must_use]
    pub fn located(mut self, document: Input<'_>) -> Self {
        let pointers = self.notes.iter();
        let pointers = pointers.map(|note| Pointer::parse(&note.pointer).unwrap_or_default());
        let pointers: Vec<Pointer> = pointers.collect();
        let positions = plumbline_specs::positions(document, &pointers);
        for (note, position) in self.notes.iter_mut().zip(positions) {
            document.name.clone_into(&mut note.file);
            note.line = position.map(|position| position.line);
        }
        self
    }

    /// An operation by its operationId, or as `GET /path`.
    pub fn operation(&self, label: &str) -> Option<&Operation> {
        self.api
            .operations
            .iter()
            .find(|operation| operation.id.as_deref() == Some(label))
            .or_else(|| {
                self.api.operations.iter().find(|operation| {
                    label.split_once(' ').is_some_and(|(method, path)| {
                        operation.method.as_str() == method && operation.path == path
                    })
                })
            })
    }

    /// The operation that a method and a percent-encoded path (below the base URL, without
    /// the query) mean. Where this is `None`, [`methods`](Self::methods) tells a path that
    /// takes other methods from one that is unknown.
    pub fn route(&self, method: &str, path: &str) -> Option<Route<'_>> {
        self.routes.find(&self.api, method, path)
    }

    /// The methods that a path takes; none where the path is unknown.
    pub fn methods(&self, path: &str) -> Vec<Method> {
        self.routes.methods(&self.api, path)
    }

    /// What a request breaks: rules `request-path`, `request-parameter`, `request-media-type`
    /// and `request-body`. Credentials are not looked at.
    pub fn check_request(&self, operation: &Operation, request: &Request) -> Vec<Violation> {
        request::check(self, operation, request)
    }

    /// The documented parameters that a request carries, as `query.page`.
    pub(crate) fn carried(&self, operation: &Operation, request: &Request) -> Vec<String> {
        request::carried(self, operation, request)
    }

    /// What a reply breaks: rules `documented-status`, `media-type`, `documented-headers`,
    /// `body-schema` and `error-schema`.
    pub fn check_reply(&self, operation: &Operation, reply: &Reply) -> Vec<Violation> {
        reply::check(self, operation, reply)
    }

    /// The faults of a value by the schema at a place of the document.
    pub fn validate(&self, place: &Pointer, direction: Direction, value: &Value) -> Vec<Violation> {
        self.validators.validate(&self.raw, place, direction, value)
    }

    /// Whether a value fits the schema at a place of the document; quicker than
    /// [`validate`](Self::validate).
    pub fn is_valid(&self, place: &Pointer, direction: Direction, value: &Value) -> bool {
        self.validators.is_valid(&self.raw, place, direction, value)
    }

    /// A valid request: parameters and body from `values`, from the document's examples and
    /// defaults, or invented. What is optional is left out unless a value is given for it.
    ///
    /// # Errors
    ///
    /// What is missing: an id in the path is never invented.
    pub fn request(&self, operation: &Operation, values: &Values) -> Result<Request, Missing> {
        build::request(self, operation, values)
    }

    /// An inventor of values for this document.
    pub fn inventor(&self, direction: Direction) -> Inventor<'_> {
        Inventor::new(&self.api, direction).document(&self.raw)
    }

    /// A request as what a typed client is called with:
    /// `{"parameters": {"query.page": 1}, "body": …}`, each value decoded by its schema.
    ///
    /// # Errors
    ///
    /// A sentence that says what has no value: a path that is not the operation's, JSON that is
    /// none, a body of a type that is neither JSON nor text.
    pub fn input(&self, operation: &Operation, request: &Request) -> Result<Value, String> {
        input::input(self, operation, request)
    }

    /// The names of the headers, query parameters and cookies that carry declared credentials.
    pub fn credentials(&self) -> Vec<(Location, String)> {
        let mut found = vec![(Location::Header, "Authorization".to_owned())];
        for scheme in self.api.security_schemes.values() {
            if let SecurityScheme::ApiKey { location, name, .. } = scheme {
                found.push((*location, name.clone()));
            }
        }
        found
    }

    /// Whether an operation only reads: by its method, because the user's overlay says so
    /// (`x-reads`, or a role of `x-resource` that lists, reads or streams), or because it is a POST
    /// with a profile that is a search by its name, its body and its one success, 200.
    pub fn only_reads(&self, operation: &Operation) -> bool {
        use plumbline_specs::api::{Expression, Role};
        use plumbline_specs::effect;
        // No word makes a DELETE a read.
        if !operation.method.is_safe() && operation.method != Method::Post {
            return false;
        }
        if let Some(said) = operation.reads {
            return said;
        }
        if let Some(resource) = &operation.resource {
            return operation.method.is_safe()
                || matches!(resource.role, Role::List | Role::Get | Role::Stream);
        }
        let Some(profile) = &operation.pagination else {
            return operation.method.is_safe();
        };
        let creates = || {
            let element = match &profile.items {
                Expression::ResponseBody(pointer) => self.element(operation, pointer),
                _ => None,
            };
            let schemas = &self.api.schemas;
            element.is_some_and(|element| effect::takes_an_item(schemas, operation, element))
        };
        operation.method.is_safe()
            || effect::says_that_it_reads(operation)
                && effect::says_that_it_destroys(operation).is_none()
                && effect::says_that_it_commands(operation).is_none()
                && effect::succeeds_with_200_alone(operation)
                && !creates()
    }

    /// The schema of the items of the list at a place of an operation's success.
    fn element(&self, operation: &Operation, list: &Pointer) -> Option<SchemaId> {
        let schemas = &self.api.schemas;
        let success = operation
            .responses
            .iter()
            .find(|response| response.status.is_success())?;
        let whole = success.content.iter().find_map(|media| media.schema)?;
        let list = list.tokens().try_fold(whole, |schema, token| {
            match &schemas[schemas.resolve(schema)].kind {
                Kind::Object { properties, .. } => {
                    properties.get(&token).map(|property| property.schema)
                }
                _ => None,
            }
        })?;
        match &schemas[schemas.resolve(list)].kind {
            Kind::Array { items, .. } => Some(*items),
            _ => None,
        }
    }

    /// Whether a query name belongs to a documented parameter or to declared credentials.
    fn names_query(&self, operation: &Operation, name: &str) -> bool {
        let declared = operation.parameters.iter().any(|parameter| {
            if parameter.location != Location::Query {
                return false;
            }
            let within = name
                .strip_prefix(&parameter.name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
            let schema = &self.api.schemas[self.api.schemas.resolve(parameter.schema)];
            within
                || matches!(&schema.kind, Kind::Object { properties, .. } if properties.contains_key(name))
        });
        declared
            || self
                .credentials()
                .iter()
                .any(|(location, own)| *location == Location::Query && own == name)
    }
}
