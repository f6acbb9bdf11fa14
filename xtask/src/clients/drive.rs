//! One SDK's run: the embedded server, the recording proxy before it, and the script.

use super::call::{self, Call, Kind};
use super::sdk::Sdk;
use crate::children::Group;
use crate::workspace::carried;
use anyhow::{Context, Error, Result, bail};
use plumbline_conformance::fixture::{self, Provenance};
use plumbline_conformance::record::{self, Proxy, Recording};
use plumbline_conformance::traffic::Traffic;
use plumbline_conformance::{Contract, Report, Verdict, report, rule};
use plumbline_reference::{Options, Server};
use plumbline_specs::api::Operation;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The API key that the server asks for. It guards nothing, and must be in no recording.
const KEY: &str = "planted-key-5f3a9c71e8d2";

/// The project that the scripts speak of; the embedded server has experiments in every one.
const PROJECT: &str = "7c2d1f0a-93b4-4c1e-8f65-0d2b7a4e9c11";

/// How long a script may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// What an SDK did.
pub(super) struct Driven {
    pub(super) sdk: &'static Sdk,
    /// In the order of the script.
    pub(super) calls: Vec<Call>,
    /// How many exchanges of the document were recorded.
    pub(super) exchanges: usize,
    /// The operations of the document, as method and path, in its order.
    pub(super) operations: Vec<String>,
    /// Rules that the recording breaks, each with its operation and what it says.
    pub(super) departures: Vec<Departure>,
    /// Methods and paths beside the document, and how often they were asked for.
    pub(super) beside: BTreeMap<String, usize>,
    /// What no list can excuse.
    pub(super) faults: Vec<String>,
}

/// A rule that the recording breaks at an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Departure {
    pub(super) rule: String,
    pub(super) operation: String,
    /// What the findings say, with the places that they say it of.
    pub(super) said: String,
}

impl Driven {
    /// What departs from a run in which every call decodes, everything recorded conforms and
    /// nothing beside the document is called; each as the list of known departures writes it.
    pub(super) fn seen(&self) -> Vec<String> {
        let name = self.sdk.name;
        let failed = self
            .calls
            .iter()
            .filter(|call| call.outcome == Kind::Failed);
        let mut seen: Vec<String> = failed
            .map(|call| format!("{name}: failed: {}", call.call))
            .collect();
        seen.extend(
            self.departures
                .iter()
                .map(|one| format!("{name}: {}: {}", one.rule, one.operation)),
        );
        let beside = self.beside.keys();
        seen.extend(beside.map(|route| format!("{name}: beside: {route}")));
        seen
    }
}

/// Runs an SDK's script against a server of its own.
pub(super) fn drive(sdk: &'static Sdk, program: &Path, items: u64) -> Result<Driven> {
    let vendor = carried(sdk.vendor)?;
    let (_, contract) = vendor.verify("").contract()?;
    let contract = Arc::new(contract);
    let lines = sdk.folder().join("calls.jsonl");
    if lines.exists() {
        fs::remove_file(&lines)?;
    }
    // The SDK asks that a file that is named be there.
    let config = sdk.folder().join("opik.config");
    fs::write(&config, "")?;
    let mut command = sdk.command(program);
    command
        .env("PLUMBLINE_KEY", KEY)
        .env("PLUMBLINE_ITEMS", items.to_string())
        .env("PLUMBLINE_PROJECT", PROJECT)
        .env("PLUMBLINE_CALLS", &lines)
        // Nothing but the recording proxy is to be spoken to, and no file of the user read.
        .env("OPIK_SENTRY_ENABLE", "false")
        .env("OPIK_ANALYTICS_ENABLE", "false")
        .env("OPIK_CONFIG_PATH", &config)
        .env("GALILEO_HOME_DIR", sdk.folder().join("home"))
        .env("NO_PROXY", "*");
    let options = Options {
        items,
        credentials: Some(KEY.to_owned()),
        ..Options::default()
    };
    let log = sdk.folder().join("log.txt");
    let (traffic, status) = tokio::runtime::Runtime::new()?.block_on(recorded(
        vendor.serve(options)?,
        command,
        &log,
    ))?;
    let calls = match fs::read_to_string(&lines) {
        Ok(text) => call::read(&text)?,
        Err(_) => Vec::new(),
    };
    let mut driven = judge(sdk, &contract, &traffic, calls)?;
    if !status.success() {
        let log = crate::workspace::display_path(&log);
        driven
            .faults
            .push(format!("the script ended with {status}; see {log}"));
    }
    Ok(driven)
}

