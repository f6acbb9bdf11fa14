//! Files that a run takes in besides the document: read as values, faults placed by line.

use plumbline_specs::{Diagnostic, Diagnostics, Input};
use serde_json::Value;

/// Reads YAML or JSON.
pub(crate) fn value(bytes: &[u8], name: &str) -> Result<Value, Vec<Diagnostic>> {
    plumbline_specs::value(Input { name, bytes })
        .map_err(|found| located(found.into_iter().collect(), bytes, name))
}

/// Gives every diagnostic the file and, where it has a pointer, the line and the column.
pub(crate) fn located(faults: Vec<Diagnostic>, bytes: &[u8], name: &str) -> Vec<Diagnostic> {
    let mut faults: Diagnostics = faults.into_iter().map(|fault| fault.file(name)).collect();
    plumbline_specs::find_positions(&mut faults, &[Input { name, bytes }]);
    faults.sort();
    faults.into_iter().collect()
}
