//! What Plumbline promises to whoever lets it loose on a server: each promise has a test of its own.

mod environment;
mod curl;
mod forms;
mod writes;
mod credentials;
mod output;
mod signals;
mod bounds;
mod secrets;
mod looked_at;
