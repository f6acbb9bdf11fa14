//! The documents that the kit is tried on: the vendors', and a lending library's with the
//! styles and promises that no vendor has.

use super::TrialError;
use crate::{Options, Server, VENDORS, Vendor};
use plumbline_conformance::run::{self, Verified};
use plumbline_conformance::{Contract, Limits, Session, Target, UserHeader, fixture};
use plumbline_specs::{Input, Reading};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The key that guarded operations of the subjects accept.
const KEY: &str = "sesame";

const LIBRARY: &[u8] = include_bytes!("../../subjects/library.yaml");

/// A document, and what a run needs to know of a server made from it.
pub(super) struct Subject {
    pub(super) name: String,
    pub(super) contract: Arc<Contract>,
    pub(super) fixtures: Vec<fixture::Fixture>,
    headers: Vec<UserHeader>,
    values: BTreeMap<String, String>,
    also: Vec<String>,
    /// Defects about which the document says nothing, and why.
    pub(super) excuses: BTreeMap<String, String>,
    vendor: Option<&'static Vendor>,
}

impl Subject {
    fn new(name: &str, reading: Reading) -> Result<Self, TrialError> {
        let contract = Contract::new(reading)
            .map_err(|found| TrialError::Document(name.to_owned(), found.into_iter().collect()))?;
        Ok(Self {
            name: name.to_owned(),
            contract: Arc::new(contract),
            fixtures: Vec::new(),
            headers: Vec::new(),
            values: BTreeMap::new(),
            also: Vec::new(),
            excuses: BTreeMap::new(),
            vendor: None,
        })
    }

    /// The subject that is a vendor's document.
    fn of_vendor(vendor: &'static Vendor) -> Result<Self, TrialError> {
        let wrong = |found| TrialError::Document(vendor.name.to_owned(), found);
        let about = vendor.about().map_err(wrong)?;
        let mut subject = Self::new(vendor.name, vendor.read().map_err(wrong)?)?;
        for (name, bytes) in vendor.fixtures {
            let fixture = fixture::load(bytes, name).map_err(|found| {
                TrialError::Document((*name).to_owned(), found.into_iter().collect())
            })?;
            subject.fixtures.push(fixture);
        }
        let headers = about.run.headers(KEY).into_iter();
        subject.headers = headers
            .map(|(name, value)| UserHeader::literal(name, value))
            .collect();
        subject.values = about.run.set;
        subject.also = about.run.also;
        subject.excuses = about.excuses;
        subject.vendor = Some(vendor);
        Ok(subject)
    }

    /// The lending library, with styles and promises that no vendor has.
    fn library() -> Result<Self, TrialError> {
        let input = Input {
            name: "library.yaml",
            bytes: LIBRARY,
        };
        let reading = plumbline_specs::read(input, &plumbline_specs::Options::default())
            .map_err(|found| TrialError::Document("library".to_owned(), found))?;
        let mut subject = Self::new("library", reading)?;
        subject.headers = vec![UserHeader::literal("X-Library-Key", KEY)];
        Ok(subject)
    }

    /// This subject with each defect about which it says nothing.
    pub(super) fn excused(&self) -> impl Iterator<Item = (String, String)> {
        let defects = self.excuses.keys();
        defects.map(|defect| (self.name.clone(), defect.clone()))
    }

    /// Runs the kit against a server of its own.
    pub(super) async fn run(
        &self,
        mut options: Options,
        mut asked: run::Options,
    ) -> Result<Verified, TrialError> {
        asked.also.extend(self.also.iter().cloned());
        options.credentials = Some(KEY.to_owned());
        options.vendor = self.vendor;
        let server = Server::start(Arc::clone(&self.contract), options)?;
        let session = Session::new(Target {
            base: server.url().parse()?,
            headers: self.headers.clone(),
            values: self.values.clone(),
            limits: Limits::default(),
        })?;
        Ok(run::verify(Arc::clone(&self.contract), session, &asked, &|_| {}).await?)
    }
}

/// All subjects, or those of these names.
pub(super) fn subjects(names: &[String]) -> Result<Vec<Arc<Subject>>, TrialError> {
    let wanted = |name: &str| names.is_empty() || names.iter().any(|own| own == name);
    let mut subjects = Vec::new();
    for vendor in VENDORS.iter().filter(|vendor| wanted(vendor.name)) {
        subjects.push(Arc::new(Subject::of_vendor(vendor)?));
    }
    if wanted("library") {
        subjects.push(Arc::new(Subject::library()?));
    }
    let unknown = names
        .iter()
        .find(|name| !subjects.iter().any(|subject| subject.name == **name));
    match unknown {
        Some(name) => Err(TrialError::Subject(name.clone())),
        None => Ok(subjects),
    }
}
