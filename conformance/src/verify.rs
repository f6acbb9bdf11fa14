//! The kit as a library: a server held against a document from a test of its own.

use crate::digest::Digest;
use crate::fixture::{self, Fixture};
use crate::redacted::address_of;
use crate::rule;
use crate::run::{self, Options, RunError, Verified};
use crate::{
    Contract, Interrupt, Limits, Report, Session, SessionError, Target, UserHeader, known, report,
};
use plumbline_specs::{Beside, Diagnostic, Diagnostics, Input};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Begins the verification of the server at a base URL.
///
/// ```no_run
/// # async fn test() -> Result<(), Box<dyn std::error::Error>> {
/// plumbline_conformance::verify("http://127.0.0.1:8080")
///     .document("openapi.yaml", std::fs::read("openapi.yaml")?)
///     .run()
///     .await?
///     .assert_conforms();
/// # Ok(())
/// # }
/// ```
pub fn verify(base: impl Into<String>) -> Verify {
    Verify {
        base: base.into(),
        document: None,
        beside: Beside::default(),
        overlay: None,
        fixtures: Vec::new(),
        headers: Vec::new(),
        values: Vec::new(),
        known: None,
        needs_met: false,
        limits: Limits::default(),
        options: Options::default(),
    }
}

/// A verification to be run; each method adds to it.
#[derive(Clone)]
#[must_use = "nothing is sent before `run`"]
pub struct Verify {
    base: String,
    document: Option<(String, Vec<u8>)>,
    beside: Beside,
    overlay: Option<(String, Vec<u8>)>,
    fixtures: Vec<(String, Vec<u8>)>,
    headers: Vec<Result<UserHeader, SessionError>>,
    values: Vec<(String, String)>,
    known: Option<(String, Vec<u8>)>,
    needs_met: bool,
    limits: Limits,
    options: Options,
}

/// Why a verification did not take place.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The base URL cannot be used.
    #[error("`{0}` is no base URL: {1}")]
    Base(String, String),
    /// There is no document to verify by.
    #[error("there is no document to verify by")]
    NoDocument,
    /// A document, overlay, fixture or list of known failures is wrong.
    #[error("{rendered}")]
    Input {
        /// All that is wrong.
        diagnostics: Diagnostics,
        /// The same for a person, with the lines at fault.
        rendered: String,
    },
    /// A header cannot be sent.
    #[error(transparent)]
    Session(#[from] SessionError),
    /// The run did not take place.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl VerifyError {
    fn input(diagnostics: impl IntoIterator<Item = Diagnostic>, sources: &[Input<'_>]) -> Self {
        let diagnostics: Diagnostics = diagnostics.into_iter().collect();
        let rendered = plumbline_specs::render(&diagnostics, sources);
        Self::Input {
            diagnostics,
            rendered,
        }
    }
}

impl fmt::Debug for Verify {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Verify")
            .field("base", &address_of(&self.base))
            .finish_non_exhaustive()
    }
}

impl Verify {
    /// By this document; `name` is what messages call it.
    pub fn document(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.document = Some((name.into(), bytes.into()));
        self
    }

    /// With the files that the document refers to ([`plumbline_specs::gather`] finds them).
    pub fn beside(mut self, files: Beside) -> Self {
        self.beside = files;
        self
    }

    /// With an overlay.
    pub fn overlay(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.overlay = Some((name.into(), bytes.into()));
        self
    }

    /// With these fixtures (name and YAML).
    pub fn fixtures(mut self, fixtures: Vec<(String, Vec<u8>)>) -> Self {
        self.fixtures = fixtures;
        self
    }

    /// With a header on every request; `$NAME` in its value is an environment variable, which is
    /// read now.
    pub fn header(mut self, name: impl Into<String>, value: impl AsRef<str>) -> Self {
        self.headers.push(UserHeader::read(name, value.as_ref()));
        self
    }

