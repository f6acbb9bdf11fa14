//! What an audit of the types needs: which type stands for which schema, and a function that
//! takes JSON through any of them.

use crate::rust::visit::slots;
use crate::rust::{Module, Ty};
use plumbline_specs::Pointer;
use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

/// A type of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The module that has it.
    pub module: String,
    /// Its name, unique in the module.
    pub name: String,
    /// Where its schema stands in the document. Parts of one schema, such as the members of a
    /// union in an `allOf`, share a place.
    pub place: Pointer,
}

/// The types of a module that JSON can hold: not those with a file in them, which travel in
/// parts.
pub(crate) fn named(module: &Module) -> Vec<Named> {
    let mut holds: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut uploads: HashSet<&str> = HashSet::new();
    for item in &module.items {
        let mut below = Vec::new();
        for ty in slots(item) {
            if names(ty, &mut below) {
                uploads.insert(item.name());
            }
        }
        holds.insert(item.name(), below);
    }
    loop {
        let more: Vec<&str> = holds
            .iter()
            .filter(|(name, below)| {
                !uploads.contains(*name) && below.iter().any(|it| uploads.contains(it))
            })
            .map(|(name, _)| *name)
            .collect();
        if more.is_empty() {
            break;
        }
        uploads.extend(more);
    }
    module
        .items
        .iter()
        .filter(|item| !uploads.contains(item.name()))
        .map(|item| Named {
            module: module.name.clone(),
            name: item.name().to_owned(),
            place: item.place().clone(),
        })
        .collect()
}

/// Collects the names within a type, and says whether there is a file in it.
fn names<'t>(ty: &'t Ty, found: &mut Vec<&'t str>) -> bool {
    match ty {
        Ty::Upload => true,
        Ty::Named(name) => {
            found.push(name);
            false
        }
        Ty::List(inner) | Ty::Map(inner) | Ty::Option(inner) | Ty::Boxed(inner) => {
            names(inner, found)
        }
        // Each of them is looked at, also after a file was met.
        Ty::Tuple(all) => all.iter().filter(|inner| names(inner, found)).count() > 0,
        _ => false,
    }
}

/// The Rust text of a function `round_trip(module, name, json)`, which decodes a JSON text as
/// the type of that name and encodes it again. `path` says where a module's types are found.
pub fn round_trip(types: &[Named], path: impl Fn(&str) -> String) -> String {
    let mut text = String::from(
        "/// Decodes a JSON text as a type and encodes it again; `None` when there is no such type.\n\
         #[allow(deprecated, reason = \"deprecated types are read and written too\")]\n\
         pub fn round_trip(module: &str, name: &str, json: &str) -> Option<Result<String, String>> {\n    \
             fn trip<T: ::serde::de::DeserializeOwned + ::serde::Serialize>(json: &str) -> Result<String, String> {\n        \
                 let value: T = ::serde_json::from_str(json).map_err(|error| error.to_string())?;\n        \
                 ::serde_json::to_string(&value).map_err(|error| error.to_string())\n    \
             }\n    \
             Some(match (module, name) {\n",
    );
    for Named { module, name, .. } in types {
        let path = path(module);
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "        ({module:?}, {name:?}) => trip::<{path}::{name}>(json),"
        );
    }
    text.push_str("        _ => return None,\n    })\n}\n");
    text
}
