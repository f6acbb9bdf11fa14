//! `diff`: what changed between two documents, of a vendor or any.

use crate::workspace::{Status, root, vendors};
use crate::{documents, git};
use anyhow::Result;
use clap::Args;
use plumbline_cli::diff::{Options, diff};
use plumbline_cli::documents::{Allowed, Document};
use std::path::Path;

/// Every change has a code, a place in both documents, and three verdicts: for deployed clients,
/// for deployed servers, and for the Rust API of the generated crate.
#[derive(Args)]
#[command(after_help = "Examples:\n  cargo xtask diff opik@HEAD~1 opik\n  \
                        cargo xtask diff old.yaml new.yaml --fail-on breaking")]
pub(crate) struct Arguments {
    /// A file, a vendor as it stands in specs/, or a vendor at a revision of this repository
    /// (`opik@v0.1.0`).
    old: String,
    /// The same for the new side.
    new: String,
    #[command(flatten)]
    options: Options,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Status> {
    let options = &arguments.options;
    let side = |text: &str| side(text, options.overlay.as_deref(), &options.allowed);
    let (old, new) = (side(&arguments.old)?, side(&arguments.new)?);
    Ok(diff(&old, &new, options)?)
}

/// One side of a comparison: a file, a vendor, or a vendor at a revision.
pub(crate) fn side(text: &str, overlay: Option<&Path>, allowed: &Allowed) -> Result<Document> {
    let vendor = |name: &str| vendors().any(|own| own == name);
    if let Some((name, revision)) = text.split_once('@')
        && vendor(name)
        && !Path::new(text).exists()
    {
        let at = |file: &str| {
            let path = format!("specs/{name}/{file}");
            let bytes = git::file(revision, &path)?;
            Ok::<_, anyhow::Error>((format!("{path}@{revision}"), bytes))
        };
        let (shown, bytes) = at("openapi.yaml")?;
        return match overlay {
            Some(path) => {
                let document = Document::new(shown, bytes, None).with_overlay(path)?;
                Ok(document.named_from(root()))
            }
            None => Ok(Document::new(shown, bytes, Some(at("overlay.yaml")?))),
        };
    }
    if vendor(text) && !Path::new(text).is_file() {
        let document = documents::vendor(text)?;
        return match overlay {
            Some(path) => Ok(document.with_overlay(path)?.named_from(root())),
            None => Ok(document),
        };
    }
    documents::open(Path::new(text), overlay, allowed)
}
