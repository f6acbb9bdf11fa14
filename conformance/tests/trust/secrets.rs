//! A secret is found by its value, however it is written.
