//! What the tests of this module share.

use super::{Options, Source, plan};
use crate::rust::{Layout, Module};
use plumbline_specs::api::{Api, Method, Operation};
use plumbline_specs::{Diagnostics, Input, Pointer, read};

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
        reads: None,
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
