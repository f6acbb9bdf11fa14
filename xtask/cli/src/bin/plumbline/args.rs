//! What can be typed.

use clap::{Args, Parser, Subcommand};
use plumbline_cli::documents::Allowed;
use plumbline_conformance::secrets;
use std::net::SocketAddr;
use std::path::PathBuf;

/// How every command ends.
const EXIT_CODES: &str = "\
Exit codes:
  0         it conforms, is fresh, or was written; warnings do not count
  1         it does not conform, is not fresh, what is known to fail no longer does, or the run was
            stopped before its end
  2         the command or a file is wrong, or something could not be written
  3         the server cannot be reached
  130, 143  ctrl-c or SIGTERM came; what was done until then is kept, and marked incomplete
  141       nobody reads standard output";

/// Keeps what an API's OpenAPI document says, its Rust client believes and its server does true to
/// one another.
#[derive(Debug, Parser)]
#[command(name = "plumbline", version, max_term_width = 100, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write the Rust client of a document as a package, or check that it is fresh.
    Generate(plumbline_cli::generate::Arguments),
    /// Say what changed between two documents, and whom it breaks.
    Diff(plumbline_cli::diff::Arguments),
    /// Take a new version of a document: what breaks, the client, the overlay.
    Update(plumbline_cli::update::Arguments),
    /// Show a change of a document beside the generated items that it changed.
    Review(plumbline_cli::review::Arguments),
    /// Print the part of a document that some operations need.
    Select(plumbline_cli::select::Arguments),
    /// Verify a server.
    #[command(after_help = EXIT_CODES)]
    Verify(Box<Verify>),
    /// Serve a document: a stateful server that does what it says, but for chosen defects.
    Serve(Serve),
    /// Join the JSON reports of shards, or write the reports of a JSON report anew.
    Merge(Merge),
    /// Say what a check or a law promises, with an example that breaks it.
    Explain(Explain),
    /// Suggest an overlay for a document that has none: how its lists page, and what else
    /// OpenAPI cannot say.
    Suggest(plumbline_cli::suggest::Arguments),
    /// Record the traffic between a client and a server as a fixture.
    #[command(after_help = EXIT_CODES)]
    Record(Box<Record>),
    /// Make recorded traffic (HAR, a cassette of VCR) into a fixture.
    #[command(after_help = EXIT_CODES)]
    Import(Box<Import>),
    /// Write fixtures, or the exchanges of a JSON report, as a HAR file.
    Export(Export),
    /// Judge recorded traffic (HAR, cassettes, fixtures) against a document; nothing is sent.
    #[command(after_help = EXIT_CODES)]
    Check(Box<Check>),
    /// Write a shell's completions.
    Completions(Completions),
    /// Write the manual page.
    Man,
}

/// What `--spec` takes.
fn spec() -> String {
    format!(
        "An OpenAPI document (YAML or JSON), or the name of a vendor whose document is carried: {}",
        vendors().join(", ")
    )
}

/// The names of the vendors whose documents are carried.
pub(crate) fn vendors() -> Vec<&'static str> {
    plumbline_reference::vendor_names().collect()
}

/// Which document.
#[derive(Debug, Args)]
pub(crate) struct Spec {
    #[arg(long, value_name = "FILE|VENDOR", help = spec())]
    pub(crate) spec: String,

