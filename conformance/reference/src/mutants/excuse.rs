//! Defects that no document lets the kit do more than warn of. What a single document says nothing of
//! stands in its vendor's `vendor.yaml`, under `excuses`.

/// Defects that only ever warn, and why.
pub(super) const LENIENT: &[(&str, &str)] = &[(
    "date-without-offset",
    "whole frameworks write times so, and every client reads them as UTC",
)];

/// Why a defect only ever warns.
pub(super) fn lenient(defect: &str) -> Option<&'static str> {
    let mut known = LENIENT.iter();
    known
        .find(|(own, _)| *own == defect)
        .map(|(_, reason)| *reason)
}
