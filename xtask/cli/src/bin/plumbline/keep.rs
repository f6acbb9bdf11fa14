//! What `record` and `import` share: traffic becomes a fixture in a folder, with its findings.

use crate::{Failure, Outcome, args, input, output};
use plumbline_cli::documents::display_path;
use plumbline_cli::read;
use plumbline_conformance::fixture::{self, Fixture, Provenance};
use plumbline_conformance::record::{self, Played, Recording};
use plumbline_conformance::traffic::Traffic;
use plumbline_conformance::{Contract, Interrupt, Limits, Report, Verdict, report};
use plumbline_specs::{Diagnostic, Diagnostics, Input};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use url::Url;

/// The document and the files that a recording is to be written to, looked at before anything is
/// recorded: nothing is worse than a recording that cannot be kept.
pub(crate) struct Place {
    pub(crate) spec: String,
    pub(crate) contract: Contract,
    name: String,
    file: PathBuf,
    findings: PathBuf,
    before: Option<Fixture>,
}

pub(crate) fn place(
    args: &args::Keep,
    played: Option<&Path>,
    traffic: Option<&Path>,
) -> Result<Place, Failure> {
    let Named {
        spec,
        contract,
        files,
    } = named(&args.spec)?;
    let own = played.and_then(Path::file_stem).and_then(OsStr::to_str);
    let name = args
        .name
        .as_deref()
        .or(own)
        .unwrap_or("recorded")
        .to_owned();
    let file = args.out.join(format!("{name}.yaml"));
    let findings = args.out.join(format!("{name}.report.json"));
    let before = match (file.exists(), args.again) {
        (false, false) => None,
        (true, true) => Some(scenario(&file)?),
        // What is played is what is recorded anew.
        (true, false)
            if played.is_some_and(|played| plumbline_cli::output::is_same(played, &file)) =>
        {
            None
        }
        (true, false) => {
            return Err(Failure::Usage(format!(
                "{} is there already; --again merges a second recording into it, --name gives another name",
                display_path(&file)
            )));
        }
        (false, true) => {
            return Err(Failure::Usage(format!(
                "there is no {} to record again",
                display_path(&file)
            )));
        }
    };
    if !is_report(&findings) {
        return Err(Failure::Usage(format!(
            "{} is there already and is no report of a recording; move it away, or give another \
             name with --name",
            display_path(&findings)
        )));
    }
    std::fs::create_dir_all(&args.out).map_err(|error| {
        Failure::Usage(format!(
            "{} cannot be made: {error}",
            display_path(&args.out)
        ))
    })?;
    output::try_place(&file)?;
    output::try_place(&findings)?;
    let mut inputs = files;
    inputs.extend(traffic.map(Path::to_owned));
    // What is played may be what is written.
    output::try_apart(&file, &inputs)?;
    inputs.extend(played.map(Path::to_owned));
    output::try_apart(&findings, &inputs)?;
    inputs.extend([file.clone(), findings.clone()]);
    output::try_reports(&args.report, &inputs)?;
    Ok(Place {
        spec,
        contract,
        name,
        file,
        findings,
        before,
    })
}

/// Reads a fixture.
pub(crate) fn scenario(file: &Path) -> Result<Fixture, Failure> {
    let (name, bytes) = (display_path(file), input::file(file)?);
    fixture::load(&bytes, &name).map_err(|faults| told(faults, &name, &bytes))
}

/// Whether a file is a report, or not there. What cannot be read is none of ours.
fn is_report(file: &Path) -> bool {
    let Ok(found) = file.canonicalize() else {
        return true;
    };
    read::found(&found, read::MOST)
        .is_ok_and(|bytes| serde_json::from_slice::<Report>(&bytes).is_ok())
}

/// The limits of traffic.
pub(crate) fn limits(most: args::Most) -> Limits {
    Limits {
        body: u64::from(most.max_body) << 20,
        kept: u64::from(most.max_kept) << 20,
        ..Limits::default()
    }
}

/// A document that is named on the command line.
pub(crate) struct Named {
    /// Its name.
    pub(crate) spec: String,
    /// The contract that it makes.
    pub(crate) contract: Contract,
    /// The files that were read for it.
    pub(crate) files: Vec<PathBuf>,
}

/// Reads the document that is named on the command line.
pub(crate) fn named(spec: &args::Spec) -> Result<Named, Failure> {
    let document = input::document("", spec)?;
    let (spec, contract) = document
        .verify
        .contract()
        .map_err(|error| Failure::Usage(error.to_string()))?;
    Ok(Named {
        spec,
        contract,
        files: document.files,
    })
}

/// A base URL. What was typed is not repeated: it may hold a password.
pub(crate) fn base(text: &str, what: &str) -> Result<Url, Failure> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
        .ok_or_else(|| Failure::Usage(format!("{what} is neither an http nor an https URL")))
}

/// Diagnostics as the failure of a command.
pub(crate) fn told(faults: Vec<Diagnostic>, name: &str, bytes: &[u8]) -> Failure {
    let faults: Diagnostics = faults.into_iter().collect();
    Failure::Usage(plumbline_specs::render(&faults, &[Input { name, bytes }]))
}

