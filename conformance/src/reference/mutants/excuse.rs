//! Where a document promises nothing that a defect could break, with the reason. A ratchet:
//! an entry whose defect is caught after all is a fault of the matrix.

/// Defect, subject, and why nothing is said there.
pub(super) const EXCUSES: &[(&str, &str, &str)] = &[];

/// Why a defect goes unsaid on a subject.
pub(super) fn excuse(defect: &str, subject: &str) -> Option<&'static str> {
    EXCUSES
        .iter()
        .find(|(own, of, _)| *own == defect && *of == subject)
        .map(|(_, _, reason)| *reason)
}
