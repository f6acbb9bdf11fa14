//! `dist`: the binary, its completions and its manual page in one file, as a release has it.

mod needs;

use crate::workspace::{Status, built, display_path, root};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use flate2::{Compression, GzBuilder};
use needs::Needs;
use plumbline_cli::say;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The libraries that every Linux has. Another one would be a surprise to who installs the binary.
const EVERYWHERE: [&str; 4] = ["libc.so.", "libm.so.", "libgcc_s.so.", "ld-linux"];

/// Builds the binary, says what it needs of the system that it runs on, and packs it.
#[derive(Args)]
pub(crate) struct Arguments {
    /// Build for this target instead of the machine's own.
    #[arg(long, value_name = "TRIPLE")]
    target: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let triple = match &arguments.target {
        Some(triple) => triple.clone(),
        None => host()?,
    };
    let mut options = vec!["--release", "--locked"];
    if let Some(target) = &arguments.target {
        options.extend(["--target", target]);
    }
    let binary = built(&options)?;
    let bytes = fs::read(&binary)?;
    let version = env!("CARGO_PKG_VERSION");
    say!("plumbline {version} for {triple}");
    say!("  size    {}", size(bytes.len()));
    let surprise = match needs::of(&bytes)? {
        Some(needs) => told(&needs),
        None => {
            say!("  needs   not known: this is no ELF file");
            Vec::new()
        }
    };
    let name = format!("plumbline-{version}-{triple}");
    let packed = pack(&name, &content(&binary, bytes)?)?;
    let folder = root().join("target").join("dist");
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("{name}.tar.gz"));
    fs::write(&file, &packed)
        .with_context(|| format!("{} cannot be written", display_path(&file)))?;
    say!(
        "  packed  {} in {}",
        size(packed.len()),
        display_path(&file)
    );
    if surprise.is_empty() {
        return Ok(Status::Ok);
    }
    say!(
        "it needs what not every system has: {}",
        surprise.join(", ")
    );
    Ok(Status::Failed)
}

/// Prints what is needed. The libraries that not every system has.
fn told(needs: &Needs) -> Vec<String> {
    if needs.libraries.is_empty() {
        say!("  needs   nothing: it is static");
    } else {
        say!("  needs   {}", needs.libraries.join(", "));
    }
    if let Some((major, minor)) = needs.glibc {
        say!("  glibc   {major}.{minor} or later");
    }
    let everywhere = |library: &&String| EVERYWHERE.iter().any(|known| library.starts_with(known));
    let libraries = needs.libraries.iter();
    libraries
        .filter(|library| !everywhere(library))
        .cloned()
        .collect()
}

/// The triple of this machine, as its compiler says it.
fn host() -> Result<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let said = Command::new(rustc).arg("-vV").output();
    let said = said.context("rustc cannot be started")?.stdout;
    let said = String::from_utf8_lossy(&said).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say its host")?.to_owned())
}

/// A file of the pack: its name, whether it can be run, and its bytes.
type File = (&'static str, bool, Vec<u8>);

/// The binary, and what it says of itself: so it has to run on this machine.
fn content(binary: &Path, bytes: Vec<u8>) -> Result<Vec<File>> {
    let says = |arguments: &[&str]| -> Result<Vec<u8>> {
        let said = Command::new(binary)
            .args(arguments)
            .output()
            .with_context(|| format!("{} cannot be run on this machine", binary.display()))?;
        if !said.status.success() || said.stdout.is_empty() {
            bail!("plumbline {}: {}", arguments.join(" "), said.status);
        }
        Ok(said.stdout)
    };
    let version = String::from_utf8_lossy(&says(&["--version"])?).into_owned();
    ensure!(
        version.trim() == format!("plumbline {}", env!("CARGO_PKG_VERSION")),
        "the binary calls itself {version}"
    );
    let license = |name: &str| fs::read(root().join(name));
    Ok(vec![
        ("plumbline", true, bytes),
        ("plumbline.1", false, says(&["man"])?),
        (
            "completions/plumbline.bash",
            false,
            says(&["completions", "bash"])?,
        ),
        (
            "completions/_plumbline",
            false,
            says(&["completions", "zsh"])?,
        ),
        (
            "completions/plumbline.fish",
            false,
            says(&["completions", "fish"])?,
        ),
        ("LICENSE-APACHE", false, license("LICENSE-APACHE")?),
        ("LICENSE-MIT", false, license("LICENSE-MIT")?),
    ])
}

/// A gzipped tar file with one folder. The same bytes of the same files, whenever it is made.
fn pack(folder: &str, files: &[File]) -> Result<Vec<u8>> {
    let gzip = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    let mut archive = tar::Builder::new(gzip);
    for (name, runs, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(if *runs { 0o755 } else { 0o644 });
        header.set_mtime(0);
        archive.append_data(&mut header, format!("{folder}/{name}"), bytes.as_slice())?;
    }
    Ok(archive.into_inner()?.finish()?)
}

fn size(bytes: usize) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn a_pack_is_one_folder_and_the_same_each_time() {
        let files = [
            ("plumbline", true, b"binary".to_vec()),
            ("completions/_plumbline", false, b"zsh".to_vec()),
        ];
        let packed = pack("plumbline-1-x", &files).unwrap();
        assert_eq!(pack("plumbline-1-x", &files).unwrap(), packed);
        let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(packed.as_slice()));
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut text = String::new();
            entry.read_to_string(&mut text).unwrap();
            let path = entry.path().unwrap().display().to_string();
            seen.push((path, entry.header().mode().unwrap(), text));
        }
        let of = |path: &str, mode, text: &str| (path.to_owned(), mode, text.to_owned());
        assert_eq!(
            seen,
            [
                of("plumbline-1-x/plumbline", 0o755, "binary"),
                of("plumbline-1-x/completions/_plumbline", 0o644, "zsh"),
            ]
        );
    }

    #[test]
    fn a_library_that_not_every_system_has_is_named() {
        let libraries = |names: &[&str]| Needs {
            libraries: names.iter().map(|name| (*name).to_owned()).collect(),
            glibc: Some((2, 34)),
        };
        let usual = [
            "libgcc_s.so.1",
            "libm.so.6",
            "libc.so.6",
            "ld-linux-x86-64.so.2",
        ];
        assert!(told(&libraries(&usual)).is_empty());
        assert!(told(&Needs::default()).is_empty());
        let more = told(&libraries(&["libc.so.6", "libssl.so.3"]));
        assert_eq!(more, ["libssl.so.3"]);
    }
}
