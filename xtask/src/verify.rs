//! `verify`: the main job. Documents read, bindings fresh, and every vendor's fixtures, checks
//! and laws run against an embedded server of its document.

use crate::children;
use crate::generate;
use crate::tables::aligned;
use crate::workspace::{Status, carried, display_path, root, run_settings, vendors};
use anyhow::{Context, Result};
use clap::Args;
use plumbline_cli::{output, say};
use plumbline_conformance::rule::rules;
use plumbline_conformance::run::Verified;
use plumbline_conformance::{Report, Verdict, report};
use plumbline_reference::Options;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::{fs, path::Path};

/// Reads the documents, checks the bindings, verifies the embedded servers, and reports.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many items each collection of an embedded server holds.
    #[arg(long, default_value_t = 57)]
    items: u64,
    /// What the items are made from; the same seed gives the same items.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl Default for Arguments {
    fn default() -> Self {
        Self { items: 57, seed: 1 }
    }
}

/// What the embedded servers accept; it guards nothing.
pub(crate) const KEY: &str = "an-embedded-server-s-key";

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let folders: Vec<_> = vendors().map(|vendor| format!("specs/{vendor}")).collect();
    say!("documents: {} read", folders.join(", "));
    let fresh = generate::check()?;
    if fresh {
        say!("bindings:  generated/ is up to date");
    } else {
        say!("bindings:  generated/ is stale; `cargo xtask generate` mends it");
    }
    let folder = root().join("target").join("verify");
    fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made", display_path(&folder)))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut conforms = true;
    let mut table = vec![HEADINGS.map(str::to_owned)];
    let mut reasons = String::new();
    let mut findings = String::new();
    let mut links = Vec::new();
    for vendor in vendors() {
        let verified = runtime.block_on(vendor_run(vendor, arguments))?;
        write_reports(&folder, vendor, &verified)?;
        conforms &= verified.conforms();
        table.push(row(vendor, &verified));
        let left_out = report::left_out(verified.report(), report::TextOptions::default());
        let _ = write!(
            reasons,
            "{vendor}\n\n{}{left_out}",
            warnings(verified.report())
        );
        links.push((vendor, report::conclusion(verified.report())));
        if !verified.conforms() {
            findings.push_str(&verified.text());
        }
        if children::interrupt().is_interrupted() {
            break;
        }
    }
    fs::write(folder.join("index.html"), index(&links))?;
    // The table comes last: it is what is read first.
    say!(
        "\n{reasons}{findings}{}",
        aligned(&table, |column| column > 0)
    );
    say!("report: {}", display_path(&folder.join("index.html")));
    Ok(Status::of(fresh && conforms))
}

async fn vendor_run(vendor: &'static str, arguments: &Arguments) -> Result<Verified> {
    // The server stands until the run is over.
    let carried = carried(vendor)?;
    let server = carried.serve(Options {
        items: arguments.items,
        seed: arguments.seed,
        credentials: Some(KEY.to_owned()),
        ..Options::default()
    })?;
    let settings = run_settings(carried)?;
    let mut run = carried
        .verify(server.url())
        .writes(true)
        .interrupt(children::interrupt().clone());
    for (name, value) in settings.headers(KEY) {
        run = run.header(name, value);
    }
    for (name, value) in &settings.set {
        run = run.set(name, value);
    }
    for operation in &settings.also {
        run = run.also(operation);
    }
    Ok(run.run().await?)
}

const HEADINGS: [&str; 10] = [
    "vendor",
    "operations",
    "uncovered",
    "passed",
    "warned",
    "failed",
    "known",
    "skipped",
    "requests",
    "seconds",
];

fn row(vendor: &str, verified: &Verified) -> [String; 10] {
    let report = verified.report();
    let totals = report.totals();
    let covered: BTreeSet<&str> = report
        .outcomes
        .iter()
        .filter(|outcome| outcome.verdict != Verdict::Skipped)
        .map(|outcome| outcome.operation.as_str())
        .filter(|operation| !report.uncovered.contains_key(*operation))
        .collect();
    [
        vendor.to_owned(),
        covered.len().to_string(),
        report.uncovered.len().to_string(),
        totals.passed.to_string(),
        totals.warned.to_string(),
        totals.failed.to_string(),
        totals.known.to_string(),
        totals.skipped.to_string(),
        report.requests.to_string(),
        // Tenths are all that a person compares.
        format!("{}.{}", report.millis / 1000, report.millis % 1000 / 100),
    ]
}

/// What warns and what is known to fail, a line each.
fn warnings(report: &Report) -> String {
    let mut text = String::new();
    for outcome in &report.outcomes {
        let word = match outcome.verdict {
            Verdict::Warned => "warns",
            Verdict::Known => "is known to fail",
            Verdict::Passed | Verdict::Failed | Verdict::Skipped => continue,
        };
        for finding in &outcome.findings {
            let _ = writeln!(
                text,
                "{} {word} at {}: {}",
                outcome.rule, outcome.operation, finding.message
            );
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Writes the reports of a run into a folder.
pub(crate) fn write_reports(folder: &Path, vendor: &str, verified: &Verified) -> Result<()> {
    let rules = rules();
    let report = verified.report();
    let html = report::html(report, &rules)?;
    output::write(&folder.join(format!("{vendor}.html")), &html)?;
    output::write(
        &folder.join(format!("{vendor}.json")),
        &report::json(report),
    )?;
    Ok(())
}

/// A page that leads to each vendor's report. The conclusions hold nothing that HTML minds.
fn index(links: &[(&str, String)]) -> String {
    let links: String = links
        .iter()
        .map(|(vendor, conclusion)| {
            format!("<dt><a href=\"{vendor}.html\">{vendor}</a></dt><dd>{conclusion}</dd>\n")
        })
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>Plumbline</title>\n\
         <style>body {{ font: 16px/1.5 system-ui, sans-serif; margin: 1.5rem; }}</style>\n\
         <h1>Plumbline</h1>\n<dl>\n{links}</dl>\n</html>\n"
    )
}