/// Runs a command whose `PLUMBLINE_BASE` is a recording proxy before a server.
async fn recorded(
    server: Server,
    mut command: Command,
    log: &Path,
) -> Result<(Traffic, ExitStatus)> {
    let proxy = Proxy::listen(server.url().parse()?, ([127, 0, 0, 1], 0).into()).await?;
    command.env("PLUMBLINE_BASE", format!("http://{}", proxy.address()));
    let file = File::create(log)?;
    command
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file);
    let script = tokio::task::spawn_blocking(move || ended(&mut command));
    let mut status = None;
    let traffic = proxy.run(None, async { status = Some(script.await) }).await;
    let status = status.context("the script has not ended")??;
    Ok((traffic, status?))
}

/// Runs a command to its end, which comes in time or not at all.
fn ended(command: &mut Command) -> Result<ExitStatus> {
    let mut process = Group::work(command).context("the script cannot be started")?;
    let begun = Instant::now();
    loop {
        if let Some(status) = process.try_wait()? {
            return Ok(status);
        }
        if begun.elapsed() > PATIENCE {
            process.end();
            bail!("the script did not end within {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Holds the recording and the calls against the document, and writes the recording.
fn judge(
    sdk: &'static Sdk,
    contract: &Contract,
    traffic: &Traffic,
    calls: Vec<Call>,
) -> Result<Driven> {
    let today = traffic.exchanges.iter().find_map(|passed| passed.begun);
    let options = record::Options {
        name: sdk.name.to_owned(),
        spec: sdk.vendor.to_owned(),
        base: None,
        provenance: Provenance::Recorded {
            server: "plumbline serve".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            on: today.map_or_else(String::new, |today| today.strftime("%Y-%m-%d").to_string()),
        },
        maps: Vec::new(),
        places: Vec::new(),
        limits: plumbline_conformance::Limits::default(),
        keep: Vec::new(),
    };
    let mut driven = Driven {
        sdk,
        calls,
        exchanges: 0,
        operations: contract.api.operations.iter().map(place).collect(),
        departures: Vec::new(),
        beside: BTreeMap::new(),
        faults: Vec::new(),
    };
    let Recording {
        fixture, report, ..
    } = match record::recording(contract, traffic, &options) {
        Ok(recording) => recording,
        Err(nothing) => {
            driven.faults.push(nothing.to_string());
            return Ok(driven);
        }
    };
    let yaml = fixture.as_ref().map(fixture::save).transpose();
    let yaml = yaml.map_err(Error::msg)?.unwrap_or_default();
    let text = report::text(&report, &rule::rules(), report::TextOptions::default());
    let json = report::json(&report);
    sdk.write("recording.yaml", &yaml)?;
    sdk.write("report.txt", &text)?;
    sdk.write("report.json", &json)?;
    driven.exchanges = usize::try_from(report.requests)?;
    driven.departures = departures(contract, &report);
    let mut used = BTreeSet::new();
    for passed in &traffic.exchanges {
        match contract.route(&passed.method, passed.url.path()) {
            Some(route) => {
                used.insert(place(route.operation));
            }
            None => {
                let route = format!("{} {}", passed.method, template(passed.url.path()));
                *driven.beside.entry(route).or_default() += 1;
            }
        }
    }
    driven.faults = spoken(&driven.operations, &used, &driven.calls);
    let said: Vec<&str> = driven.calls.iter().map(|call| call.said.as_str()).collect();
    let texts = [
        ("recording", yaml),
        ("report", text),
        ("report in JSON", json),
        ("list of calls", said.join("\n")),
    ];
    driven.faults.extend(leaks(traffic, &texts));
    Ok(driven)
}

/// Where a report says that the document is not kept to.
fn departures(contract: &Contract, report: &Report) -> Vec<Departure> {
    let broken = report
        .outcomes
        .iter()
        .filter(|outcome| matches!(outcome.verdict, Verdict::Failed | Verdict::Warned));
    broken
        .map(|outcome| {
            let said = outcome
                .findings
                .iter()
                .map(|finding| match finding.pointer.as_deref() {
                    None | Some("") => finding.message.clone(),
                    Some(pointer) => format!("{pointer}: {}", finding.message),
                });
            let operation = contract.operation(&outcome.operation);
            Departure {
                rule: outcome.rule.clone(),
                operation: operation.map(place).unwrap_or_default(),
                said: said.collect::<Vec<_>>().join("; "),
            }
        })
        .collect()
}

/// An operation's method and path.
fn place(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}

/// A path with `{id}` for each UUID in it.
fn template(path: &str) -> String {
    let is_id = |segment: &str| {
        segment.len() == 36
            && segment.chars().enumerate().all(|(at, letter)| match at {
                8 | 13 | 18 | 23 => letter == '-',
                _ => letter.is_ascii_hexdigit(),
            })
    };
    let segments = path.split('/');
    segments
        .map(|segment| if is_id(segment) { "{id}" } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

/// What is wrong with the calls themselves: every operation is to be spoken of, and what decoded
/// is to have been recorded.
fn spoken(operations: &[String], used: &BTreeSet<String>, calls: &[Call]) -> Vec<String> {
    let mut faults = Vec::new();
    for operation in operations {
        if !calls.iter().any(|call| call.operation == *operation) {
            faults.push(format!("no call speaks of {operation}"));
        }
    }
    for call in calls {
        let (name, operation) = (&call.call, &call.operation);
        if !operations.contains(operation) {
            faults.push(format!("{name}: the document has no {operation}"));
        } else if call.outcome == Kind::Decoded && !used.contains(operation) {
            faults.push(format!("{name}: no {operation} was recorded"));
        }
    }
    faults
}

/// Where a key, or a token that was given for it, shows; texts come with their names.
fn leaks(traffic: &Traffic, texts: &[(&str, String)]) -> Vec<String> {
    let mut secrets = BTreeSet::from([KEY]);
    for passed in &traffic.exchanges {
        for (name, value) in &passed.headers {
            if name.eq_ignore_ascii_case("authorization") {
                secrets.insert(value.rsplit(' ').next().unwrap_or(value));
            }
        }
    }
    let shows = |text: &str| secrets.iter().any(|secret| text.contains(secret));
    let leaking = texts.iter().filter(|(_, text)| shows(text));
    leaking
        .map(|(name, _)| format!("a secret shows in the {name}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(operation: &str, outcome: Kind) -> Call {
        Call {
            call: format!("{operation}()"),
            operation: operation.to_owned(),
            outcome,
            said: String::new(),
        }
    }

    #[test]
    fn every_operation_is_spoken_of_and_what_decoded_was_recorded() {
        let operations = ["GET /a", "POST /a", "GET /b"].map(str::to_owned);
        let used = BTreeSet::from(["GET /a".to_owned()]);
        let mut calls = vec![
            call("GET /a", Kind::Decoded),
            call("POST /a", Kind::Failed),
            call("GET /b", Kind::NotOffered),
        ];
        assert_eq!(spoken(&operations, &used, &calls), Vec::<String>::new());
        calls.pop();
        calls.push(call("POST /a", Kind::Decoded));
        calls.push(call("GET /c", Kind::Decoded));
        assert_eq!(
            spoken(&operations, &used, &calls),
            [
                "no call speaks of GET /b",
                "POST /a(): no POST /a was recorded",
                "GET /c(): the document has no GET /c",
            ]
        );
    }

    #[test]
    fn ids_in_paths_are_told_from_words() {
        assert_eq!(
            template("/projects/7c2d1f0a-93b4-4c1e-8f65-0d2b7a4e9c11/log_streams"),
            "/projects/{id}/log_streams"
        );
        assert_eq!(template("/projects/all"), "/projects/all");
        assert_eq!(
            template("/7c2d1f0a-93b4-4c1e-8f65-0d2b7a4e9c1x"),
            "/7c2d1f0a-93b4-4c1e-8f65-0d2b7a4e9c1x"
        );
    }

    #[test]
    fn a_key_and_its_token_are_looked_for() {
        let texts = |text: &str| [("recording", String::new()), ("report", text.to_owned())];
        let traffic = Traffic::default();
        assert_eq!(
            leaks(&traffic, &texts("$AUTHORIZATION")),
            Vec::<String>::new()
        );
        assert_eq!(
            leaks(&traffic, &texts(&format!("curl -H 'authorization: {KEY}'"))),
            ["a secret shows in the report"]
        );
    }
}
