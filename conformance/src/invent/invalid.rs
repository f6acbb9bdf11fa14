//! Requests that a document forbids, each with one thing wrong.