    /// With a value for a parameter or a fixture's variable.
    pub fn set(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.push((name.into(), value.into()));
        self
    }

    /// Keeps to a rule or an operation; may be said several times.
    pub fn only(mut self, id: impl Into<String>) -> Self {
        self.options.only.push(id.into());
        self
    }

    /// Lets the run create, change and delete.
    pub fn writes(mut self, writes: bool) -> Self {
        self.options.writes = writes;
        self
    }

    /// Lets an operation be sent though it may act on what the run has not created; may be said
    /// several times.
    pub fn also(mut self, operation: impl Into<String>) -> Self {
        self.options.also.push(operation.into());
        self
    }

    /// Leaves out an operation, a rule, or with `tag:NAME` the operations of a tag; may be said
    /// several times.
    pub fn skip(mut self, id: impl Into<String>) -> Self {
        self.options.skip.push(id.into());
        self
    }

    /// Says that the target is, or has been brought to, what exchanges of recorded fixtures
    /// [need](crate::fixture::Step::needs), so that they are replayed and not left out.
    pub fn needs_met(mut self, met: bool) -> Self {
        self.needs_met = met;
        self
    }

    /// Runs one part of several, from 1.
    pub fn shard(mut self, part: u32, parts: u32) -> Self {
        self.options.shard = Some((part, parts));
        self
    }