/// As [`told`], of a file with traffic: no line of it is shown, as it may hold a secret.
pub(crate) fn refused(faults: Vec<Diagnostic>) -> Failure {
    let faults: Diagnostics = faults.into_iter().collect();
    Failure::Usage(plumbline_specs::render(&faults, &[]))
}

/// Tells notes on standard error. No line of the file is shown with them: it may hold a secret.
pub(crate) fn notes(mut notes: Vec<Diagnostic>) {
    for note in &mut notes {
        if note.place.file.is_empty() {
            note.place.file.push_str("(the traffic)");
        }
    }
    let notes: Diagnostics = notes.into_iter().collect();
    if !notes.is_empty() {
        output::tell(&plumbline_specs::render_all(&notes, &[]));
    }
}

/// Refuses traffic that lacks what a flag of a secret names: what was to be hidden may stand
/// elsewhere.
pub(crate) fn met(unmet: &[String]) -> Result<(), Failure> {
    if unmet.is_empty() {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{} matches nothing in the traffic; nothing was written",
        unmet.join(", ")
    )))
}

/// Makes traffic into a fixture, judges it, and writes both; whether the traffic conforms.
pub(crate) fn keep(
    place: Place,
    traffic: &Traffic,
    base: Option<Url>,
    args: &args::Keep,
    incomplete: Option<String>,
) -> Outcome {
    let options = options(&place, traffic, base, args);
    let mut recording = record::recording(&place.contract, traffic, &options)
        .map_err(|nothing| Failure::Usage(nothing.to_string()))?;
    recording.report.incomplete = incomplete;
    write(place, recording, args)
}

/// Takes the answers to a fixture that was played into it, and writes it; whether they conform.
pub(crate) fn renew(
    place: Place,
    scenario: &Fixture,
    played: &Played,
    base: Url,
    args: &args::Keep,
) -> Outcome {
    let options = options(&place, &played.traffic, Some(base), args);
    if played.interrupted {
        let whole = Interrupt::new();
        let mut checked = record::checked(&place.contract, &played.traffic, &options, &whole)
            .map_err(|nothing| Failure::Usage(nothing.to_string()))?;
        let why = "the recording was interrupted, and the fixture stays as it was";
        checked.report.incomplete = Some(why.to_owned());
        notes(checked.notes);
        let written = output::reports(&checked.report, &args.report);
        return output::verdict(&checked.report, written);
    }
    let recording = record::renewed(&place.contract, scenario, played, &options)
        .map_err(|nothing| Failure::Usage(nothing.to_string()))?;
    write(place, recording, args)
}

fn options(
    place: &Place,
    traffic: &Traffic,
    base: Option<Url>,
    args: &args::Keep,
) -> record::Options {
    let on = traffic
        .exchanges
        .iter()
        .find_map(|passed| passed.begun)
        .unwrap_or_else(jiff::Timestamp::now);
    let (server, version) = args.server.clone().unwrap_or_else(|| {
        let api = &place.contract.api;
        (
            api.title.clone(),
            format!("unknown; document {}", api.version),
        )
    });
    record::Options {
        name: place.name.clone(),
        spec: place.spec.clone(),
        base,
        provenance: Provenance::Recorded {
            server,
            version,
            on: on.strftime("%Y-%m-%d").to_string(),
        },
        maps: args.hide.map.clone(),
        places: args.hide.secret.clone(),
        limits: limits(args.most),
        keep: args.hide.keep.clone(),
    }
}

fn write(place: Place, recording: Recording, args: &args::Keep) -> Outcome {
    let Recording {
        fixture,
        mut report,
        notes: mut told,
        unmet,
    } = recording;
    met(&unmet)?;
    report.begun = Some(plumbline_conformance::now());
    let Some(mut fixture) = fixture else {
        notes(told);
        return Err(Failure::Usage(
            "no exchange could be kept; nothing was written".to_owned(),
        ));
    };
    if let Some(before) = &place.before {
        fixture = record::again(&place.contract, before, &fixture, &mut told);
    }
    notes(told);
    let yaml = fixture::save(&fixture)
        .map_err(|error| Failure::Usage(format!("the fixture cannot be written: {error}")))?;
    let found = report
        .outcomes
        .iter()
        .any(|outcome| matches!(outcome.verdict, Verdict::Failed | Verdict::Warned));
    // One that cannot be written keeps no other from being written.
    let kept = output::write(&place.file, &yaml);
    let beside = if found {
        output::write(&place.findings, &report::json(&report))
    } else if place.findings.exists() {
        std::fs::remove_file(&place.findings)
            .map_err(|error| Failure::Usage(format!("{}: {error}", display_path(&place.findings))))
    } else {
        Ok(())
    };
    let written = output::reports(&report, &args.report);
    if kept.is_ok() {
        let beside = if found && beside.is_ok() {
            format!(", its findings to {}", display_path(&place.findings))
        } else {
            String::new()
        };
        output::tell(&format!(
            "{} exchanges written to {}{beside}\n",
            fixture.exchanges.len(),
            display_path(&place.file)
        ));
        for name in fixture.secrets.keys() {
            output::tell(&format!("a replay takes a secret from ${name}\n"));
        }
    }
    kept.and(beside)?;
    if report.incomplete.is_some() {
        return output::verdict(&report, written);
    }
    written.map(|()| report.conforms())
}
