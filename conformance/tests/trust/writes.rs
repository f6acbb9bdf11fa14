//! A run changes nothing that it did not create.
