//! `plumbline serve`.

use crate::{Failure, Outcome, args, input};
use plumbline_cli::{say, stdout};
use plumbline_conformance::UserText;
use plumbline_reference::{DEFECTS, Options, Server};
use std::sync::Arc;

pub(crate) fn run(args: args::Serve) -> Outcome {
    if args.list_defects {
        let list: String = DEFECTS
            .iter()
            .map(|defect| format!("{:32} {}\n", defect.id, defect.breaks))
            .collect();
        stdout::print(&list);
        return Ok(true);
    }
    let named = args::Spec {
        spec: args.spec.unwrap_or_default(),
        overlay: args.overlay,
        allowed: args.allowed,
    };
    let document = input::document("", &named)?;
    let (_, contract) = document
        .verify
        .contract()
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let credentials = args
        .credentials
        .map(|typed| UserText::read(&typed).map(|text| text.expose()))
        .transpose()
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let server = Server::start(
        Arc::new(contract),
        Options {
            items: args.items,
            seed: args.seed,
            defects: args.defect,
            credentials,
            listen: Some(args.listen),
            vendor: document.vendor,
            ..Options::default()
        },
    )
    .map_err(|error| Failure::Usage(error.to_string()))?;
    say!("serving {} at {}", named.spec, server.url());
    if stdout::failed() {
        // Nobody knows where it listens.
        return Err(Failure::Lost);
    }
    // Until a signal ends the process: the server lives on its own threads.
    loop {
        std::thread::park();
    }
}
