//! Running one case: its server, its commands, and what they print.

use super::came::Came;
use super::table::{Case, Table};
use crate::children::Group;
use crate::workspace::root;
use anyhow::{Context, Result, bail, ensure};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Seconds for what cases have in common: it may compile.
const SETUP: u64 = 600;

/// The programs that the cases are about.
pub(super) struct Commands {
    pub(super) plumbline: PathBuf,
    pub(super) xtask: PathBuf,
}

/// A section that is being tried.
pub(super) struct Trial<'a> {
    commands: &'a Commands,
    folder: &'a Path,
    table: &'a Table,
    /// Where everything is written: below `target`, as some of it compiles.
    work: PathBuf,
    done: RefCell<BTreeSet<String>>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(commands: &'a Commands, folder: &'a Path, table: &'a Table) -> Result<Self> {
        let work = root().join("target").join("cases").join(table.name);
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        let binaries = work.join("bin");
        fs::create_dir_all(&binaries)?;
        for (name, path) in [
            ("plumbline", &commands.plumbline),
            ("xtask", &commands.xtask),
        ] {
            #[cfg(unix)]
            std::os::unix::fs::symlink(path, binaries.join(name))?;
            #[cfg(not(unix))]
            fs::copy(path, binaries.join(name))?;
        }
        Ok(Self {
            commands,
            folder,
            table,
            work,
            done: RefCell::default(),
        })
    }

    /// Runs a case to its end.
    ///
    /// # Errors
    ///
    /// When it cannot be started, or what it needs fails.
    pub(super) fn run(&self, case: &Case) -> Result<Came> {
        if let Some(needs) = &case.needs {
            self.set_up(needs)?;
        }
        let own = self.work.join(&case.name);
        fs::create_dir_all(&own)?;
        let mut server = match &case.server {
            Some(arguments) => Some(self.serve(arguments, &own)?),
            None => None,
        };
        let port = server.as_ref().map(|server| server.port);
        let mut came = self.shell(&case.run, &own, port, case.seconds)?;
        if let Some(server) = &mut server {
            came.server = server.said()?;
        }
        Ok(came)
    }

    fn set_up(&self, name: &str) -> Result<()> {
        if !self.done.borrow_mut().insert(name.to_owned()) {
            return Ok(());
        }
        let text = self.table.setup(name).context("a table names its setups")?;
        let own = self.work.join("setup").join(name);
        fs::create_dir_all(&own)?;
        let came = self.shell(text, &own, None, SETUP)?;
        ensure!(
            came.code == Some(0),
            "the setup `{name}` failed\n{}",
            came.indented()
        );
        Ok(())
    }

    /// Starts a Python program and waits for the port that it prints first.
    fn serve(&self, arguments: &str, own: &Path) -> Result<Server> {
        let log = own.join("server.txt");
        let file = File::create(&log)?;
        let mut command = Command::new("python3");
        command
            .args(arguments.split_whitespace())
            .current_dir(self.folder)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        let mut process = Group::server(&mut command).context("python3 cannot be started")?;
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(20) {
            let said = fs::read_to_string(&log).unwrap_or_default();
            if let Some((first, _)) = said.split_once('\n') {
                let port = first
                    .trim()
                    .parse()
                    .with_context(|| format!("`{first}` is no port"))?;
                return Ok(Server { process, port, log });
            }
            if let Some(status) = process.try_wait()? {
                bail!("the server `{arguments}` ended with {status}: {said}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("the server `{arguments}` prints no port")
    }

    /// Runs shell commands, and ends them and all that they started when their time is over.
    fn shell(&self, text: &str, own: &Path, port: Option<u16>, seconds: u64) -> Result<Came> {
        let printed = own.join("printed.txt");
        let file = File::create(&printed)?;
        let mut path = vec![self.work.join("bin")];
        path.extend(std::env::split_paths(
            &std::env::var_os("PATH").unwrap_or_default(),
        ));
        let mut command = Command::new("bash");
        command
            .args(["--noprofile", "--norc", "-c", text])
            .current_dir(self.folder)
            .env("PATH", std::env::join_paths(path)?)
            .env("PLUMBLINE", &self.commands.plumbline)
            .env("XTASK", &self.commands.xtask)
            .env("W", own)
            .env("SETUP", self.work.join("setup"))
            .env(
                "CARGO_TARGET_DIR",
                root().join("target").join("cases").join("target"),
            )
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("NO_PROXY", "127.0.0.1")
            .env_remove("CARGO_TERM_COLOR")
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file);
        if let Some(port) = port {
            command.env("PORT", port.to_string());
            command.env("TARGET", format!("http://127.0.0.1:{port}"));
        }
        let begun = Instant::now();
        let mut process = Group::work(&mut command).context("bash cannot be started")?;
        let mut code = None;
        while begun.elapsed() < Duration::from_secs(seconds) {
            if let Some(status) = process.try_wait()? {
                code = Some(status.code().unwrap_or(-1));
                break;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let seconds = begun.elapsed().as_secs_f64();
        drop(process);
        let printed = String::from_utf8_lossy(&fs::read(&printed)?).into_owned();
        Ok(Came {
            code,
            printed,
            server: String::new(),
            seconds,
        })
    }
}

/// A server that is running; it ends when this is dropped.
struct Server {
    process: Group,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// What it has printed, but for its port.
    fn said(&mut self) -> Result<String> {
        self.process.end();
        let said = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
        Ok(said
            .split_once('\n')
            .map(|(_, rest)| rest.to_owned())
            .unwrap_or_default())
    }
}
