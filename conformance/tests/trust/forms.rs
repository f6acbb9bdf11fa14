//! Hostile texts stay texts in every form of a report.
