//! Lists the vendors and their fixtures, so that the binary carries them: a folder below `specs` with
//! a `vendor.yaml` is a vendor.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let specs = Path::new(&root).join("../../specs");
    let fixtures = Path::new(&root).join("../fixtures");
    for folder in [&specs, &fixtures] {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    let vendors = entries(&specs)?;
    let vendors = vendors
        .iter()
        .filter(|folder| is_file(folder, "vendor.yaml"));
    let vendors: io::Result<Vec<String>> =
        vendors.map(|folder| vendor(folder, &fixtures)).collect();
    let code = format!("&[\n{}]\n", vendors?.concat());
    fs::write(Path::new(&out).join("vendors.rs"), code)
}

fn is_file(folder: &Path, name: &str) -> bool {
    folder.join(name).is_file()
}

/// What is in a folder, in the order of the names.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut entries = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    Ok(entries)
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The expression of a vendor whose folder this is.
fn vendor(folder: &Path, fixtures: &Path) -> io::Result<String> {
    let vendor = name(folder);
    let bytes = |path: &Path| format!("include_bytes!({:?})", path.display().to_string());
    let own = fixtures.join(&vendor);
    let own = if own.is_dir() {
        entries(&own)?
    } else {
        Vec::new()
    };
    let own: String = own
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
        .map(|path| format!("            ({:?}, {}),\n", name(path), bytes(path)))
        .collect();
    Ok(format!(
        "    Vendor {{\n        name: {vendor:?},\n        document: {},\n        overlay: {},\n        \
         about: {},\n        fixtures: &[\n{own}        ],\n    }},\n",
        bytes(&folder.join("openapi.yaml")),
        bytes(&folder.join("overlay.yaml")),
        bytes(&folder.join("vendor.yaml")),
    ))
}
