//! What Plumbline promises to whoever lets it loose on a server: each promise has a test of its own.

mod bounds;
mod credentials;
mod curl;
mod environment;
mod forms;
mod looked_at;
mod output;
mod secrets;
mod signals;
mod writes;
