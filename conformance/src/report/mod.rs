//! Views of a [`crate::Report`]: text, json, junit, html, github; each a pure function of its arguments.

pub mod escape;
pub mod github;
#[cfg(feature = "html")]
mod html;
mod json;
#[cfg(feature = "junit")]
mod junit;
mod plain;
mod rules;
mod text;
mod view;

#[cfg(feature = "html")]
pub use html::html;
pub use json::json;
#[cfg(feature = "junit")]
pub use junit::junit;
pub use rules::{explain, rules_markdown};
pub use text::{TextOptions, left_out, text};
pub use view::conclusion;
pub(crate) use view::describe_failure;

#[cfg(test)]
mod junit_schema;
#[cfg(test)]
mod sample;
