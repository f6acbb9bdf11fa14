//! Every document of the vendors is read whole, without an error.
//!
//! They are not ours to pass on: the test reads them from the directory that `PLUMBLINE_SHARED`
//! names, and where it is not set it says so and passes.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod documents;
mod folders;

use plumbline_specs::{Input, Options, read, render};
use std::fs;
use std::path::Path;

#[test]
fn every_vendor_document_is_read() {
    let Some(shared) = std::env::var_os("PLUMBLINE_SHARED") else {
        eprintln!("PLUMBLINE_SHARED is not set: the vendors' documents are not read");
        return;
    };
    let found = documents::below(&Path::new(&shared).join("vendor"));
    assert!(!found.is_empty(), "there are documents");
    for path in found {
        let bytes = fs::read(&path).expect("a document");
        let name = path.to_string_lossy();
        let input = Input {
            name: &name,
            bytes: &bytes,
        };
        if let Err(diagnostics) = read(input, &Options::default()) {
            eprintln!("{}", render(&diagnostics, &[input]));
            assert!(!diagnostics.has_errors(), "{name}");
        }
    }
}

#[test]
fn our_own_documents_are_read_with_their_overlays() {
    for folder in folders::vendors() {
        let document = fs::read(folder.join("openapi.yaml")).expect("our document");
        let overlay = fs::read(folder.join("overlay.yaml")).expect("our overlay");
        let input = Input {
            name: "openapi.yaml",
            bytes: &document,
        };
        let overlay = Input {
            name: "overlay.yaml",
            bytes: &overlay,
        };
        let options = Options {
            overlay: Some(overlay),
            ..Options::default()
        };
        if let Err(diagnostics) = read(input, &options) {
            eprintln!("{}", render(&diagnostics, &[input, overlay]));
            assert!(!diagnostics.has_errors(), "{}", folder.display());
        }
    }
}
