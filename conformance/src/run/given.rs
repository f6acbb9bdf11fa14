//! Values that the user gives by name: each has to be for something.

use super::{Options, RunError};
use crate::contract::given_names;
use crate::{Contract, Target};

/// Refuses a value that nothing takes, which would go unnoticed, and one of a credential, which would be
/// shown as any other value is.
pub(super) fn check(
    contract: &Contract,
    target: &Target,
    options: &Options,
) -> Result<(), RunError> {
    let credentials = contract.credentials();
    for name in target.values.keys() {
        let own = name.rsplit_once('.').map_or(name.as_str(), |(_, own)| own);
        let why = if credentials.iter().any(|(_, known)| known == own) {
            Some("it is a credential of the document's: give it by a header, as `$NAME`")
        } else if is_taken(contract, options, name) {
            None
        } else if is_optional(contract, name) {
            Some("parameters of that name are optional: write `OPERATION.NAME` to give one")
        } else {
            Some("no parameter, and no variable of a fixture, is called so")
        };
        if let Some(why) = why {
            return Err(RunError::Value {
                name: name.clone(),
                why,
            });
        }
    }
    Ok(())
}

/// Whether a parameter or a variable of a fixture takes a value of that name.
fn is_taken(contract: &Contract, options: &Options, name: &str) -> bool {
    let in_fixture = options
        .fixtures
        .iter()
        .any(|fixture| fixture.values.contains_key(name) || fixture.secrets.contains_key(name));
    in_fixture
        || contract.api.operations.iter().any(|operation| {
            let mut parameters = operation.parameters.iter();
            parameters.any(|parameter| given_names(operation, parameter).any(|own| own == name))
        })
}

fn is_optional(contract: &Contract, name: &str) -> bool {
    let operations = contract.api.operations.iter();
    operations
        .flat_map(|operation| &operation.parameters)
        .any(|parameter| parameter.name == name)
}
