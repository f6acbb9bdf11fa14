//! The SDKs: what they are, and how they are installed below `target`.

use crate::live_servers::{environment, folder, run};
use anyhow::{Result, bail};
use plumbline_cli::say;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where a package comes from, and what runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Registry {
    /// Python's packages, run by a virtual environment's own Python.
    Pypi,
    /// JavaScript's packages, run by Node.js.
    Npm,
}

/// A published SDK and the script that drives it.
pub(super) struct Sdk {
    /// What it is called here.
    pub(super) name: &'static str,
    /// Whose document it is held against.
    pub(super) vendor: &'static str,
    registry: Registry,
    /// The packages with their exact versions, the SDK first.
    packages: &'static [&'static str],
    /// The script and what it imports: file name and text. The first is run.
    scripts: [(&'static str, &'static str); 2],
}

const CALLS_PY: (&str, &str) = ("calls.py", include_str!("calls.py"));
const CALLS_MJS: (&str, &str) = ("calls.mjs", include_str!("calls.mjs"));

/// All SDKs, in the order of the table.
pub(super) static SDKS: [Sdk; 4] = [
    Sdk {
        name: "opik-pypi",
        vendor: "opik",
        registry: Registry::Pypi,
        packages: &["opik==2.2.122"],
        // A script called like the package would hide it.
        scripts: [("drive.py", include_str!("opik.py")), CALLS_PY],
    },
    Sdk {
        name: "opik-npm",
        vendor: "opik",
        registry: Registry::Npm,
        packages: &["opik@2.0.40"],
        scripts: [("drive.mjs", include_str!("opik.mjs")), CALLS_MJS],
    },
    Sdk {
        name: "galileo-pypi",
        vendor: "galileo",
        registry: Registry::Pypi,
        packages: &["galileo==2.7.0"],
        scripts: [("drive.py", include_str!("galileo.py")), CALLS_PY],
    },
    Sdk {
        name: "galileo-npm",
        vendor: "galileo",
        registry: Registry::Npm,
        packages: &["galileo@1.33.1", "galileo-generated@0.2.14"],
        scripts: [("drive.mjs", include_str!("galileo.mjs")), CALLS_MJS],
    },
];

impl Sdk {
    /// What it is called in a text, for example `opik 2.0.40 from npm`.
    pub(super) fn title(&self) -> String {
        let first = self.packages.first().copied().unwrap_or_default();
        let (name, version) = first
            .rsplit_once("==")
            .or_else(|| first.rsplit_once('@'))
            .unwrap_or((first, ""));
        let registry = match self.registry {
            Registry::Pypi => "PyPI",
            Registry::Npm => "npm",
        };
        format!("{name} {version} from {registry}")
    }

    /// Its folder below `target`.
    pub(super) fn folder(&self) -> PathBuf {
        folder("clients").join(self.name)
    }

    /// Writes a file into its folder.
    pub(super) fn write(&self, name: &str, text: &str) -> Result<()> {
        fs::write(self.folder().join(name), text)?;
        Ok(())
    }

    /// Installs it unless it is there, and writes its scripts; gives the program that runs them.
    ///
    /// # Errors
    ///
    /// When Python or Node.js is missing, or the registry does not give the packages.
    pub(super) fn installed(&self) -> Result<PathBuf> {
        let program = match self.registry {
            Registry::Pypi => {
                let requirement = self.packages.first().copied().unwrap_or_default();
                environment(&format!("clients/{}", self.name), requirement)?
                    .join("bin")
                    .join("python")
            }
            Registry::Npm => {
                node_modules(&self.folder(), self.packages)?;
                PathBuf::from("node")
            }
        };
        for (name, text) in self.scripts {
            self.write(name, text)?;
        }
        Ok(program)
    }

    /// The command that runs its script.
    pub(super) fn command(&self, program: &Path) -> Command {
        let [(script, _), _] = self.scripts;
        let folder = self.folder();
        let mut command = Command::new(program);
        command.arg(folder.join(script)).current_dir(&folder);
        command
    }
}

/// Installs packages of npm into a folder, unless these are there.
fn node_modules(folder: &Path, packages: &[&str]) -> Result<()> {
    for program in ["node", "npm"] {
        let version = Command::new(program).arg("--version").output();
        if !version.is_ok_and(|output| output.status.success()) {
            bail!("there is no {program}");
        }
    }
    let marker = folder.join("installed");
    let wanted = packages.join(" ");
    if fs::read_to_string(&marker).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    say!(
        "installing {wanted} into {}",
        crate::workspace::display_path(folder)
    );
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    // With a manifest of its own npm does not look for one further up.
    fs::write(folder.join("package.json"), "{\"private\": true}\n")?;
    run(Command::new("npm")
        .args([
            "install",
            "--loglevel=error",
            "--no-audit",
            "--no-fund",
            "--save-exact",
        ])
        .arg("--prefix")
        .arg(folder)
        .args(packages))?;
    fs::write(&marker, &wanted)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_names_the_version_and_the_registry() {
        assert_eq!(
            SDKS.each_ref().map(Sdk::title),
            [
                "opik 2.2.122 from PyPI",
                "opik 2.0.40 from npm",
                "galileo 2.7.0 from PyPI",
                "galileo 1.33.1 from npm",
            ]
        );
    }

    #[test]
    fn every_version_is_exact() {
        for sdk in &SDKS {
            for package in sdk.packages {
                let version = package.rsplit(['=', '@']).next().unwrap_or_default();
                let exact = version.split('.').all(|part| part.parse::<u32>().is_ok());
                assert!(exact, "{package}");
            }
        }
    }
}
