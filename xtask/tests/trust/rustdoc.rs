//! No text of a document becomes code or markup in the documentation.
