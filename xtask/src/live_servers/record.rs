//! Recording a vendor's fixtures anew from its real server.

use crate::children;
use crate::workspace::{carried, display_path, root};
use anyhow::{Context, Result};
use plumbline_cli::{output, say};
use plumbline_conformance::fixture::{self, Provenance};
use plumbline_conformance::record::{self, Options, Proxy};
use plumbline_conformance::{Limits, Session, Target, Values};
use plumbline_specs::{Diagnostics, Input, render};
use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use url::Url;

/// Plays each fixture of a vendor through the recording proxy, and writes the answers into it.
pub(super) async fn record(vendor: &str, server: (&str, &str), base: &str) -> Result<()> {
    let (_, contract) = carried(vendor)?.verify(base).contract()?;
    let folder = root().join("conformance/fixtures").join(vendor);
    let mut files: Vec<_> = folder
        .read_dir()
        .with_context(|| format!("{} cannot be read", display_path(&folder)))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    let upstream = Url::parse(base)?;
    let today = jiff::Zoned::now().strftime("%Y-%m-%d").to_string();
    for file in files {
        let (name, bytes) = (display_path(&file), fs::read(&file)?);
        let told = |found: Vec<plumbline_specs::Diagnostic>| {
            let found: Diagnostics = found.into_iter().collect();
            let source = Input {
                name: &name,
                bytes: &bytes,
            };
            render(&found, &[source])
        };
        let scenario =
            fixture::load(&bytes, &name).map_err(|found| anyhow::anyhow!("{}", told(found)))?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let proxy = Proxy::listen(upstream.clone(), listen).await?;
        let session = Session::new(Target {
            base: Url::parse(&format!("http://{}", proxy.address()))?,
            headers: Vec::new(),
            values: BTreeMap::new(),
            limits: Limits::default(),
        })?;
        let played = record::play(
            proxy,
            &session,
            &scenario,
            &Values::new(),
            children::interrupt(),
        )
        .await;
        let options = Options {
            name: scenario.name.clone(),
            spec: vendor.to_owned(),
            base: Some(upstream.clone()),
            provenance: Provenance::Recorded {
                server: server.0.to_owned(),
                version: server.1.to_owned(),
                on: today.clone(),
            },
            maps: Vec::new(),
            places: Vec::new(),
            limits: plumbline_conformance::Limits::default(),
            keep: Vec::new(),
        };
        let recording = record::renewed(&contract, &scenario, &played, &options)?;
        for note in recording.notes {
            say!("{name}: {}", note.message);
        }
        if let Some(renewed) = recording.fixture {
            let text = fixture::save(&renewed).map_err(anyhow::Error::msg)?;
            output::write(&file, &text)?;
        }
        say!("{name}: {} exchanges recorded", played.sent.len());
    }
    Ok(())
}
