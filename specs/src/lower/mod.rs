//! A document becomes an [`Api`]: references are resolved, `allOf` is merged, what is inherited
//! is written out.
//!
//! Schemas go through a queue: an id is given when a schema is met, its contents are lowered
//! later. So recursion in a document is no recursion here, and an id met again is a cycle.

mod extension;
mod media_type;
mod merge;
mod merged;
mod operation;
mod pagination;
mod parameter;
mod profile;
mod reference;
mod response;
mod schema;
mod security;
mod union;

use crate::Pointer;
use crate::api::{Api, Kind, Parameter, Response, Schema, SchemaId, Server};
use crate::diagnostic::{Diagnostic, Sink};
use crate::document::{Document, SchemaNode};
use crate::shape::Object;
use crate::unread::Unread;
use crate::{Code, codes};
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet, VecDeque};
use std::rc::Rc;

/// How much may be lowered of any document, and how much more for each of its values:
/// parameters, headers, media types, keywords and the names and values that those list are
/// counted, and counted again where they are referred to again. Documents as they are met come to
/// less than their values.
const MAX_SPENT: usize = 200_000;
const MAX_SPENT_EACH: usize = 4;

/// Lowers a document. Errors are in the sink; an `Api` that comes with some must not be used.
pub(crate) fn lower(document: &Document, unread: &[Unread], sink: &mut Sink) -> Api {
    let mut lowerer = Lowerer {
        document,
        unread,
        sink,
        api: Api::default(),
        ids: HashMap::new(),
        queue: VecDeque::new(),
        targets: HashMap::new(),
        nodes: HashMap::new(),
        responses: HashMap::new(),
        parameters: HashMap::new(),
        callbacks: HashSet::new(),
        pending: VecDeque::new(),
        left: MAX_SPENT + MAX_SPENT_EACH * document.size(),
        exhausted: false,
    };
    lowerer.document();
    lowerer.api
}

/// What lowering knows while it runs.
struct Lowerer<'d, 's> {
    document: &'d Document,
    /// The files that references lead into and that are not read.
    unread: &'d [Unread],
    sink: &'s mut Sink,
    api: Api,
    ids: HashMap<merged::Recipe, SchemaId>,
    queue: VecDeque<(SchemaId, merged::Recipe)>,
    /// Where references lead, so that each is followed, and each fault reported, once.
    targets: HashMap<String, Option<Pointer>>,
    /// Schemas of many members, typed: a member merged with what stands beside its union reads
    /// the whole union again.
    nodes: HashMap<Pointer, Rc<SchemaNode<'d>>>,
    /// What is lowered already, by place.
    responses: HashMap<Pointer, Response>,
    parameters: HashMap<Pointer, Parameter>,
    /// The path items of callbacks that were met, and those of them that are still to be lowered.
    callbacks: HashSet<Pointer>,
    pending: VecDeque<operation::PendingCallback>,
    /// How much more may be lowered, and whether something would have been more than that.
    left: usize,
    exhausted: bool,
}

impl<'d> Lowerer<'d, '_> {
    fn document(&mut self) {
        let root = Pointer::root();
        let Some(head) =
            self.document
                .typed::<openapiv3::OpenAPI>(Object::Document, &root, self.sink)
        else {
            return;
        };
        self.info(&root.join("info"));
        self.api.servers = self.servers(head.servers, &root);
        self.api.tags = head
            .tags
            .into_iter()
            .map(|tag| (tag.name, tag.description))
            .collect();
        self.security_schemes();
        let security = head.security.unwrap_or_default();
        let security = self.requirements(security, &root.join("security"));
        self.paths(&security);
        self.webhooks(&security);
        self.pending_callbacks();
        let components = root.join("components").join("schemas");
        for name in self.keys(&components) {
            self.component(components.join(&name));
        }
        self.drain();
        self.check_cycles();
        self.check_operations();
    }

    fn info(&mut self, place: &Pointer) {
        let mut own = self.document.map(place).cloned().unwrap_or_default();
        // `openapiv3` wants both, and people forget them.
        for (key, assumed) in [("title", "Untitled"), ("version", "0")] {
            if own.get(key).is_none_or(Value::is_null) {
                self.sink.repair(
                    Diagnostic::error(codes::MISSING_INFO, format!("the document has no {key}"))
                        .pointer(place)
                        .help(format!("write `info.{key}`")),
                    &format!("`{assumed}` is assumed"),
                );
                own.insert(key.to_owned(), Value::from(assumed));
            }
        }
        let info: Option<openapiv3::Info> =
            Document::typed_map(Object::Info, &own, place, self.sink);
        if let Some(info) = info {
            self.api.title = info.title;
            self.api.version = info.version;
            self.api.description = info.description;
        }
    }

    fn servers(&mut self, servers: Vec<openapiv3::Server>, place: &Pointer) -> Vec<Server> {
        let place = place.join("servers");
        servers
            .into_iter()
            .enumerate()
            .map(|(index, server)| Server {
                place: place.index(index),
                url: server.url,
                description: server.description,
                variables: server
                    .variables
                    .unwrap_or_default()
                    .into_iter()
                    .map(|(name, variable)| (name, variable.default))
                    .collect::<IndexMap<_, _>>(),
            })
            .collect()
    }

    /// The keys of the map at a place, extensions aside; none where there is no map.
    fn keys(&self, place: &Pointer) -> Vec<String> {
        self.document
            .map(place)
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }

    /// The value of a key, null being none.
    fn member(&self, place: &Pointer, key: &str) -> Option<&'d Value> {
        self.document
            .map(place)
            .and_then(|map| map.get(key))
            .filter(|value| !value.is_null())
    }

    /// Counts what is lowered. What a document refers to many times is lowered many times, so
    /// a small one could fill the memory; beyond the limit nothing more is lowered.
    fn spend(&mut self, count: usize, place: &Pointer) -> bool {
        if !self.exhausted
            && let Some(left) = self.left.checked_sub(count)
        {
            self.left = left;
            return true;
        }
        if !self.exhausted {
            self.exhausted = true;
            self.sink.push(
                Diagnostic::error(codes::TOO_LARGE, "the references expand to too much")
                    .pointer(place)
                    .help("select the operations that you need"),
            );
        }
        false
    }

    fn error(&mut self, code: Code, message: impl Into<String>, place: &Pointer) {
        self.sink
            .push(Diagnostic::error(code, message).pointer(place));
    }

    /// A schema that allows anything, for a place where the document says nothing.
    fn anything(&mut self, place: Pointer) -> SchemaId {
        self.api.schemas.push(blank(place))
    }
}

/// A schema at a place that says nothing yet.
fn blank(place: Pointer) -> Schema {
    Schema {
        place,
        name: None,
        rust_name: None,
        title: None,
        description: None,
        nullable: false,
        default: None,
        read_only: false,
        write_only: false,
        deprecated: false,
        kind: Kind::Any,
    }
}

/// The string under a key.
fn string<'m>(map: &'m Map<String, Value>, key: &str) -> Option<&'m str> {
    map.get(key).and_then(Value::as_str)
}
