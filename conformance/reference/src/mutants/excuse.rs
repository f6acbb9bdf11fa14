//! Where a document promises nothing that a defect could break, with the reason. A ratchet:
//! an entry whose defect is caught after all is a fault of the matrix.

/// Defect, subject, and why nothing is said there.
pub(super) const EXCUSES: &[(&str, &str, &str)] = &[
    (
        "bad-parameter-accepted",
        "mlflow",
        "its two parameters are texts without bounds, and one that is missing is refused as unknown",
    ),
    (
        "size-echo-means-otherwise",
        "galileo",
        "the profile names where the size is repeated and not what it means; a server that gives the \
     number of items throughout does not contradict itself",
    ),
];

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

/// Why a defect goes unsaid on a subject.
pub(super) fn excuse(defect: &str, subject: &str) -> Option<&'static str> {
    EXCUSES
        .iter()
        .find(|(own, of, _)| *own == defect && *of == subject)
        .map(|(_, _, reason)| *reason)
}
