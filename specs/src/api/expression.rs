//! Runtime expressions: places in a request or a response.

use super::{Location, Parameter};
use crate::Pointer;
use serde::Serialize;
use std::fmt;

/// A runtime expression (OpenAPI 3.0.3, section "Runtime Expressions").
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(into = "String")]
pub enum Expression {
    /// `$request.path.name`
    RequestPath(String),
    /// `$request.query.name`
    RequestQuery(String),
    /// `$request.header.name`
    RequestHeader(String),
    /// `$request.body#/pointer`
    RequestBody(Pointer),
    /// `$response.header.name`
    ResponseHeader(String),
    /// `$response.body#/pointer`
    ResponseBody(Pointer),
}

impl fmt::Display for Expression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RequestPath(name) => write!(formatter, "$request.path.{name}"),
            Self::RequestQuery(name) => write!(formatter, "$request.query.{name}"),
            Self::RequestHeader(name) => write!(formatter, "$request.header.{name}"),
            Self::RequestBody(pointer) => write!(formatter, "$request.body#{pointer}"),
            Self::ResponseHeader(name) => write!(formatter, "$response.header.{name}"),
            Self::ResponseBody(pointer) => write!(formatter, "$response.body#{pointer}"),
        }
    }
}

impl From<Expression> for String {
    fn from(expression: Expression) -> Self {
        expression.to_string()
    }
}

impl Expression {
    /// Where the parameter stands that the expression names, and its name; none of a body or a
    /// response.
    pub fn parameter_name(&self) -> Option<(Location, &str)> {
        match self {
            Self::RequestPath(name) => Some((Location::Path, name)),
            Self::RequestQuery(name) => Some((Location::Query, name)),
            Self::RequestHeader(name) => Some((Location::Header, name)),
            Self::RequestBody(_) | Self::ResponseHeader(_) | Self::ResponseBody(_) => None,
        }
    }

    /// Whether the expression names this parameter.
    pub fn names(&self, parameter: &Parameter) -> bool {
        let name = self.parameter_name();
        name.is_some_and(|(location, name)| parameter.is(location, name))
    }
}
