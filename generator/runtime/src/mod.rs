//! What every generated client shares: requests, answers, paging, streams, errors.
//!
//! These files are the same in each generated package and hold nothing of a particular API.

#[macro_use]
mod macros;
#[macro_use]
mod shapes;

mod answer;
mod auth;
mod body;
mod client;
mod deadline;
mod decode;
#[cfg(feature = "dispatch")]
mod dispatch;
mod encode;
mod error;
mod execute;
mod object;
mod paging;
mod records;
mod request;
mod response;
mod retry;
mod types;
mod union;
mod walk;

pub use answer::{
    Bytes, Empty, ErrorBody, Events, Json, JsonOrText, Lines, OrText, Payload, Received, Text,
};
pub use auth::{Credential, Location};
pub use body::Upload;
pub use client::{Builder, Core};
pub use decode::Mismatch;
#[cfg(feature = "dispatch")]
pub use dispatch::{Dispatch, DispatchError, Encode, FromInput, Input, Runner, drive, run};
pub use encode::Style;
pub use error::{
    BodyFault, ContentType, Decode, Error, NoError, PagingFault, RequestFault, Transport,
    Undocumented,
};
pub use execute::{BoxFuture, Middleware, Next};
pub use object::{Key, Member, done, put, text};
pub use paging::{Items, Marks, PageStyle, Paged, Pages, Part, flag, number, token};
pub use records::Records;
pub use request::{Meta, Operation, Parts, Request};
pub use response::Response;
pub use retry::Retry;
pub use types::{Base64, DateTime, Field};
pub use union::{best, first, variant};
