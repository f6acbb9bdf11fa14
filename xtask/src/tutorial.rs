//! `tutorial`: every command of `docs/tutorial.md` is run, and says what the tutorial says.

use crate::children::{self, Interrupted};
use crate::live_servers;
use crate::workspace::{Status, built, display_path, root};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use plumbline_cli::say;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Where it stands.
const TUTORIAL: &str = "docs/tutorial.md";

/// The port that it speaks of; a free one takes its place.
const PORT: &str = "6006";

/// What stands for text that differs from run to run.
const ANYTHING: &str = "…";

/// Runs every command of the tutorial in one shell, in a fresh folder, against a real Phoenix
/// server, and holds what each says against what the tutorial says.
#[derive(Args)]
pub(crate) struct Arguments {}

/// Commands that a reader types at once.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    /// The line of the tutorial on which they begin, from 1.
    line: usize,
    shell: String,
    /// What the tutorial shows of their output.
    shows: Option<String>,
}

pub(crate) fn run(_arguments: &Arguments) -> Result<Status> {
    let path = root().join(TUTORIAL);
    let text = fs::read_to_string(&path).with_context(|| format!("{TUTORIAL} cannot be read"))?;
    let mut steps = steps(&text)?;
    let venv = live_servers::phoenix::PHOENIX.installed()?;
    let port = live_servers::free_port()?.to_string();
    for step in &mut steps {
        step.shell = step.shell.replace(PORT, &port);
        step.shows = step.shows.take().map(|text| text.replace(PORT, &port));
    }
    let folder = fresh(&venv)?;
    let binary = built(&[])?;
    let binary = binary.parent().context("a binary stands in a folder")?;
    say!("running {TUTORIAL} in {}", display_path(&folder));
    let status = session(&folder, &steps, binary, &port)?;
    let mut wrong = 0;
    for (number, step) in steps.iter().enumerate() {
        let first = step.shell.lines().next().unwrap_or_default();
        let Ok(said) = fs::read_to_string(folder.join(output(number))) else {
            say!("  -- {TUTORIAL}:{} {first}: not reached", step.line);
            continue;
        };
        let ended = folder.join(ended(number)).exists();
        let differs = step
            .shows
            .as_deref()
            .and_then(|shows| differs(shows, &said));
        if ended && differs.is_none() {
            say!("  ok {TUTORIAL}:{} {first}", step.line);
            continue;
        }
        wrong += 1;
        say!("  NO {TUTORIAL}:{} {first}", step.line);
        if !ended {
            say!("     it failed");
        }
        if let Some(missing) = differs {
            say!("     it does not say\n{}", indented(&missing));
        }
        say!("     it says\n{}", indented(&said));
    }
    if children::interrupt().is_interrupted() {
        say!("incomplete: interrupted");
        return Err(Interrupted.into());
    }
    if wrong == 0 && status {
        say!("all {} blocks say what the tutorial says", steps.len());
        return Ok(Status::Ok);
    }
    Ok(Status::Failed)
}

/// An empty folder for the reader. Its `venv` sees what the ready one holds: the tutorial's
/// commands for that are run all the same, and find little to do.
fn fresh(ready: &Path) -> Result<PathBuf> {
    let folder = root().join("target").join("tutorial");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let mut command = Command::new("python3");
    command.args(["-m", "venv", "venv"]).current_dir(&folder);
    let made = children::status(&mut command)?;
    ensure!(made.success(), "python3 -m venv: {made}");
    let packages = packages(ready)?;
    let own = packages.strip_prefix(ready)?;
    let path = folder.join("venv").join(own).join("ready.pth");
    fs::write(path, packages.to_string_lossy().as_bytes())?;
    #[cfg(unix)]
    std::os::unix::fs::symlink(ready.join("bin/phoenix"), folder.join("venv/bin/phoenix"))?;
    // No command may wait for ever.
    fs::write(folder.join(".curlrc"), "max-time = 180\n")?;
    Ok(folder)
}

/// The folder of a virtual environment's packages.
fn packages(venv: &Path) -> Result<PathBuf> {
    let versions = fs::read_dir(venv.join("lib"))?;
    versions
        .filter_map(|entry| Some(entry.ok()?.path().join("site-packages")))
        .find(|folder| folder.is_dir())
        .with_context(|| format!("{} holds no packages", display_path(venv)))
}

fn output(number: usize) -> String {
    format!(".{number:02}.out")
}

fn ended(number: usize) -> String {
    format!(".{number:02}.ended")
}

