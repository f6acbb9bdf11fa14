//! `verify`: the main job. Documents read, bindings fresh, and every vendor's fixtures, checks
//! and laws run against an embedded server of its document.

use crate::generate;
use crate::workspace::{Outcome, VENDORS, root, shown};
use anyhow::{Context, Result};
use clap::Args;
use plumbline_conformance::reference::{Options, Server};
use plumbline_conformance::run::{Verified, rules};
use plumbline_conformance::{Verdict, report, verify};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;
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
const KEY: &str = "an-embedded-server-s-key";

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    println!(
        "documents: {} read",
        VENDORS.map(|vendor| format!("specs/{vendor}")).join(", ")
    );
    let fresh = generate::check()?;
    if fresh {
        println!("bindings:  generated/ is up to date");
    } else {
        println!("bindings:  generated/ is stale; `cargo xtask generate` mends it");
    }
    let folder = root().join("target").join("verify");
    fs::create_dir_all(&folder).with_context(|| format!("{} cannot be made", shown(&folder)))?;
    let runtime = tokio::runtime::Runtime::new()?;
    let mut conforms = true;
    let mut table = vec![HEADINGS.map(str::to_owned)];
    let mut reasons = String::new();
    let mut findings = String::new();
    for vendor in VENDORS {
        let verified = runtime.block_on(vendor_run(vendor, arguments))?;
        write_reports(&folder, vendor, &verified)?;
        conforms &= verified.conforms();
        table.push(row(vendor, &verified));
        reasons.push_str(&left_out(vendor, &verified));
        if !verified.conforms() {
            findings.push_str(&verified.text());
        }
    }
    let index = index();
    fs::write(folder.join("index.html"), index)?;
    println!("\n{}", aligned(&table));
    print!("{reasons}{findings}");
    println!("report: {}", shown(&folder.join("index.html")));
    Ok(if fresh && conforms {
        Outcome::Fine
    } else {
        Outcome::Amiss
    })
}

async fn vendor_run(vendor: &'static str, arguments: &Arguments) -> Result<Verified> {
    let headers: &[(&str, &str)] = match vendor {
        "opik" => &[("Authorization", KEY), ("Comet-Workspace", "default")],
        "galileo" => &[("Galileo-API-Key", KEY)],
        _ => &[],
    };
    // The server stands until the run is over.
    let (_, contract) = verify("http://localhost").spec(vendor).contract()?;
    let server = Server::start(
        Arc::new(contract),
        Options {
            items: arguments.items,
            seed: arguments.seed,
            credentials: Some(KEY.to_owned()),
            ..Options::default()
        },
    )?;
    let mut run = verify(server.url()).spec(vendor).writes(true);
    if vendor == "phoenix" {
        run = run.known(
            "xtask/known/phoenix.yaml",
            include_bytes!("../known/phoenix.yaml"),
        );
    }
    for (name, value) in headers {
        run = run.header(*name, *value);
    }
    Ok(run.run().await?)
}

const HEADINGS: [&str; 9] = [
    "vendor",
    "operations",
    "uncovered",
    "passed",
    "warned",
    "failed",
    "skipped",
    "requests",
    "seconds",
];

fn row(vendor: &str, verified: &Verified) -> [String; 9] {
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
        totals.skipped.to_string(),
        report.requests.to_string(),
        // Tenths are all that a person compares.
        format!("{}.{}", report.millis / 1000, report.millis % 1000 / 100),
    ]
}

/// What was not judged, with the reasons, each once.
fn left_out(vendor: &str, verified: &Verified) -> String {
    let report = verified.report();
    let mut text = String::new();
    for (operation, reason) in &report.uncovered {
        let _ = writeln!(text, "{vendor}: {operation} is not covered: {reason}");
    }
    let mut reasons: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for outcome in report
        .outcomes
        .iter()
        .filter(|one| one.verdict == Verdict::Skipped)
    {
        let reason = outcome.reason.as_deref().unwrap_or("no reason is given");
        *reasons.entry((&outcome.rule, reason)).or_default() += 1;
    }
    for ((rule, reason), times) in reasons {
        let _ = writeln!(text, "{vendor}: {rule} skipped {times} ×: {reason}");
    }
    text
}

fn write_reports(folder: &Path, vendor: &str, verified: &Verified) -> Result<()> {
    let rules = rules();
    let report = verified.report();
    fs::write(
        folder.join(format!("{vendor}.html")),
        report::html(report, &rules)?,
    )?;
    fs::write(folder.join(format!("{vendor}.json")), report::json(report))?;
    Ok(())
}

/// A page that leads to each vendor's report.
fn index() -> String {
    let links: String = VENDORS
        .iter()
        .map(|vendor| format!("<li><a href=\"{vendor}.html\">{vendor}</a></li>\n"))
        .collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Plumbline</title>\n\
         <h1>Plumbline</h1>\n<ul>\n{links}</ul>\n</html>\n"
    )
}

/// Columns as wide as their widest cell; the first to the left, numbers to the right.
fn aligned(rows: &[[String; 9]]) -> String {
    let mut widths = [0; 9];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for row in rows {
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let _ = if column == 0 {
                write!(text, "{cell:<width$}")
            } else {
                write!(text, "  {cell:>width$}")
            };
        }
        text.push('\n');
    }
    text
}
