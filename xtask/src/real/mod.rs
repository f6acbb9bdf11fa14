//! Real servers from their packages: installed below `target`, started on a free port with a
//! fresh folder, seeded, verified and stopped.

pub(crate) mod phoenix;

use crate::workspace::{root, shown};
use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long a server may take to answer for the first time.
const PATIENCE: Duration = Duration::from_secs(180);

/// A folder below `target` for a server.
pub(crate) fn folder(name: &str) -> PathBuf {
    root().join("target").join("real").join(name)
}

/// A virtual environment of Python with one package in it, made when it is not there yet. `None`
/// when there is no Python to make it with.
pub(crate) fn environment(name: &str, requirement: &str) -> Result<Option<PathBuf>> {
    let folder = folder(name).join("venv");
    let marker = folder.join("installed");
    if fs::read_to_string(&marker).is_ok_and(|text| text == requirement) {
        return Ok(Some(folder));
    }
    let version = Command::new("python3").arg("--version").output();
    if !version.is_ok_and(|output| output.status.success()) {
        return Ok(None);
    }
    println!("installing {requirement} into {}", shown(&folder));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
    let pip = folder.join("bin").join("pip");
    run(Command::new(pip).args([
        "install",
        "--quiet",
        "--disable-pip-version-check",
        requirement,
    ]))?;
    fs::write(&marker, requirement)?;
    Ok(Some(folder))
}

pub(crate) fn run(command: &mut Command) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .status()
        .with_context(|| format!("{program} cannot be started"))?;
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

/// A server that is running; it is stopped when this is dropped.
struct Server {
    process: Child,
    log: PathBuf,
}

impl Server {
    /// Starts a program whose output goes to a log in a folder.
    fn start(command: &mut Command, folder: &Path) -> Result<Self> {
        let log = folder.join("log.txt");
        let file = File::create(&log).with_context(|| format!("{} cannot be made", shown(&log)))?;
        let process = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .context("the server cannot be started")?;
        Ok(Self { process, log })
    }

    /// Waits until a URL answers with a success.
    async fn ready(&mut self, client: &reqwest::Client, url: &str) -> Result<()> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.process.try_wait()? {
                bail!("the server ended with {status}; see {}", shown(&self.log));
            }
            let answer = client.get(url).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(250)).await;
        }
        bail!("{url} does not answer; see {}", shown(&self.log))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to stop.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
