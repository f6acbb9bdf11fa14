//! What the tests of this module share.

use super::{Options, Source, plan};
use crate::rust::{
    Access, Answer, Argument, Item, Layout, Module, Operation as Planned, Output, Paging, Payload,
    Presence, Ty, Wire,
};
use plumbline_specs::api::{Api, Method, Operation};
use plumbline_specs::{Diagnostics, Input, Pointer, read};
use std::fmt::Write as _;

/// An operation that only has an id, a method and a path.
pub(super) fn operation(method: Method, path: &str, id: Option<&str>) -> Operation {
    Operation {
        place: Pointer::root()
            .join("paths")
            .join(path)
            .join(&method.as_str().to_lowercase()),
        id: id.map(str::to_owned),
        name: None,
        method,
        path: path.to_owned(),
        tags: Vec::new(),
        summary: None,
        description: None,
        deprecated: false,
        parameters: Vec::new(),
        body: None,
        responses: Vec::new(),
        security: Vec::new(),
        servers: Vec::new(),
        pagination: None,
        resource: None,
    }
}

/// An API of these operations.
pub(super) fn api_with(operations: Vec<Operation>) -> Api {
    Api {
        operations,
        ..Api::default()
    }
}

/// Plans a document.
pub(super) fn planned(text: &str) -> (Module, Diagnostics) {
    let input = Input {
        name: "api.yaml",
        bytes: text.as_bytes(),
    };
    let api = match read(input, &Default::default()) {
        Ok(reading) => reading.api,
        Err(diagnostics) => panic!("{diagnostics:?}"),
    };
    let source = Source {
        name: "api",
        file: "api.yaml",
        api: &api,
    };
    let options = Options {
        package: "clients".to_owned(),
        version: "0.1.0".to_owned(),
        layout: Layout::Root,
    };
    let (mut planned, diagnostics) = plan(&[source], &options);
    (planned.modules.remove(0), diagnostics)
}

/// Plans a document of `specs/features`.
pub(super) fn feature(name: &str) -> (Module, Diagnostics) {
    let path = format!(
        "{}/../specs/features/{name}.yaml",
        env!("CARGO_MANIFEST_DIR")
    );
    planned(&std::fs::read_to_string(&path).expect(&path))
}

/// A module in short: what a reader of the generated code would see.
pub(super) fn outline(module: &Module) -> String {
    let mut out = String::new();
    for credential in &module.credentials {
        let _ = writeln!(out, "credential {}: {:?}", credential.name, credential.kind);
    }
    for operation in &module.operations {
        self::method(&mut out, operation);
    }
    for item in &module.items {
        self::item(&mut out, item);
    }
    for set in &module.errors {
        let _ = writeln!(out, "errors {}: {}", set.name, answers(&set.answers));
    }
    for constant in &module.constants {
        let _ = writeln!(out, "constant {} = {:?}", constant.name, constant.wire);
    }
    out
}

fn method(out: &mut String, operation: &Planned) {
    let arguments: Vec<String> = operation.arguments.iter().map(argument).collect();
    let output = match &operation.output {
        Output::One(statuses, payload) => {
            let statuses: Vec<String> = statuses.iter().map(ToString::to_string).collect();
            format!("{} {}", statuses.join("|"), self::payload(payload))
        }
        Output::Several(name, all) => format!("{name} {{{}}}", answers(all)),
    };
    let _ = writeln!(
        out,
        "fn {}({}) -> {output}{}",
        operation.name,
        arguments.join(", "),
        operation
            .error
            .as_ref()
            .map(|error| format!(", {error}"))
            .unwrap_or_default(),
    );
    for option in &operation.options {
        let _ = writeln!(out, "  .{}", argument(option));
    }
    for header in &operation.headers {
        let _ = writeln!(
            out,
            "  header {}: {} = {:?}",
            header.name,
            ty(&header.ty),
            header.wire
        );
    }
    if let Some(paging) = &operation.paging {
        let _ = writeln!(out, "  pages {}", self::paging(paging));
    }
}

fn argument(argument: &Argument) -> String {
    let wire = match &argument.wire {
        Wire::Parameter {
            location,
            name,
            style,
            explode,
            ..
        } => format!(
            "{location:?} {name:?} {style:?}{}",
            if *explode { "*" } else { "" }
        ),
        Wire::Json { location, name } => format!("{location:?} {name:?} json"),
        Wire::Body(body) => format!("{body:?}"),
    };
    format!(
        "{}: {} {:?} [{wire}]",
        argument.name,
        ty(&argument.ty),
        argument.pass
    )
}

