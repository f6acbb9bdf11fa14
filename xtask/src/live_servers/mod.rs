//! Real servers from their packages: installed below `target`, started on a free port with a
//! fresh folder, seeded, verified and stopped.

pub(crate) mod mlflow;
pub(crate) mod phoenix;
mod record;

use crate::children::{self, Group, unless_interrupted};
use crate::verify;
use crate::workspace::{Status, carried, display_path, root};
use anyhow::{Context, Result, bail, ensure};
use plumbline_cli::say;
use serde_json::Value;
use std::ffi::OsString;
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(180);

/// What a real server needs, and this machine has not.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotHere(pub(crate) String);

/// A server that is a package.
pub(crate) struct Real {
    /// The vendor, as `specs` calls it.
    vendor: &'static str,
    /// What it is called.
    title: &'static str,
    /// The package.
    package: &'static str,
    /// The version whose document `specs` follows.
    version: &'static str,
    /// What answers with a success once it is up.
    health: &'static str,
    /// Where the document's paths begin.
    base: &'static str,
}

impl Real {
    /// Installs the package, where it is not there yet; the virtual environment that it is in.
    pub(crate) fn installed(&self) -> Result<PathBuf> {
        environment(self.vendor, &self.requirement())
    }

    /// The package and its version, as pip takes them.
    pub(crate) fn requirement(&self) -> String {
        format!("{}=={}", self.package, self.version)
    }

    /// A fresh folder for what the server keeps.
    fn store(&self) -> Result<PathBuf> {
        let store = folder(self.vendor).join("store");
        if store.exists() {
            fs::remove_dir_all(&store)?;
        }
        fs::create_dir_all(&store)?;
        Ok(store)
    }

    /// Starts the server and waits until it answers; it stops when what this gives is dropped.
    async fn start(&self, command: &mut Command, store: &Path, port: u16) -> Result<Server> {
        say!("starting {} {} at port {port}", self.title, self.version);
        let mut server = Server::start(command, store)?;
        let url = format!("http://127.0.0.1:{port}{}", self.health);
        unless_interrupted(server.ready(&client()?, &url)).await?;
        Ok(server)
    }

    /// Verifies the server and writes the reports. What is known to be wrong with it stands in
    /// `known-failures.yaml`; the fixtures that were recorded from it find what they need.
    async fn verified(&self, port: u16, set: &[(&str, String)]) -> Result<Status> {
        let known = format!("specs/{}/known-failures.yaml", self.vendor);
        let list =
            fs::read(root().join(&known)).with_context(|| format!("{known} cannot be read"))?;
        let mut run = carried(self.vendor)?
            .verify(self.base(port))
            .writes(true)
            .needs_met(true)
            .interrupt(children::interrupt().clone())
            .known(known, list);
        for (name, value) in set {
            run = run.set(*name, value.clone());
        }
        let verified = run.run().await?;
        plumbline_cli::stdout::print(&verified.text());
        let reports = folder(self.vendor).join("report");
        fs::create_dir_all(&reports)?;
        verify::write_reports(&reports, self.vendor, &verified)?;
        say!("report: {}", display_path(&reports));
        Ok(Status::of(verified.conforms()))
    }

    /// Records the vendor's fixtures anew.
    async fn record(&self, port: u16) -> Result<Status> {
        let server = (self.title, self.version);
        unless_interrupted(record::record(self.vendor, server, &self.base(port))).await?;
        Ok(Status::Ok)
    }

    fn base(&self, port: u16) -> String {
        format!("http://127.0.0.1:{port}{}", self.base)
    }
}

/// A folder below `target` for a server.
pub(crate) fn folder(name: &str) -> PathBuf {
    root().join("target").join("real").join(name)
}

/// A virtual environment of Python with one package in it, made when it is not there yet.
///
/// # Errors
///
/// [`NotHere`], when there is no Python to make it with, or the package is not to be had.
pub(crate) fn environment(name: &str, requirement: &str) -> Result<PathBuf> {
    let folder = folder(name).join("venv");
    let marker = folder.join("installed");
    if fs::read_to_string(&marker).is_ok_and(|text| text == requirement) {
        return Ok(folder);
    }
    let version = Command::new("python3").arg("--version").output();
    if !version.is_ok_and(|output| output.status.success()) {
        let missing = format!("there is no python3, so {requirement} cannot be run");
        return Err(NotHere(missing).into());
    }
    say!("installing {requirement} into {}", display_path(&folder));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = folder.join("bin").join("pip");
    let install = ["install", "--quiet", "--disable-pip-version-check"];
    run(Command::new(pip).args(install).arg(requirement)).map_err(|error| {
        NotHere(format!(
            "{requirement} cannot be installed ({error:#}), so it cannot be run"
        ))
    })?;
    fs::write(&marker, requirement)?;
    Ok(folder)
}

pub(crate) fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status =
        children::status(command).with_context(|| format!("{program} cannot be started"))?;
    ensure!(status.success(), "{program}: {status}");
    Ok(())
}

/// A port that nothing listens on.
pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    Ok(listener.local_addr()?.port())
}

/// A client of servers on this machine.
fn client() -> Result<reqwest::Client> {
    // A process that has chosen its provider already keeps it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// The search path with a folder before all others.
fn path_with(folder: &Path) -> OsString {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_owned()).chain(std::env::split_paths(&path));
    std::env::join_paths(folders).unwrap_or(path)
}

/// Posts JSON and gives the JSON that comes.
async fn post(client: &reqwest::Client, url: &str, body: &Value) -> Result<Value> {
    let answer = client.post(url).json(body).send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if !status.is_success() {
        bail!("POST {url}: {status}: {text}");
    }
    Ok(serde_json::from_str(&text)?)
}

/// The text at a place of a value.
fn text(value: &Value, at: &str) -> Result<String> {
    let found = value.pointer(at).and_then(Value::as_str);
    found
        .map(str::to_owned)
        .with_context(|| format!("there is no text at {at} in {value}"))
}

/// A server that is running; it is stopped when this is dropped.
struct Server {
    process: Group,
    log: PathBuf,
}

impl Server {
    /// Starts a program whose output goes to a log in a folder.
    fn start(command: &mut Command, folder: &Path) -> Result<Self> {
        let log = folder.join("log.txt");
        let file =
            File::create(&log).with_context(|| format!("{} cannot be made", display_path(&log)))?;
        command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        let process = Group::server(command).context("the server cannot be started")?;
        Ok(Self { process, log })
    }

    /// Waits until a URL answers with a success.
    async fn ready(&mut self, client: &reqwest::Client, url: &str) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait()? {
                bail!(
                    "the server ended with {status}; see {}",
                    display_path(&self.log)
                );
            }
            let answer = client.get(url).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        bail!("{url} does not answer; see {}", display_path(&self.log))
    }
}
