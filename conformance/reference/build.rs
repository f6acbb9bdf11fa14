//! Lists the vendors' fixtures, so that the binary carries them.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = env::var("CARGO_MANIFEST_DIR").map_err(io::Error::other)?;
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    let mut code = String::new();
    for vendor in ["opik", "galileo", "phoenix", "mlflow"] {
        let folder = Path::new(&root).join("../fixtures").join(vendor);
        println!("cargo::rerun-if-changed={}", folder.display());
        let mut files: Vec<_> = match fs::read_dir(&folder) {
            Ok(entries) => entries
                .filter_map(Result::ok)
                .map(|entry| entry.path())
                .filter(|path| path.extension().is_some_and(|ending| ending == "yaml"))
                .collect(),
            Err(_) => Vec::new(),
        };
        files.sort();
        let _ = writeln!(
            code,
            "pub(super) const {}: &[(&str, &[u8])] = &[",
            vendor.to_uppercase()
        );
        for file in files {
            let name = file
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let _ = writeln!(
                code,
                "    ({name:?}, include_bytes!({:?})),",
                file.display()
            );
        }
        code.push_str("];\n");
    }
    fs::write(Path::new(&out).join("fixtures.rs"), code)
}
