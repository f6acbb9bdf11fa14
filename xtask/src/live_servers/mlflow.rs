//! `mlflow`: an MLflow tracking server from PyPI, seeded with experiments and verified.

use super::{Real, free_port, post, text};
use crate::children::unless_interrupted;
use crate::workspace::Status;
use anyhow::Result;
use clap::Args;
use plumbline_cli::say;
use serde_json::json;
use std::path::Path;
use std::process::Command;

const MLFLOW: Real = Real {
    vendor: "mlflow",
    title: "MLflow",
    package: "mlflow",
    version: "3.17.2",
    health: "/health",
    base: "/api/2.0/mlflow",
};

/// Runs a real MLflow tracking server and verifies it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// How many experiments it has, beside the one that it makes by itself.
    #[arg(long, default_value_t = 57)]
    experiments: usize,
    /// How many runs the last experiment has.
    #[arg(long, default_value_t = 12)]
    runs: usize,
    /// Record the fixtures of conformance/fixtures/mlflow anew, and verify nothing.
    #[arg(long)]
    record: bool,
}

impl Default for Arguments {
    fn default() -> Self {
        Self {
            experiments: 57,
            runs: 12,
            record: false,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let venv = MLFLOW.installed()?;
    tokio::runtime::Runtime::new()?.block_on(verified(arguments, &venv))
}

async fn verified(arguments: &Arguments, venv: &Path) -> Result<Status> {
    let (store, port) = (MLFLOW.store()?, free_port()?);
    let mut command = Command::new(venv.join("bin").join("mlflow"));
    command
        .current_dir(&store)
        .args(["server", "--host", "127.0.0.1", "--workers", "1"])
        .args(["--port", &port.to_string()])
        .args(["--backend-store-uri", "sqlite:///mlflow.db"])
        .args(["--artifacts-destination", "artifacts"])
        // Its programs look for one another.
        .env("PATH", super::path_with(&venv.join("bin")))
        .env("MLFLOW_DISABLE_TELEMETRY", "true");
    let _server = MLFLOW.start(&mut command, &store, port).await?;
    if arguments.record {
        return MLFLOW.record(port).await;
    }
    unless_interrupted(seed(&MLFLOW.base(port), arguments)).await?;
    say!(
        "seeded: {} experiments, the last with {} runs",
        arguments.experiments,
        arguments.runs
    );
    MLFLOW.verified(port, &[]).await
}

/// Makes experiments, and runs of the last one: it is the first that a list shows.
async fn seed(base: &str, arguments: &Arguments) -> Result<()> {
    let client = super::client()?;
    let mut last = None;
    for number in 0..arguments.experiments {
        let tag = json!({"key": "number", "value": number.to_string()});
        let body = json!({"name": format!("experiment {number}"), "tags": [tag]});
        let created = post(&client, &format!("{base}/experiments/create"), &body).await?;
        last = Some(text(&created, "/experiment_id")?);
    }
    if let Some(experiment) = &last {
        for number in 0..arguments.runs {
            let body = json!({
                "experiment_id": experiment,
                "run_name": format!("run {number}"),
                // Two of each begin at once.
                "start_time": 1_795_400_000_000_u64 + (number / 2) as u64,
            });
            post(&client, &format!("{base}/runs/create"), &body).await?;
        }
    }
    Ok(())
}
