//! The audit: what is invented from a document's schemas goes through the client's types and
//! has to come back the same.

use super::machine::Machine;
use super::table::Row;
use crate::children;
use crate::documents;
use crate::workspace::{cargo_in, display_path};
use anyhow::{Context, Result, anyhow, bail};
use plumbline_cli::documents::Allowed;
use plumbline_conformance::Contract;
use plumbline_conformance::invent::audit::{Trial, difference, trials};
use plumbline_generator::audit::{Named, round_trip};
use plumbline_specs::Pointer;
use plumbline_specs::api::SchemaId;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

/// How much of a value a message shows.
const SHOWN: usize = 300;

/// The stack on which values are invented: schemas nest deep.
const STACK: usize = 256 << 20;

/// A program that takes lines `type, tab, JSON` and answers each with one.
const MAIN: &str = r#"
use std::io::{BufRead as _, Write as _};

fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        let (name, json) = line.split_once('\t').unwrap_or_default();
        match round_trip("", name, json) {
            Some(Ok(text)) => writeln!(out, "ok\t{text}")?,
            Some(Err(error)) => writeln!(out, "error\t{}", error.replace('\n', " "))?,
            None => writeln!(out, "error\tno such type")?,
        }
    }
    Ok(())
}
"#;

/// Audits every client that was generated and that compiles as far as is known.
pub(super) fn audit(rows: &mut [Row], work: &Path, allowed: &Allowed) -> Result<()> {
    let jobs = Machine::look().jobs();
    for row in rows
        .iter_mut()
        .filter(|row| row.generated && row.compiled != Some(false))
    {
        if children::interrupt().is_interrupted() {
            break;
        }
        let document = documents::open(&row.path, None, allowed)?;
        let reading = document.read(&[])?;
        let contract = Contract::new(reading).map_err(|found| anyhow!("{found:?}"))?;
        let program = build(row, work, jobs)?;
        let types = std::mem::take(&mut row.types);
        let questions = thread::scope(|scope| {
            let asked = thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || questions(&contract, &types));
            asked.map(|asked| {
                asked
                    .join()
                    .map_err(|_| anyhow!("inventing values panicked"))
            })
        })??;
        let answers = ask(&program, &questions, work, &row.package)?;
        judge(row, &contract, &types, &questions, &answers);
    }
    Ok(())
}

/// A value for a type.
struct Question<'t> {
    named: &'t Named,
    trial: Trial,
}

fn questions<'t>(contract: &Contract, types: &'t [Named]) -> Vec<Question<'t>> {
    let mut places: HashMap<&Pointer, Vec<SchemaId>> = HashMap::new();
    for (id, schema) in contract.api.schemas.iter() {
        places.entry(&schema.place).or_default().push(id);
    }
    let usage = contract.api.schema_usage();
    let mut all = Vec::new();
    for named in types {
        // The part of a schema that shares its place is tried with the type that holds it.
        if let Some([schema]) = places.get(&named.place).map(Vec::as_slice) {
            let found = trials(contract, &usage, *schema, &named.place);
            all.extend(found.into_iter().map(|trial| Question { named, trial }));
        }
    }
    all
}

/// Builds the program, and says where it is.
fn build(row: &Row, work: &Path, jobs: usize) -> Result<std::path::PathBuf> {
    let package = work.join("crates").join(&row.package);
    let name = row.package.replace('-', "_");
    let own: Vec<Named> = row
        .types
        .iter()
        .map(|named| Named {
            module: String::new(),
            ..named.clone()
        })
        .collect();
    let text = round_trip(&own, |_| name.clone()) + MAIN;
    let examples = package.join("examples");
    fs::create_dir_all(&examples)?;
    fs::write(examples.join(format!("{name}.rs")), text)?;
    super::check::workspace(&work.join("crates"), std::slice::from_ref(&row.package))?;
    let build = ["build", "--quiet", "--example", &name];
    let mut command = cargo_in(&package, &build);
    command
        .args(super::check::operations(row))
        .args(["--jobs", &jobs.to_string()])
        .arg("--target-dir")
        .arg(work.join("target"))
        // Symbols would take longer than the code.
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTFLAGS", "--allow warnings");
    let status = children::status(&mut command)?;
    if !status.success() {
        bail!(
            "{}: the program of the audit does not compile",
            row.document
        );
    }
    Ok(work.join("target/debug/examples").join(name))
}