fn answers(all: &[Answer]) -> String {
    all.iter()
        .map(|answer| {
            format!(
                "{} {}({})",
                answer.status,
                answer.variant,
                payload(&answer.payload)
            )
        })
        .collect::<Vec<_>>()
        .join(", ")
}

fn payload(payload: &Payload) -> String {
    match payload {
        Payload::Empty => "()".to_owned(),
        Payload::Json(inner) => ty(inner),
        Payload::JsonOrText(inner) => format!("{} or text", ty(inner)),
        Payload::Text => "text".to_owned(),
        Payload::Bytes => "bytes".to_owned(),
        Payload::Records {
            item,
            error,
            framing,
        } => format!(
            "{framing:?} of {}{}",
            ty(item),
            error
                .as_ref()
                .map(|error| format!(" or {}", ty(error)))
                .unwrap_or_default()
        ),
    }
}

fn paging(paging: &Paging) -> String {
    let way = |way: &[Access]| {
        way.iter()
            .map(|access| access.field.as_str())
            .collect::<Vec<_>>()
            .join(".")
    };
    format!(
        "{:?} item {} items [{}] next [{}] total [{}] more [{}] echo [{}]",
        paging.style,
        ty(&paging.item),
        way(&paging.items),
        way(&paging.next),
        way(&paging.total),
        way(&paging.more),
        way(&paging.echo),
    )
}

fn item(out: &mut String, item: &Item) {
    match item {
        Item::Struct(item) => {
            let _ = writeln!(
                out,
                "struct {}{}{}{}",
                item.name,
                if item.default { " default" } else { "" },
                if item.given.is_empty() {
                    String::new()
                } else {
                    format!(" new({})", item.given.join(", "))
                },
                item.rename_all
                    .map(|rule| format!(" {rule:?}"))
                    .unwrap_or_default(),
            );
            for field in &item.fields {
                let inner = ty(&field.ty);
                let inner = match field.presence {
                    Presence::Required => inner,
                    Presence::Nullable => format!("{inner} | null"),
                    Presence::Optional => format!("{inner}?"),
                    Presence::Field => format!("{inner}? | null"),
                    Presence::Defaulted => format!("{inner} = default"),
                };
                let rename = field
                    .rename
                    .as_ref()
                    .map(|wire| format!(" as {wire:?}"))
                    .unwrap_or_default();
                let docs = field.docs.0.join(" / ");
                let docs = if docs.is_empty() {
                    docs
                } else {
                    format!("  // {docs}")
                };
                let _ = writeln!(out, "  {}{rename}: {inner}{docs}", field.name);
            }
            if let Some((name, rest)) = &item.rest {
                let _ = writeln!(out, "  ..{name}: {}", ty(rest));
            }
        }
        Item::OpenEnum(item) => {
            let variants: Vec<String> = item
                .variants
                .iter()
                .map(|variant| format!("{} {:?}", variant.name, variant.wire))
                .collect();
            let _ = writeln!(
                out,
                "enum {}: {} or {}{}",
                item.name,
                variants.join(", "),
                item.other,
                item.default
                    .map(|default| format!(", default {default}"))
                    .unwrap_or_default()
            );
        }
        Item::Union(item) => {
            let variants: Vec<String> = item
                .variants
                .iter()
                .map(|variant| {
                    let tags = if variant.tags.is_empty() {
                        String::new()
                    } else {
                        format!(" {:?}", variant.tags)
                    };
                    format!("{}({}){tags}", variant.name, ty(&variant.ty))
                })
                .collect();
            let _ = writeln!(
                out,
                "union {} {:?}: {}",
                item.name,
                item.tagging,
                variants.join(", ")
            );
        }
        Item::Alias(item) => {
            let _ = writeln!(out, "type {} = {}", item.name, ty(&item.ty));
        }
    }
}

fn ty(inner: &Ty) -> String {
    match inner {
        Ty::Constant(name) => format!("constants::{name}"),
        Ty::Named(name) => name.clone(),
        Ty::List(inner) => format!("[{}]", ty(inner)),
        Ty::Map(inner) => format!("{{{}}}", ty(inner)),
        Ty::Option(inner) => format!("({} | null)", ty(inner)),
        Ty::Boxed(inner) => format!("Box {}", ty(inner)),
        Ty::Tuple(all) => format!("({})", all.iter().map(ty).collect::<Vec<_>>().join(", ")),
        other => format!("{other:?}"),
    }
}

/// Diagnostics as `code pointer`, one a line.
pub(super) fn said(diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter() {
        let pointer = diagnostic.place.pointer.as_ref();
        let _ = writeln!(
            out,
            "{} {}",
            diagnostic.code,
            pointer.map(Pointer::as_str).unwrap_or_default()
        );
    }
    out
}