    /// So many requests at once.
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.limits.jobs = jobs;
        self
    }

    /// So long for one exchange.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.limits.timeout = timeout;
        self
    }

    /// Bounds on time and size, all at once.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With a list of known failures, in YAML.
    pub fn known(mut self, name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.known = Some((name.into(), bytes.into()));
        self
    }

    /// Ends early when `interrupt` is used: the report then says that it is incomplete.
    pub fn interrupt(mut self, interrupt: Interrupt) -> Self {
        self.options.interrupt = interrupt;
        self
    }

    /// Runs it. When the future is dropped, nothing more is sent.
    ///
    /// # Errors
    ///
    /// When an input is wrong, or the target takes no connection; what the target does wrong
    /// is in the report.
    pub async fn run(self) -> Result<Verified, VerifyError> {
        self.run_with(&|_| {}).await
    }

    /// Runs it, telling `listener` how far it is.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub async fn run_with(self, listener: run::Listener<'_>) -> Result<Verified, VerifyError> {
        let (contract, mut options) = self.prepared()?;
        options.today = Some(crate::today());
        options.now = Some(crate::now());
        let session = Session::new(self.target()?)?;
        let mut verified = run::verify(contract, session, &options, listener).await?;
        verified.report.digest = self.digest();
        if let Some((name, _)) = &self.known {
            for fault in &mut verified.stale {
                fault.place.file.clone_from(name);
            }
        }
        Ok(verified)
    }

    /// Says what it would send to each operation and why, or why it leaves it out; sends nothing.
    ///
    /// # Errors
    ///
    /// When an input is wrong.
    pub fn dry_run(self) -> Result<run::Plan, VerifyError> {
        let (contract, options) = self.prepared()?;
        // Made as for a run, so that what would keep it from beginning is told now.
        let session = Session::new(self.target()?)?;
        Ok(run::plan(&contract, session.target(), &options)?)
    }

    /// A digest of the document, its overlay and the files that it refers to.
    fn digest(&self) -> Option<String> {
        let mut digest = Digest::new();
        let (_, bytes) = self.document.as_ref()?;
        digest.take("document", bytes);
        if let Some((_, bytes)) = &self.overlay {
            digest.take("overlay", bytes);
        }
        for file in self.beside.inputs() {
            digest.take(file.name, file.bytes);
        }
        Some(digest.text())
    }

    /// The contract, and the options with what is read from files.
    fn prepared(&self) -> Result<(Arc<Contract>, Options), VerifyError> {
        let mut options = self.options.clone();
        let (name, contract) = self.contract()?;
        let contract = Arc::new(contract);
        options.spec = name;
        options.fixtures = self.load_fixtures(&contract)?;
        if let Some((name, bytes)) = &self.known {
            let source = Input { name, bytes };
            options.known =
                known::load(bytes, name).map_err(|found| VerifyError::input(found, &[source]))?;
        }
        if self.needs_met {
            options.fixtures.iter_mut().for_each(Fixture::meet_needs);
        }
        Ok((contract, options))
    }

    /// The document's name, and the contract that it makes with its overlay.
    ///
    /// # Errors
    ///
    /// When there is no document, or it cannot be read.
    pub fn contract(&self) -> Result<(String, Contract), VerifyError> {
        let (name, bytes) = self.document.as_ref().ok_or(VerifyError::NoDocument)?;
        let document = Input { name, bytes };
        let overlay = self.overlay.as_ref();
        let overlay = overlay.map(|(name, bytes)| Input { name, bytes });
        let files: Vec<Input<'_>> = self.beside.inputs().collect();
        let mut sources: Vec<Input<'_>> = vec![document];
        sources.extend(overlay);
        sources.extend(&files);
        let options = plumbline_specs::Options {
            overlay,
            files,
            unread: self.beside.unread.clone(),
            ..plumbline_specs::Options::default()
        };
        let reading = plumbline_specs::read(document, &options)
            .map_err(|found| VerifyError::input(found, &sources))?;
        let contract =
            Contract::new(reading).map_err(|found| VerifyError::input(found, &sources))?;
        Ok((name.clone(), contract.located(document)))
    }

    fn load_fixtures(&self, contract: &Contract) -> Result<Vec<Fixture>, VerifyError> {
        let mut fixtures = Vec::new();
        let mut faults = Vec::new();
        for (name, bytes) in &self.fixtures {
            match fixture::load(bytes, name) {
                Ok(fixture) => {
                    faults.extend(fixture::check(contract, &fixture));
                    fixtures.push(fixture);
                }
                Err(found) => faults.extend(found),
            }
        }
        let wrong = faults
            .iter()
            .any(|fault| fault.severity == plumbline_specs::Severity::Error);
        if wrong {
            let sources: Vec<Input<'_>> = self
                .fixtures
                .iter()
                .map(|(name, bytes)| Input { name, bytes })
                .collect();
            return Err(VerifyError::input(faults, &sources));
        }
        Ok(fixtures)
    }

    fn target(&self) -> Result<Target, VerifyError> {
        let wrong = |reason: String| VerifyError::Base(address_of(&self.base), reason);
        let base = Url::parse(&self.base).map_err(|error| wrong(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong("it is neither http nor https".to_owned()));
        }
        // It would be lost, and what is in it may be a secret.
        if base.query().is_some() || base.fragment().is_some() {
            return Err(wrong("it has a query or a fragment".to_owned()));
        }
        Ok(Target {
            base,
            headers: self.headers.iter().cloned().collect::<Result<_, _>>()?,
            values: self.values.iter().cloned().collect(),
            limits: self.limits.clone(),
        })
    }
}

impl Verified {
    /// The report as a person reads it, and the known failures that no longer apply.
    pub fn text(&self) -> String {
        let report = report::text(&self.report, &rule::rules(), report::TextOptions::default());
        if self.stale.is_empty() {
            return report;
        }
        let stale: Diagnostics = self.stale.iter().cloned().collect();
        report + "\n" + &plumbline_specs::render(&stale, &[])
    }

    /// The verdicts as data.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Whether nothing failed and every known failure still does.
    pub fn conforms(&self) -> bool {
        self.report.conforms() && self.stale.is_empty()
    }

    /// Fails the calling test, with the report as its message, unless the target conforms.
    ///
    /// # Panics
    ///
    /// When it does not: that is what it is for.
    #[track_caller]
    pub fn assert_conforms(&self) {
        assert!(self.conforms(), "{}", self.text());
    }
}
