//! What a run has seen of its document so far.

use crate::contract::reply::documented;
use crate::coverage::OperationCoverage;
use crate::{Contract, Coverage, Exchange};

impl Coverage {
    /// A document of which nothing was seen yet.
    pub fn new(contract: &Contract) -> Self {
        let operations = contract.api.operations.iter().map(|operation| {
            let statuses = operation.responses.iter();
            let parameters = operation.parameters.iter();
            let coverage = OperationCoverage {
                reads: contract.only_reads(operation),
                pages: operation.pagination.is_some(),
                answered: false,
                statuses: statuses
                    .map(|response| (response.status.to_string(), false))
                    .collect(),
                parameters: parameters
                    .map(|parameter| (crate::contract::full_name(parameter), false))
                    .collect(),
            };
            (operation.label(), coverage)
        });
        Self(operations.collect())
    }

    /// Takes an exchange in.
    pub fn see(&mut self, contract: &Contract, exchange: &Exchange) {
        let Some(operation) = contract.operation(&exchange.request.operation) else {
            return;
        };
        let Some(own) = self.0.get_mut(&operation.label()) else {
            return;
        };
        let Some(status) = exchange.status() else {
            return;
        };
        own.answered = true;
        if let Some(response) = documented(operation, status) {
            own.statuses.insert(response.status.to_string(), true);
        }
        for name in contract.carried(operation, &exchange.request) {
            own.parameters.insert(name, true);
        }
    }
}