/// Runs all steps in one shell; whether it came to the end.
fn session(folder: &Path, steps: &[Step], binary: &Path, port: &str) -> Result<bool> {
    // What is started in the background ends with the shell, however that ends.
    let mut script = String::from("set -eu\ntrap 'kill $(jobs -p) 2> /dev/null || true' EXIT\n");
    for (number, step) in steps.iter().enumerate() {
        fs::write(folder.join(format!(".{number:02}.sh")), &step.shell)?;
        // Writing to a string cannot fail.
        let _ = writeln!(
            script,
            ". ./.{number:02}.sh > {} 2>&1\n: > {}",
            output(number),
            ended(number)
        );
    }
    let mut path = vec![binary.to_path_buf()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut command = Command::new("bash");
    command
        .args(["--noprofile", "--norc", "-c", &script])
        .current_dir(folder)
        .env("PATH", std::env::join_paths(path)?)
        .env("CURL_HOME", folder)
        .env("NO_PROXY", "127.0.0.1")
        .env("PHOENIX_HOST", "127.0.0.1")
        .env("PHOENIX_PORT", port)
        .env("PHOENIX_GRPC_PORT", live_servers::free_port()?.to_string())
        .env("PHOENIX_TELEMETRY_ENABLED", "false")
        .stdin(Stdio::null());
    let status = children::status(&mut command).context("bash cannot be started")?;
    Ok(status.success())
}

/// The blocks of commands of a Markdown text, each with the block of output that follows it.
fn steps(text: &str) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    let mut open: Option<(&str, usize, String)> = None;
    let mut follows = false;
    for (index, line) in text.lines().enumerate() {
        let fence = line.strip_prefix("```");
        match (&mut open, fence) {
            (None, None) => {}
            (None, Some(kind)) => {
                ensure!(
                    ["sh", "text", "yaml"].contains(&kind),
                    "{TUTORIAL}:{}: a block is sh, text or yaml",
                    index + 1
                );
                open = Some((kind, index + 1, String::new()));
            }
            (Some((_, _, block)), None) => {
                block.push_str(line);
                block.push('\n');
            }
            (Some((kind, begins, block)), Some(end)) => {
                ensure!(end.is_empty(), "{TUTORIAL}:{begins}: the block has no end");
                let block = std::mem::take(block);
                match (*kind, steps.last_mut().filter(|_| follows)) {
                    ("sh", _) => steps.push(Step {
                        line: *begins,
                        shell: block,
                        shows: None,
                    }),
                    ("text", Some(step)) => step.shows = Some(block),
                    ("text", None) => {
                        bail!("{TUTORIAL}:{begins}: output follows the commands that it is of")
                    }
                    _ => {}
                }
                follows = *kind == "sh";
                open = None;
            }
        }
    }
    if let Some((_, begins, _)) = open {
        bail!("{TUTORIAL}:{begins}: the block has no end");
    }
    Ok(steps)
}

/// The first part of what is shown that is not said. Lines stand together unless `…` stands
/// between them; empty ones do not count.
fn differs(shows: &str, said: &str) -> Option<String> {
    fn lines(text: &str) -> Vec<&str> {
        let lines = text.lines().map(str::trim_end);
        lines.filter(|line| !line.is_empty()).collect()
    }
    let said = lines(said);
    let shows = lines(shows);
    let mut rest = said.as_slice();
    for part in shows.split(|line| line.trim() == ANYTHING) {
        if part.is_empty() {
            continue;
        }
        let found = rest.windows(part.len()).position(|window| {
            let mut pairs = part.iter().zip(window);
            pairs.all(|(shown, said)| fits(shown, said))
        });
        match found {
            None => return Some(part.join("\n")),
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
        }
    }
    None
}

/// Whether a line is as it is shown, `…` standing for anything.
fn fits(shown: &str, said: &str) -> bool {
    let Some((first, more)) = shown.split_once(ANYTHING) else {
        return shown == said;
    };
    let (between, last) = more.rsplit_once(ANYTHING).unwrap_or(("", more));
    let Some(mut rest) = said.strip_prefix(first).and_then(|s| s.strip_suffix(last)) else {
        return false;
    };
    between.split(ANYTHING).all(|part| {
        let found = rest.split_once(part);
        rest = found.map_or("", |(_, after)| after);
        found.is_some()
    })
}

fn indented(text: &str) -> String {
    const LINES: usize = 60;
    text.lines()
        .take(LINES)
        .map(|line| format!("       {line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What needs a server is run by the verb; that it can be run is held here.
    #[test]
    fn the_tutorial_is_one_that_can_be_run() {
        let text = fs::read_to_string(root().join(TUTORIAL)).unwrap();
        let steps = steps(&text).unwrap();
        assert!(steps.len() > 10);
        let shell: String = steps.iter().map(|step| step.shell.as_str()).collect();
        assert!(shell.contains(&format!(
            " {}\n",
            live_servers::phoenix::PHOENIX.requirement()
        )));
        for step in &steps {
            let mut bash = Command::new("bash");
            let checked = bash.args(["-n", "-c", &step.shell]).output();
            // Where there is no bash, there is nothing to ask.
            if let Ok(checked) = checked {
                assert!(checked.status.success(), "{step:?}");
            }
        }
        // A red build and a green one are shown.
        for said in ["exit code 1", "Does not conform", "Conforms: "] {
            let shown = |step: &Step| step.shows.as_deref().is_some_and(|s| s.contains(said));
            assert!(steps.iter().any(shown), "{said}");
        }
    }

    #[test]
    fn output_belongs_to_the_commands_before_it() {
        let read = steps("a\n```sh\none\n```\nb\n```text\nsaid\n```\n```yaml\nx: 1\n```\n");
        let step = Step {
            line: 2,
            shell: "one\n".to_owned(),
            shows: Some("said\n".to_owned()),
        };
        assert_eq!(read.unwrap(), [step]);
        for wrong in [
            "```text\nsaid\n```\n",
            "```sh\none\n",
            "```rust\n```\n",
            "```sh\none\n```\n```yaml\n```\n```text\nsaid\n```\n",
        ] {
            assert!(steps(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_shown_has_to_be_said() {
        let said = "begin\n\none 12 ms\ntwo\nthree\nend\n";
        for shows in [
            "one … ms\ntwo",
            "begin\n…\nthree",
            "…\nend",
            "o… ms\n…\nend",
            "…wo",
            "begin\none …",
        ] {
            assert_eq!(differs(shows, said), None, "{shows}");
        }
        for (shows, missing) in [
            ("four", "four"),
            ("begin\ntwo", "begin\ntwo"),
            ("two\n…\none …", "one …"),
            ("one", "one"),
            ("one … s", "one … s"),
            ("ne 12 ms", "ne 12 ms"),
        ] {
            assert_eq!(differs(shows, said).as_deref(), Some(missing), "{shows}");
        }
    }
}
