//! A deletion that leaves the item there, marked, is held to the mark that `x-resource` promises.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use plumbline_conformance::{Contract, Verdict};
use plumbline_reference::{Options, Server, vendor};
use plumbline_specs::Input;
use std::sync::Arc;

/// An MLflow server that does what an overlay says, a little changed.
fn server(from: &str, to: &str) -> Server {
    let vendor = vendor("mlflow").unwrap();
    let overlay = String::from_utf8(vendor.overlay.to_vec()).unwrap();
    assert!(overlay.contains(from));
    let overlay = overlay.replace(from, to);
    let options = plumbline_specs::Options {
        overlay: Some(Input {
            name: "overlay.yaml",
            bytes: overlay.as_bytes(),
        }),
        ..plumbline_specs::Options::default()
    };
    let document = Input {
        name: "openapi.yaml",
        bytes: vendor.document,
    };
    let reading = plumbline_specs::read(document, &options).unwrap();
    Server::start(
        Arc::new(Contract::new(reading).unwrap()),
        Options::default(),
    )
    .unwrap()
}

/// What the life cycle of an experiment comes to.
async fn life(server: &Server) -> Vec<String> {
    let mlflow = vendor("mlflow").unwrap();
    let verified = mlflow
        .verify(server.url())
        .writes(true)
        .only("life-cycle")
        .run()
        .await
        .unwrap();
    let outcomes = &verified.report().outcomes;
    let life = outcomes
        .iter()
        .find(|own| own.rule == "life-cycle" && own.operation == "createExperiment")
        .unwrap();
    assert_ne!(life.verdict, Verdict::Skipped, "{life:#?}");
    life.findings
        .iter()
        .map(|finding| format!("{}: {}", finding.message, finding.actual))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_marks_conforms() {
    assert_eq!(life(&server("deleted", "deleted")).await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_that_does_not_mark_is_found() {
    let server = server("/lifecycle_stage: deleted", "/lifecycle_stage: active");
    assert_eq!(
        life(&server).await,
        ["`lifecycle_stage` does not stand as it was set by the deletion: \"active\""]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rename_that_does_nothing_is_found() {
    let server = server(
        "/name: $request.body#/new_name",
        "/workspace: $request.body#/new_name",
    );
    let found = life(&server).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("`name` does not stand as it was changed: "));
}
