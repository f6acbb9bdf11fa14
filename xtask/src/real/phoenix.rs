//! `phoenix`: Arize Phoenix from PyPI, seeded with experiments and verified.

use super::{Server, environment, folder, free_port};
use crate::verify;
use crate::workspace::{Outcome, root, shown};
use anyhow::{Context, Result, bail};
use clap::Args;
use plumbline_conformance::verify as conformance;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

/// The version whose document `specs/phoenix` follows.
pub(crate) const REQUIREMENT: &str = "arize-phoenix==20.26.1";

/// What is known to be wrong with that version; `docs/findings.md` has the evidence.
const KNOWN: &str = "specs/phoenix/known-failures.yaml";

/// Runs a real Phoenix server and verifies it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many experiments its dataset has.
    #[arg(long, default_value_t = 57)]
    experiments: usize,
    /// How many examples its dataset has; some experiments have a run of each.
    #[arg(long, default_value_t = 12)]
    examples: usize,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let Some(venv) = environment("phoenix", REQUIREMENT)? else {
        bail!("there is no python3, so no Phoenix server can be run");
    };
    tokio::runtime::Runtime::new()?.block_on(verified(arguments, &venv))
}

async fn verified(arguments: &Arguments, venv: &std::path::Path) -> Result<Outcome> {
    let store = folder("phoenix").join("store");
    if store.exists() {
        fs::remove_dir_all(&store)?;
    }
    fs::create_dir_all(&store)?;
    let port = free_port()?;
    let base = format!("http://127.0.0.1:{port}");
    let mut server = Server::start(
        Command::new(venv.join("bin").join("phoenix"))
            .arg("serve")
            .env("PHOENIX_WORKING_DIR", &store)
            .env("PHOENIX_HOST", "127.0.0.1")
            .env("PHOENIX_PORT", port.to_string())
            .env("PHOENIX_GRPC_PORT", free_port()?.to_string())
            .env("PHOENIX_TELEMETRY_ENABLED", "false"),
        &store,
    )?;
    let client = super::client()?;
    println!("starting {REQUIREMENT} at {base}");
    server.ready(&client, &format!("{base}/healthz")).await?;
    let dataset = seed(&client, &base, arguments).await?;
    println!(
        "seeded: dataset {dataset} with {} examples and {} experiments",
        arguments.examples, arguments.experiments
    );
    let known = fs::read(root().join(KNOWN)).with_context(|| format!("{KNOWN} cannot be read"))?;
    let run = conformance(&base)
        .spec("phoenix")
        .set("dataset_id", dataset)
        .writes(true)
        .known(KNOWN, known);
    let verified = run.run().await?;
    print!("{}", verified.text());
    let reports = folder("phoenix").join("report");
    fs::create_dir_all(&reports)?;
    verify::write_reports(&reports, "phoenix", &verified)?;
    println!("report: {}", shown(&reports));
    Ok(if verified.conforms() {
        Outcome::Fine
    } else {
        Outcome::Amiss
    })
}

/// Makes a dataset with experiments; three of them have a run of each example. Its id.
async fn seed(client: &reqwest::Client, base: &str, arguments: &Arguments) -> Result<String> {
    let numbers = || 1..=arguments.examples;
    let upload = json!({
        "action": "create",
        "name": "capitals",
        "inputs": numbers().map(|n| json!({"country": format!("country {n}")})).collect::<Value>(),
        "outputs": numbers().map(|n| json!({"capital": format!("capital {n}")})).collect::<Value>(),
        "metadata": numbers().map(|n| json!({"number": n})).collect::<Value>(),
    });
    let uploaded = post(
        client,
        &format!("{base}/v1/datasets/upload?sync=true"),
        &upload,
    )
    .await?;
    let dataset = text(&uploaded, "/data/dataset_id")?;
    let examples = client
        .get(format!("{base}/v1/datasets/{dataset}/examples"))
        .send()
        .await?
        .error_for_status()?
        .json::<Value>()
        .await?;
    let examples = examples.pointer("/data/examples").and_then(Value::as_array);
    let examples = examples.context("the dataset has no examples")?;
    let experiments = format!("{base}/v1/datasets/{dataset}/experiments");
    for number in 0..arguments.experiments {
        let body = json!({"name": format!("experiment {number}"), "metadata": {"number": number}});
        let created = post(client, &experiments, &body).await?;
        let experiment = text(&created, "/data/id")?;
        if number < 3 {
            for example in examples {
                let run = json!({
                    "dataset_example_id": text(example, "/id")?,
                    "output": {"answer": number},
                    "repetition_number": 1,
                    "start_time": "2026-11-22T10:00:00Z",
                    "end_time": "2026-11-22T10:00:01Z",
                });
                post(
                    client,
                    &format!("{base}/v1/experiments/{experiment}/runs"),
                    &run,
                )
                .await?;
            }
        }
    }
    Ok(dataset)
}

async fn post(client: &reqwest::Client, url: &str, body: &Value) -> Result<Value> {
    let answer = client.post(url).json(body).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        bail!("POST {url}: {status}: {text}");
    }
    Ok(serde_json::from_str(&text)?)
}

fn text(value: &Value, at: &str) -> Result<String> {
    let found = value.pointer(at).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .with_context(|| format!("there is no text at {at} in {value}"))
}
