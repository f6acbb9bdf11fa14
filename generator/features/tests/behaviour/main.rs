//! How generated clients behave: those of `specs/features` and those of the vendors, against
//! httpmock. Expected wire forms are literal.

mod credentials;
mod documentation;
mod errors;
mod limits;
mod paging;
mod paging_faults;
mod parameters;
mod presence;
mod retries;
mod secrets;
mod server;
mod streams;
mod transport;