    /// An OpenAPI Overlay that corrects the document and describes its paging.
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) allowed: Allowed,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) spec: Spec,

    /// The server's base URL; a path in it is kept.
    #[arg(long, value_name = "URL")]
    pub(crate) target: String,

    /// A folder of fixtures; a vendor's own are used when not said.
    #[arg(long, value_name = "DIR")]
    pub(crate) fixtures: Option<PathBuf>,

    /// A value for a parameter or a fixture's variable: `project_id`, or more exactly
    /// `getExperimentById.id` or `experiments.id`.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    pub(crate) set: Vec<(String, String)>,

    /// A header of every request; `$NAME` in its value is taken from the environment and never
    /// shown.
    #[arg(long, value_name = "K: V", value_parser = header)]
    pub(crate) header: Vec<(String, String)>,

    /// Keep to a rule or an operation.
    #[arg(long, value_name = "ID")]
    pub(crate) only: Vec<String>,

    /// Let the run create, change and delete what it has created.
    #[arg(long)]
    pub(crate) writes: bool,

    /// With --writes: an operation to send though it names no item that the run has created, or
    /// though its name says that it deletes, resets or the like. It may act on all there is.
    #[arg(long, value_name = "OPERATION")]
    pub(crate) also: Vec<String>,

    /// An operation or a rule to leave out, or the operations of a tag.
    #[arg(long, value_name = "OPERATION|RULE|tag:NAME")]
    pub(crate) skip: Vec<String>,

    /// Print every operation with what would be sent to it and why, or why it is left out; send
    /// nothing, and make no connection.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Requests at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) jobs: u16,

    /// Seconds for one exchange.
    #[arg(long, value_name = "S", default_value_t = 10.0, value_parser = seconds)]
    pub(crate) timeout: f64,

    /// Requests a second at most.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) rate: Option<u32>,

    /// The greatest body that is read, in MiB after decoding; its JSON may take eight times that in
    /// memory.
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_body: u16,

    /// What the run keeps of its exchanges, in MiB; of older ones the beginnings are kept.
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_kept: u16,

    /// A page with more items than these, and more than asked for, fails and is not read on from.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    pub(crate) max_items: u32,

    /// Requests of the run at most.
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    pub(crate) max_requests: u64,

    /// One part of the run of several, from 1.
    #[arg(long, value_name = "i/n", value_parser = shard)]
    pub(crate) shard: Option<(u32, u32)>,

    /// A list of known failures.
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Option<PathBuf>,

    /// A report: text, json, junit, html or github, and where to; `-` is standard output.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<(Format, PathBuf)>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// An OpenAPI document, or the name of a vendor.
    #[arg(
        long,
        value_name = "FILE|VENDOR",
        required_unless_present = "list_defects"
    )]
    pub(crate) spec: Option<String>,

    /// An OpenAPI Overlay.
    #[arg(long, value_name = "FILE")]
    pub(crate) overlay: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) allowed: Allowed,

    /// Items that each collection begins with.
    #[arg(long, value_name = "N", default_value_t = 57)]
    pub(crate) items: u64,

    /// Another seed gives other items.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub(crate) seed: u64,

    /// A defect to have.
    #[arg(long, value_name = "ID")]
    pub(crate) defect: Vec<String>,

    /// The key or token that operations with security accept; `$NAME` is taken from the
    /// environment.
    #[arg(long, value_name = "VALUE")]
    pub(crate) credentials: Option<String>,

    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// List the defects and what each breaks.
    #[arg(long)]
    pub(crate) list_defects: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// JSON reports of shards, or the one of a whole run.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) reports: Vec<PathBuf>,

    /// A list of known failures.
    #[arg(long, value_name = "FILE")]
    pub(crate) known: Option<PathBuf>,

    /// What the files may hold together, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(crate) max_file: u32,

    /// A report of the whole: text, json, junit, html or github, and where to.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<(Format, PathBuf)>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// The id of a check or a law; all of them are listed when not said.
    pub(crate) id: Option<String>,
}

/// How traffic becomes a fixture.
#[derive(Debug, Args)]
pub(crate) struct Keep {
    #[command(flatten)]
    pub(crate) spec: Spec,

    /// The folder for the fixture; findings stand beside it.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// The fixture's name: that of the fixture that is played, or else `recorded`.
    #[arg(long, value_name = "NAME", value_parser = stem)]
    pub(crate) name: Option<String>,

    /// The server and its version, for the fixture's provenance.
    #[arg(long, value_name = "NAME@VERSION", value_parser = server)]
    pub(crate) server: Option<(String, String)>,

    /// Merge with the fixture of that name, recorded before: what differs between the two is
    /// volatile, what is the same is compared from now on.
    #[arg(long)]
    pub(crate) again: bool,

    #[command(flatten)]
    pub(crate) hide: Hide,

    #[command(flatten)]
    pub(crate) most: Most,

    /// A report of what the traffic breaks: text, json, junit, html or github, and where to.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<(Format, PathBuf)>,
}

