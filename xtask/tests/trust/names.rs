//! No name of a document decides a path or escapes into a file.
