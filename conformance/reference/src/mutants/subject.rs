//! The documents that the kit is tried on: the vendors', and a lending library's with the
//! styles and promises that no vendor has.

use super::TrialError;
use crate::{Options, Server, VENDORS, Vendor};
use plumbline_conformance::run::{self, Verified};
use plumbline_conformance::{Contract, Limits, Session, Target, UserHeader, fixture};
use plumbline_specs::{Diagnostics, Input, Reading};
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
    vendor: Option<&'static Vendor>,
}

impl Subject {
    fn new(name: &str, reading: Reading) -> Result<Self, TrialError> {
        let contract = Contract::new(reading)
            .map_err(|found| TrialError::Document(name.to_owned(), found.into_iter().collect()))?;
        let headers: &[(&str, &str)] = match name {
            "opik" => &[("Authorization", KEY), ("Comet-Workspace", "default")],
            "galileo" => &[("Galileo-API-Key", KEY)],
            "library" => &[("X-Library-Key", KEY)],
            _ => &[],
        };
        let values: &[(&str, &str)] = match name {
            "galileo" => &[("project_id", "0b7d7fd4-6d0c-4f5a-9a4e-2f2f6c1f3a10")],
            _ => &[],
        };
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Ok(Self {
            name: name.to_owned(),
            contract: Arc::new(contract),
            fixtures: Vec::new(),
            headers: headers
                .iter()
                .map(|(name, value)| UserHeader::literal(*name, *value))
                .collect(),
            values: values.iter().map(own).collect(),
            vendor: crate::vendor(name),
        })
    }

    /// Runs the kit against a server of its own.
    pub(super) async fn run(
        &self,
        mut options: Options,
        mut asked: run::Options,
    ) -> Result<Verified, TrialError> {
        // Nothing here is anybody's.
        if self.name == "opik" {
            asked.also.push("experimentItemsBulk".to_owned());
        }
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
    let wrong = |name: &str| {
        let name = name.to_owned();
        move |found: Diagnostics| TrialError::Document(name, found)
    };
    let wanted = |name: &str| names.is_empty() || names.iter().any(|own| own == name);
    let mut subjects = Vec::new();
    for vendor in VENDORS {
        if !wanted(vendor.name) {
            continue;
        }
        let reading = vendor.read().map_err(wrong(vendor.name))?;
        let mut subject = Subject::new(vendor.name, reading)?;
        for (name, bytes) in vendor.fixtures {
            let fixture = fixture::load(bytes, name).map_err(|found| {
                TrialError::Document((*name).to_owned(), found.into_iter().collect())
            })?;
            subject.fixtures.push(fixture);
        }
        subjects.push(Arc::new(subject));
    }
    if wanted("library") {
        let input = Input {
            name: "library.yaml",
            bytes: LIBRARY,
        };
        let reading = plumbline_specs::read(input, &plumbline_specs::Options::default())
            .map_err(wrong("library"))?;
        subjects.push(Arc::new(Subject::new("library", reading)?));
    }
    let unknown = names
        .iter()
        .find(|name| !subjects.iter().any(|subject| subject.name == **name));
    match unknown {
        Some(name) => Err(TrialError::Subject(name.clone())),
        None => Ok(subjects),
    }
}
