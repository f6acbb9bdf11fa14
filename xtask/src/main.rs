//! The verbs a maintainer of Plumbline types: `cargo xtask --help` lists them.
//!
//! Exit codes are the same for every verb: 0 all is well, 1 something is not as it should be
//! (stale bindings, a finding), 2 the command or an input is wrong, or standard output cannot be
//! written; 141 when the reader of standard output has gone; 130 and 143 after
//! ctrl-c and SIGTERM: verbs that judge then report what they have.

mod bench;
mod cases;
mod children;
mod ci;
mod clients;
mod codes;
mod corpus;
mod deny;
mod diff;
mod dist;
mod documents;
mod generate;
mod git;
mod growth;
mod live_servers;
mod mutants;
mod review;
mod rules;
mod semver;
mod suggest;
mod tables;
mod tools;
mod tutorial;
mod update;
mod verify;
mod workspace;

use clap::{Parser, Subcommand};
use plumbline_cli::signals::{self, OnSignal};
use plumbline_cli::{select, stdout, tell};
use std::process::ExitCode;

/// Keeps what an API's document says, its Rust client believes and its server does true to
/// one another.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Write the bindings, or check that they are fresh.
    Generate(generate::Arguments),
    /// The main job: check documents, bindings and the embedded servers, and print a report.
    Verify(verify::Arguments),
    /// Run a real Phoenix server from PyPI and verify it.
    Phoenix(live_servers::phoenix::Arguments),
    Mlflow(live_servers::mlflow::Arguments),
    /// Run every command of the tutorial against a real Phoenix server.
    Tutorial(tutorial::Arguments),
    /// Run the vendors' published SDKs against the embedded server and record them.
    Clients(clients::Arguments),
    /// Try the kit on itself: every defect of the embedded server must be caught.
    Mutants(mutants::Arguments),
    /// Write the README's tables of checks and laws, or check that they are fresh.
    Rules(tables::Arguments),
    /// Hold the tree of dependencies against the policy of deny.toml.
    Deny(deny::Arguments),
    /// Write the tables of the codes of diagnostics and changes, or check that they are fresh.
    Codes(tables::Arguments),
    /// Say how fast the kit and the generator are.
    Bench(bench::Arguments),
    /// Try the commands on inputs from bug reports, odd servers and attacks.
    Cases(cases::Arguments),
    /// Generate, and compile, the client of every document of a folder.
    Corpus(corpus::Arguments),
    /// Print the part of a document that some operations need.
    Select(select::Arguments),
    /// Say what `plumbline suggest` suggests for a folder of documents, and how right it is.
    Suggest(suggest::Arguments),
    /// Take a vendor's new document: the diff, the clients, the changelog, the fixtures.
    Update(update::Arguments),
    /// Say what changed between two documents, and whom it breaks.
    Diff(diff::Arguments),
    /// Show a change of a document beside the generated items that it changed.
    Review(review::Arguments),
    /// Hold our verdict on the Rust API to that of `cargo semver-checks`.
    Semver(semver::Arguments),
    /// Build the binary, say what it needs, and pack it for a release.
    Dist(dist::Arguments),
    /// All that continuous integration holds beyond `cargo test --workspace`.
    Ci(ci::Arguments),
}

fn main() -> ExitCode {
    if let Some(code) = corpus::wrapped() {
        return code;
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() => error.exit(),
        Err(help) => {
            stdout::print(&help.render().to_string());
            return stdout::end(0);
        }
    };
    let on_signal = match &cli.verb {
        Verb::Verify(_)
        | Verb::Phoenix(_)
        | Verb::Mlflow(_)
        | Verb::Tutorial(_)
        | Verb::Clients(_)
        | Verb::Corpus(_) => children::report(),
        _ => OnSignal::End,
    };
    if let Err(error) = signals::listen(on_signal, children::end_all) {
        tell!("signals cannot be listened for: {error}");
        return ExitCode::from(2);
    }
    let result = match cli.verb {
        Verb::Generate(arguments) => generate::run(&arguments),
        Verb::Verify(arguments) => verify::run(&arguments),
        Verb::Phoenix(arguments) => live_servers::phoenix::run(&arguments),
        Verb::Mlflow(arguments) => live_servers::mlflow::run(&arguments),
        Verb::Tutorial(arguments) => tutorial::run(&arguments),
        Verb::Clients(arguments) => clients::run(&arguments),
        Verb::Mutants(arguments) => mutants::run(&arguments),
        Verb::Deny(arguments) => deny::run(&arguments),
        Verb::Codes(arguments) => codes::run(&arguments),
        Verb::Rules(arguments) => rules::table().run(&arguments),
        Verb::Bench(arguments) => bench::run(&arguments),
        Verb::Cases(arguments) => cases::run(&arguments),
        Verb::Corpus(arguments) => corpus::run(&arguments),
        Verb::Select(arguments) => select::run(&arguments).map_err(Into::into),
        Verb::Suggest(arguments) => suggest::run(&arguments),
        Verb::Update(arguments) => update::run(&arguments),
        Verb::Diff(arguments) => diff::run(&arguments),
        Verb::Review(arguments) => review::run(&arguments),
        Verb::Semver(arguments) => semver::run(&arguments),
        Verb::Dist(arguments) => dist::run(&arguments),
        Verb::Ci(arguments) => ci::run(&arguments),
    };
    let code = match result {
        Ok(status) => status.code(),
        Err(error) => {
            // The causes on one line; never a backtrace, which is of no use to who types a verb.
            tell!("{error:#}");
            2
        }
    };
    stdout::end(signals::received().unwrap_or(code))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_sound() {
        super::Cli::command().debug_assert();
    }
}