/// How much of traffic is taken.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct Most {
    /// The greatest body that is kept and judged, in MiB after decoding; its JSON may take eight
    /// times that in memory.
    #[arg(long, value_name = "MIB", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_body: u16,

    /// What all bodies that are kept may come to, in MiB; further exchanges are left out, and said.
    #[arg(long, value_name = "MIB", default_value_t = 32, value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) max_kept: u16,
}

/// What is secret besides what the document and HTTP declare.
#[derive(Debug, Args)]
pub(crate) struct Hide {
    /// The environment variable that holds the value of a header, on replay. One that the
    /// traffic does not have is an error.
    #[arg(long, value_name = "HEADER=$VAR")]
    pub(crate) map: Vec<secrets::Map>,

    /// A place that holds a secret: a JSON Path in bodies and the fields of forms, query:NAME or
    /// header:NAME. One that the traffic does not have is an error.
    #[arg(long, value_name = "PLACE")]
    pub(crate) secret: Vec<secrets::Place>,

    /// Show what is named NAME, though it is hidden by its name: password, client_secret,
    /// access_token, refresh_token, id_token, api_key, secret and authorization everywhere, and
    /// headers whose names end like X-Auth-Token.
    #[arg(long, value_name = "NAME", value_parser = hidden_name)]
    pub(crate) keep: Vec<String>,
}

/// A name that hides what stands under it.
fn hidden_name(text: &str) -> Result<String, String> {
    if secrets::is_secret_header(text) {
        Ok(text.to_owned())
    } else {
        Err("nothing is hidden by this name".to_owned())
    }
}

#[derive(Debug, Args)]
pub(crate) struct Record {
    /// The server's base URL; a path in it is put before each request's.
    #[arg(long, value_name = "URL")]
    pub(crate) upstream: String,

    /// Where to listen.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// A further host by which clients call the proxy, besides addresses, localhost and the
    /// upstream's host: requests for other hosts are refused.
    #[arg(long, value_name = "NAME")]
    pub(crate) host: Vec<String>,

    /// Play a fixture's requests instead of waiting for a client, and take the answers into it: it
    /// keeps its requests and comparisons. It may be the file that is written.
    #[arg(long, value_name = "FIXTURE", conflicts_with_all = ["exchanges", "again"])]
    pub(crate) play: Option<PathBuf>,

    /// A header of every request that is played; `$NAME` in its value is taken from the environment
    /// and never shown.
    #[arg(long, value_name = "K: V", value_parser = header, requires = "play")]
    pub(crate) header: Vec<(String, String)>,

    /// End after so many exchanges; without it, ctrl-c ends the recording.
    #[arg(long = "for", value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) exchanges: Option<u64>,

    #[command(flatten)]
    pub(crate) keep: Keep,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A HAR file, or a cassette of VCR, vcrpy or Betamax.
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Where the document's paths begin; found from the traffic when not said.
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,

    /// The greatest file that is read, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(crate) max_file: u32,

    #[command(flatten)]
    pub(crate) keep: Keep,
}

#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Fixtures (YAML), or a report (JSON).
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// The HAR file to write; `-` is standard output. It replaces one of Plumbline's own; a file
    /// that holds something else stays, and the exit code is 2.
    #[arg(long, value_name = "FILE")]
    pub(crate) har: PathBuf,

    /// Replace another text that stands in that file.
    #[arg(long)]
    pub(crate) force: bool,

    /// What the files may hold together, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(crate) max_file: u32,

    /// The base URL that requests of fixtures are said to go to.
    #[arg(long, value_name = "URL", default_value = "http://localhost")]
    pub(crate) base: String,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Files with traffic: HAR, cassettes of VCR, vcrpy or Betamax, fixtures.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) spec: Spec,

    /// Where the document's paths begin; found from the traffic when not said.
    #[arg(long, value_name = "URL")]
    pub(crate) base: Option<String>,

    #[command(flatten)]
    pub(crate) hide: Hide,

    #[command(flatten)]
    pub(crate) most: Most,

    /// What the files with traffic may hold together, in MiB.
    #[arg(long, value_name = "MIB", default_value_t = 64)]
    pub(crate) max_file: u32,

    /// A report: text, json, junit, html or github, and where to; `-` is standard output.
    #[arg(long, value_name = "FORMAT=FILE", value_parser = report)]
    pub(crate) report: Vec<(Format, PathBuf)>,
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    Json,
    Junit,
    Html,
    Github,
}

