//! `Api` → `rust::Crate`: every Rust choice is made here.
//!
//! The passes over one API, each in a file of its own: `names` calls operations and components
//! something; `forms` says what kind of Rust type each schema becomes; `naming` calls the types
//! without a name after their owners; `types` makes items; `share` makes one of those that say
//! the same; `cycles` puts boxes; `required_fields` finds out what must be given; `methods` with
//! `answers` and `paging` makes the operations; `groups` parts a large document by its tags. What
//! is carried over in another way than it was written is a diagnostic.

mod answers;
mod boxing;
mod credentials;
mod dedup;
mod docs;
mod forms;
mod groups;
mod media;
mod methods;
mod names;
mod naming;
mod notes;
mod paging;
mod report;
mod required_fields;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod types;
mod usage;
mod variants;

use crate::rust::{Crate, Discrimination, Item, Layout, Module, UnionVariant};
use dedup::Built;
use forms::Forms;
use methods::Context;
use plumbline_specs::Diagnostics;
use plumbline_specs::api::{Api, SchemaId, Server};
use report::Report;
use std::collections::HashMap;
use types::Types;

/// One API to make a client of.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The name of its module, for example `opik`.
    pub name: &'a str,
    /// What diagnostics call its document; a path usually.
    pub file: &'a str,
    /// What the document says.
    pub api: &'a Api,
}

/// What the package is called and how it is laid out.
#[derive(Clone, Debug)]
pub struct Options {
    /// The package's name, for example `plumbline-clients`.
    pub package: String,
    /// The package's version.
    pub version: String,
    /// Where the APIs stand in it.
    pub layout: Layout,
}

/// Makes every Rust choice for a package of clients.
pub fn plan(sources: &[Source<'_>], options: &Options) -> (Crate, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut modules = Vec::new();
    for source in sources {
        let mut report = Report::new(source.file);
        modules.push(module(source, options.layout, &mut report));
        for diagnostic in report.finish() {
            diagnostics.push(diagnostic);
        }
    }
    let planned = Crate {
        name: options.package.clone(),
        version: options.version.clone(),
        layout: options.layout,
        modules,
    };
    (planned, diagnostics)
}

fn module(source: &Source<'_>, layout: Layout, report: &mut Report) -> Module {
    let api = source.api;
    let operation_names = names::operation_names(api);
    let forms = Forms::of(api, report);
    let named = naming::type_names(api, &forms, &operation_names);
    let mut types = Types::new(forms, named.names);
    usage::find_usage(api, &mut types);
    let items = items(api, &mut types, &named.depths, &named.labels);
    let by_name: HashMap<String, Item> = items
        .iter()
        .map(|item| (item.name().to_owned(), item.clone()))
        .collect();
    let credentials = credentials::credentials(api, report);
    let server = base(api);
    let mut context = Context {
        types: &mut types,
        items: &by_name,
        credentials: &credentials,
        scope: named.scope,
        sets: Default::default(),
        aliases: Vec::new(),
        server: server.clone(),
        servers: Default::default(),
        report,
    };
    let operations = context.operations(api, &operation_names);
    let (errors, error_aliases) = (context.sets.finish(), context.aliases);
    Module {
        name: names::snake(source.name),
        title: api.title.clone(),
        version: api.version.clone(),
        docs: docs::docs(None, api.description.as_deref()),
        server,
        credentials,
        groups: groups::groups(&operations, &errors, &items, layout),
        operations,
        errors,
        error_aliases,
        items,
        constants: types.constants(),
    }
}

/// All items, those that say the same made one, boxed and with what can be derived.
fn items(
    api: &Api,
    types: &mut Types<'_>,
    depths: &HashMap<SchemaId, usize>,
    labels: &HashMap<SchemaId, String>,
) -> Vec<Item> {
    let mut built = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (id, schema) in api.schemas.iter() {
        if types.names.get(&id).is_some_and(|name| seen.contains(name)) {
            continue;
        }
        if let Some(item) = types.item(id) {
            seen.insert(item.name().to_owned());
            built.push(Built {
                item,
                depth: depths
                    .get(&id)
                    .copied()
                    .or((schema.name.is_none() && schema.rust_name.is_some()).then_some(0)),
                label: labels.get(&id).cloned().unwrap_or_default(),
                by_hand: schema.rust_name.is_some(),
            });
        }
    }
    let renamed = dedup::dedup(&mut built);
    for name in types.names.values_mut() {
        if let Some(new) = renamed.get(name) {
            new.clone_into(name);
        }
    }
    let mut items: Vec<Item> = built.into_iter().map(|built| built.item).collect();
    for item in &mut items {
        merge_equal(item);
    }
    boxing::break_cycles(&mut items);
    let sent = types.sent.iter().filter_map(|id| types.names.get(id));
    required_fields::constructors(&mut items, &sent.cloned().collect());
    items
}

/// Variants of the same type are one: the second would never be met.
fn merge_equal(item: &mut Item) {
    let Item::Union(union) = item else {
        return;
    };
    let mut met: HashMap<crate::rust::Ty, usize> = HashMap::new();
    let mut variants: Vec<UnionVariant> = Vec::new();
    for variant in union.variants.drain(..) {
        match met.get(&variant.ty).and_then(|at| variants.get_mut(*at)) {
            Some(known) => known.tags.extend(variant.tags),
            None => {
                met.insert(variant.ty.clone(), variants.len());
                variants.push(variant);
            }
        }
    }
    union.variants = variants;
    if union.variants.len() == 1 && union.tagging == Discrimination::Best {
        union.tagging = Discrimination::Shape;
    }
}

/// The document's server; where it has none, the one that all operations name.
fn base(api: &Api) -> Option<String> {
    if let Some(own) = api.servers.first() {
        return Some(server(own));
    }
    let mut all = api
        .operations
        .iter()
        .map(|it| it.servers.first().map(server));
    let first = all.next()??;
    all.all(|other| other.as_ref() == Some(&first))
        .then_some(first)
}

/// A server's URL with its variables at their defaults.
fn server(server: &Server) -> String {
    let mut url = server.url.clone();
    for (name, default) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), default);
    }
    url
}
