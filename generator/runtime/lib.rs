//! The runtime of generated clients, compiled here to be tested; the files under `src` are copied
//! into each client as they are.

#[path = "src/mod.rs"]
#[macro_use]
pub mod runtime;

#[cfg(test)]
mod tests;
