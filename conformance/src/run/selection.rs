//! Which operations and rules the user keeps to, leaves out, and lets be sent besides.

use super::{Options, RunError};
use crate::Contract;
use crate::guard::Guard;
use crate::rule::rules;
use plumbline_specs::api::Operation;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use url::Url;

/// Whether all that the options name is there.
pub(super) fn check(contract: &Contract, options: &Options) -> Result<(), RunError> {
    for label in &options.also {
        if contract.operation(label).is_none() {
            return Err(RunError::NoOperation(label.clone()));
        }
    }
    for words in &options.skip {
        let known = rules().find(words).is_some() || contract.operation(words).is_some();
        match words.strip_prefix("tag:") {
            Some(tag) if tagged(contract, tag).next().is_none() => {
                return Err(RunError::NoTag(tag.to_owned()));
            }
            None if !known => return Err(RunError::Unknown(words.clone())),
            _ => {}
        }
    }
    Ok(())
}

/// What may be sent by these options.
pub(super) fn guard(contract: Arc<Contract>, target: Url, options: &Options) -> Guard {
    let mut skip = BTreeMap::new();
    for words in &options.skip {
        let named = contract.operation(words).into_iter();
        let tag = words.strip_prefix("tag:");
        let tagged = tag.into_iter().flat_map(|tag| tagged(&contract, tag));
        for operation in named.chain(tagged) {
            skip.insert(operation.label(), words.clone());
        }
    }
    let also = options.also.iter();
    let also: BTreeSet<String> = also
        .filter_map(|label| contract.operation(label))
        .map(Operation::label)
        .collect();
    Guard::new(contract, options.writes, also, skip, target)
}

fn tagged<'c>(contract: &'c Contract, tag: &str) -> impl Iterator<Item = &'c Operation> {
    let operations = contract.api.operations.iter();
    operations.filter(move |operation| operation.tags.iter().any(|own| own == tag))
}