fn report(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text
        .split_once('=')
        .filter(|(_, file)| !file.is_empty())
        .ok_or("expected FORMAT=FILE")?;
    let format = match format {
        "text" => Format::Text,
        "json" => Format::Json,
        "junit" => Format::Junit,
        "html" => Format::Html,
        "github" => Format::Github,
        _ => return Err("the formats are text, json, junit, html and github".to_owned()),
    };
    Ok((format, PathBuf::from(file)))
}

fn stem(text: &str) -> Result<String, String> {
    let plain = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'));
    (plain && !text.is_empty() && !text.starts_with('.'))
        .then(|| text.to_owned())
        .ok_or_else(|| "expected letters, digits, `-`, `_` and `.`".to_owned())
}

fn server(text: &str) -> Result<(String, String), String> {
    text.rsplit_once('@')
        .filter(|(name, version)| !name.is_empty() && !version.is_empty())
        .map(|(name, version)| (name.to_owned(), version.to_owned()))
        .ok_or_else(|| "expected NAME@VERSION".to_owned())
}

fn pair(text: &str) -> Result<(String, String), String> {
    text.split_once('=')
        .filter(|(name, _)| !name.is_empty())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .ok_or_else(|| "expected NAME=VALUE".to_owned())
}

// The value is not repeated: it may be a secret.
fn header(text: &str) -> Result<(String, String), String> {
    text.split_once(':')
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .filter(|(name, _)| !name.is_empty())
        .ok_or_else(|| "expected `Name: value`".to_owned())
}

fn seconds(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|seconds: &f64| *seconds >= 0.001 && *seconds <= 3600.0)
        .ok_or_else(|| "expected seconds, from 0.001 to 3600".to_owned())
}

fn shard(text: &str) -> Result<(u32, u32), String> {
    text.split_once('/')
        .and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)))
        .filter(|(part, parts)| (1..=*parts).contains(part))
        .ok_or_else(|| "expected i/n, for example 1/4".to_owned())
}

#[cfg(test)]
mod tests {
    use super::Arguments;
    use clap::{CommandFactory as _, Parser as _};
    use std::fs;
    use std::path::Path;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    /// The commands of a shell's text that run `plumbline`, as words.
    fn commands(shell: &str) -> Vec<Vec<String>> {
        let ends = |word: &String| {
            ["|", "||", "&&", ";", "&"].contains(&word.as_str()) || word.contains('>')
        };
        let mut found = Vec::new();
        for line in shell.replace("\\\n", " ").lines() {
            let Some(words) = shlex::split(line) else {
                continue;
            };
            for command in words.split(ends) {
                if command.first().is_some_and(|word| word == "plumbline") {
                    found.push(command.to_vec());
                }
            }
        }
        found
    }

    /// What the documents tell a reader to type can be typed.
    #[test]
    fn the_documents_say_what_the_command_takes() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut files = vec![root.join("README.md"), root.join("CONTRIBUTING.md")];
        for folder in ["docs", "docs/reference", "docs/decisions"] {
            let docs = fs::read_dir(root.join(folder)).unwrap();
            files.extend(docs.map(|entry| entry.unwrap().path()));
        }
        let mut met = Vec::new();
        for file in files.iter().filter(|file| file.is_file()) {
            let text = fs::read_to_string(file).unwrap();
            for block in text.split("```sh\n").skip(1) {
                met.extend(commands(block.split("```").next().unwrap_or_default()));
            }
        }
        let job = fs::read(root.join("docs/ci/gitlab.yml")).unwrap();
        let name = "gitlab.yml";
        let job = plumbline_specs::value(plumbline_specs::Input { name, bytes: &job }).unwrap();
        for line in job["conformance"]["script"].as_array().unwrap() {
            met.extend(commands(line.as_str().unwrap()));
        }
        assert!(met.len() > 8, "{met:#?}");
        for words in met {
            let shown = words.join(" ");
            if let Err(error) = Arguments::try_parse_from(words) {
                assert!(!error.use_stderr(), "{shown}\n{error}");
            }
        }
    }
}
