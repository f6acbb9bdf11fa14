//! Generates a module for each document of `specs/features`.

use anyhow::{Context, Result, bail};
use plumbline_generator::audit::{Named, round_trip};
use plumbline_generator::rust::Layout;
use plumbline_generator::{Options, Source, generate};
use plumbline_specs::api::Api;
use plumbline_specs::{Input, Severity, read};
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/features");
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    paths.sort();
    let apis = paths
        .iter()
        .map(|path| Ok((name(path), api(path)?)))
        .collect::<Result<Vec<(String, Api)>>>()?;
    let modules: Vec<String> = apis
        .iter()
        .map(|(file, _)| file.trim_end_matches(".yaml").replace('-', "_"))
        .collect();
    let sources: Vec<Source<'_>> = apis
        .iter()
        .zip(&modules)
        .map(|((file, api), name)| Source { name, file, api })
        .collect();
    let options = Options {
        package: "features".to_owned(),
        version: "0.0.0".to_owned(),
        layout: Layout::Modules,
        command: "cargo build".to_owned(),
    };
    let generated = generate(&sources, &options);
    for diagnostic in generated.diagnostics.iter() {
        if diagnostic.severity == Severity::Error {
            bail!("{}: {}", diagnostic.place.file, diagnostic.message);
        }
    }
    let out = PathBuf::from(env::var("OUT_DIR")?).join("features");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    for (path, text) in generated.files.iter() {
        let path = out.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&out))?;
        fs::write(path, text)?;
    }
    // The root cannot be included as it is: its inner documentation would stand in mid-file.
    let root: String = generated
        .summary
        .modules
        .iter()
        .map(|module| format!("pub mod {};\n", module.name))
        .collect();
    let root = format!("#[macro_use]\npub mod runtime;\n{root}");
    let trips = round_trip(&generated.types, |module| format!("crate::{module}"));
    fs::write(out.join("src/modules.rs"), root)?;
    fs::write(out.join("src/trips.rs"), trips)?;
    fs::write(out.join("src/types.rs"), list(&generated.types))?;
    Ok(())
}

/// Every type with the place of its schema, as Rust.
fn list(types: &[Named]) -> String {
    let mut text =
        "/// Every type: its module, its name, where its schema stands.\npub const TYPES: &[(&str, &str, &str)] = &[\n"
            .to_owned();
    for Named {
        module,
        name,
        place,
    } in types
    {
        let place = place.as_str();
        text.push_str(&format!("    ({module:?}, {name:?}, {place:?}),\n"));
    }
    text + "];\n"
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn api(path: &Path) -> Result<Api> {
    let bytes = fs::read(path)?;
    let name = name(path);
    let input = Input {
        name: &name,
        bytes: &bytes,
    };
    match read(input, &Default::default()) {
        Ok(reading) => Ok(reading.api),
        Err(diagnostics) => {
            let first = diagnostics.iter().next();
            let message = first.map(|found| found.message.clone());
            bail!("{name}: {}", message.context("cannot be read")?);
        }
    }
}
