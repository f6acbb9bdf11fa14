//! The shop as a process of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

/// A shop that is open until it is dropped.
pub(crate) struct Shop {
    process: Child,
    port: u16,
}

/// Whether a program is there and says its version.
fn is_there(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("--version").stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// What is missing; said once, past the capture of a test's output, as nothing is tested then.
static MISSING: LazyLock<Option<&str>> = LazyLock::new(|| {
    let missing = ["python3", "curl", "bash"]
        .into_iter()
        .find(|program| !is_there(program))?;
    let _ = writeln!(
        std::io::stderr(),
        "NOT TESTED: `{missing}` is not there, so no server in another language was verified"
    );
    Some(missing)
});

impl Shop {
    /// Opens a shop with a fault, or none where a program that this takes is missing.
    pub(crate) fn open(fault: &str) -> Option<Self> {
        if MISSING.is_some() {
            return None;
        }
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/server.py");
        let mut process = Command::new("python3")
            .arg(script)
            .arg(fault)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let port = line.trim().parse().unwrap();
        Some(Self { process, port })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        // The end of its standard input ends it.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