fn ask(program: &Path, questions: &[Question<'_>], work: &Path, name: &str) -> Result<Vec<String>> {
    let folder = work.join("audit");
    fs::create_dir_all(&folder)?;
    let (input, output) = (
        folder.join(format!("{name}.in")),
        folder.join(format!("{name}.out")),
    );
    let mut text = String::new();
    for Question { named, trial } in questions {
        writeln!(text, "{}\t{}", named.name, trial.value)?;
    }
    fs::write(&input, text)?;
    let mut command = Command::new(program);
    command
        .stdin(Stdio::from(File::open(&input)?))
        .stdout(Stdio::from(File::create(&output)?));
    let status = children::status(&mut command)
        .with_context(|| format!("{} cannot be started", display_path(program)))?;
    if !status.success() {
        bail!("{}: {status}", display_path(program));
    }
    Ok(fs::read_to_string(&output)?
        .lines()
        .map(str::to_owned)
        .collect())
}

fn judge(
    row: &mut Row,
    contract: &Contract,
    types: &[Named],
    questions: &[Question<'_>],
    answers: &[String],
) {
    let mut faults: BTreeMap<&str, (usize, String)> = BTreeMap::new();
    let mut written = 0;
    let mut tried: Vec<&str> = Vec::new();
    for (index, Question { named, trial }) in questions.iter().enumerate() {
        if tried.last() != Some(&named.name.as_str()) {
            tried.push(&named.name);
        }
        let answer = answers.get(index).map_or("", String::as_str);
        let fault = match answer.split_once('\t') {
            Some(("ok", text)) => serde_json::from_str(text)
                .map_err(|error| error.to_string())
                .and_then(|came: Value| {
                    let added = compare(&trial.value, came.clone())?;
                    written += added;
                    // What was added has to be the constant that the document gives.
                    let valid = contract.is_valid(&named.place, trial.direction, &came);
                    let fine = added == 0 || valid || !trial.valid;
                    fine.then_some(())
                        .ok_or_else(|| format!("what came back is not valid: {came}"))
                }),
            Some((_, error)) => Err(error.to_owned()),
            None => Err("the program gave no answer".to_owned()),
        };
        if let Err(fault) = fault {
            let value: String = trial.value.to_string().chars().take(SHOWN).collect();
            let (count, _) = faults
                .entry(&named.name)
                .or_insert((0, format!("{value}\n    {fault}")));
            *count += 1;
        }
    }
    row.audit = Some(format!(
        "{} of {} types, {} values, {} constants written, {} types differ",
        tried.len(),
        types.len(),
        questions.len(),
        written,
        faults.len(),
    ));
    row.audited = Some(faults.is_empty());
    for (name, (count, first)) in faults {
        row.messages.push(format!(
            "audit: {name}: {count} values differ, first {first}"
        ));
    }
}

/// Whether a value came back. The one thing that may be more is a constant that tells the members
/// of a union apart, which a type writes also where the document does not demand it: how many
/// there were.
fn compare(sent: &Value, mut came: Value) -> Result<usize, String> {
    let mut written = 0;
    while let Some((at, one, other)) = difference(sent, &came) {
        let added = sent.pointer(at.as_str()).is_none() && other.is_string();
        let key = at.tokens().last();
        let parent = at.parent().unwrap_or_default();
        let Some((Value::Object(map), key)) = came.pointer_mut(parent.as_str()).zip(key) else {
            return Err(format!("at `{at}` {one} became {other}"));
        };
        if !added || map.shift_remove(&key).is_none() {
            return Err(format!("at `{at}` {one} became {other}"));
        }
        written += 1;
    }
    Ok(written)
}
