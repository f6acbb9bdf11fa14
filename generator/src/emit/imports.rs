//! What a file names that is not its own.

use crate::rust::{Payload, Ty};
use plumbline_specs::api::Framing;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

/// Names by the module that they come from, in order.
#[derive(Debug, Default)]
pub(super) struct Imports {
    names: BTreeMap<&'static str, BTreeSet<&'static str>>,
}

/// The runtime's path.
pub(super) const RUNTIME: &str = "crate::runtime";

/// The runtime's name for a framing.
pub(super) fn framing(node: Framing) -> &'static str {
    match node {
        Framing::JsonLines => "Lines",
        Framing::ServerSentEvents => "Events",
    }
}

impl Imports {
    pub(super) fn add(&mut self, module: &'static str, name: &'static str) {
        self.names.entry(module).or_default().insert(name);
    }

    pub(super) fn runtime(&mut self, names: &[&'static str]) {
        for name in names {
            self.add(RUNTIME, name);
        }
    }

    /// Adds what a type names; a file of types has its own items in scope.
    pub(super) fn ty(&mut self, ty: &Ty) {
        match ty {
            Ty::Unit
            | Ty::Bool
            | Ty::I32
            | Ty::I64
            | Ty::U64
            | Ty::F64
            | Ty::String
            | Ty::Bytes => {}
            Ty::Number => self.add("serde_json", "Number"),
            Ty::Uuid => self.add("uuid", "Uuid"),
            Ty::DateTime => self.runtime(&["DateTime"]),
            Ty::Date => self.add("chrono", "NaiveDate"),
            Ty::Base64 => self.runtime(&["Base64"]),
            Ty::Upload => self.runtime(&["Upload"]),
            Ty::Json => self.add("serde_json", "Value"),
            Ty::JsonObject => {
                self.add("serde_json", "Map");
                self.add("serde_json", "Value");
            }
            Ty::Constant(_) => self.add("super", "constants"),
            Ty::Named(_) => self.add("super::types", "*"),
            Ty::Map(inner) => {
                self.add("std::collections", "BTreeMap");
                self.ty(inner);
            }
            Ty::List(inner) | Ty::Option(inner) | Ty::Boxed(inner) => self.ty(inner),
            Ty::Tuple(elements) => {
                for element in elements {
                    self.ty(element);
                }
            }
        }
    }

    /// Adds what a payload names.
    pub(super) fn payload(&mut self, payload: &Payload) {
        match payload {
            Payload::Empty => self.runtime(&["Empty"]),
            Payload::Json(ty) => {
                self.runtime(&["Json"]);
                self.ty(ty);
            }
            Payload::JsonOrText(ty) => {
                self.runtime(&["JsonOrText", "OrText"]);
                self.ty(ty);
            }
            Payload::Text => self.runtime(&["Text"]),
            Payload::Bytes => self.runtime(&["Bytes"]),
            Payload::Records {
                item,
                error,
                framing,
            } => {
                self.runtime(&[self::framing(*framing)]);
                self.ty(item);
                if let Some(error) = error {
                    self.ty(error);
                }
            }
        }
    }

    /// Forgets what a module gives: the file is that module.
    pub(super) fn without(mut self, module: &str) -> Self {
        self.names.remove(module);
        self
    }

    /// One `use` for each module.
    pub(super) fn tokens(&self) -> Vec<TokenStream> {
        // As rustfmt sorts them.
        let rank = |module: &str| match module.split(':').next() {
            Some("super") => 0,
            Some("crate") => 1,
            _ => 2,
        };
        let mut modules: Vec<_> = self.names.iter().collect();
        modules.sort_by_key(|(module, _)| rank(module));
        modules
            .into_iter()
            .map(|(module, names)| {
                let module: TokenStream = module.parse().unwrap_or_default();
                let names: Vec<TokenStream> = names
                    .iter()
                    .map(|name| name.parse().unwrap_or_default())
                    .collect();
                match names.as_slice() {
                    [name] => quote!(use #module::#name;),
                    names => quote!(use #module::{#(#names),*};),
                }
            })
            .collect()
    }
}
