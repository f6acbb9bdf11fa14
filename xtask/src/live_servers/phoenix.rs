//! `phoenix`: Arize Phoenix from PyPI, seeded with experiments and verified.

use super::{Real, free_port, post, text};
use crate::children::unless_interrupted;
use crate::workspace::Status;
use anyhow::{Context, Result};
use clap::Args;
use plumbline_cli::say;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

pub(crate) const PHOENIX: Real = Real {
    vendor: "phoenix",
    title: "Arize Phoenix",
    package: "arize-phoenix",
    version: "20.26.1",
    health: "/healthz",
    base: "",
};

/// Runs a real Phoenix server and verifies it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many experiments its dataset has.
    #[arg(long, default_value_t = 57)]
    experiments: usize,
    /// How many examples its dataset has; some experiments have a run of each.
    #[arg(long, default_value_t = 12)]
    examples: usize,
    /// Record the fixtures of conformance/fixtures/phoenix anew, and verify nothing.
    #[arg(long)]
    record: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            experiments: 57,
            examples: 12,
            record: false,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let venv = PHOENIX.installed()?;
    tokio::runtime::Runtime::new()?.block_on(verified(arguments, &venv))
}

async fn verified(arguments: &Arguments, venv: &Path) -> Result<Status> {
    let (store, port) = (PHOENIX.store()?, free_port()?);
    let mut command = Command::new(venv.join("bin").join("phoenix"));
    command
        .arg("serve")
        .env("PHOENIX_WORKING_DIR", &store)
        .env("PHOENIX_HOST", "127.0.0.1")
        .env("PHOENIX_PORT", port.to_string())
        .env("PHOENIX_GRPC_PORT", free_port()?.to_string())
        .env("PHOENIX_TELEMETRY_ENABLED", "false");
    let _server = PHOENIX.start(&mut command, &store, port).await?;
    if arguments.record {
        return PHOENIX.record(port).await;
    }
    let (client, base) = (super::client()?, PHOENIX.base(port));
    let dataset = unless_interrupted(seed(&client, &base, arguments)).await?;
    say!(
        "seeded: dataset {dataset} with {} examples and {} experiments",
        arguments.examples,
        arguments.experiments
    );
    PHOENIX.verified(port, &[("dataset_id", dataset)]).await
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
