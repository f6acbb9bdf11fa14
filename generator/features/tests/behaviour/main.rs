//! How generated clients behave: those of `specs/features` and those of the vendors, against
//! httpmock. Expected wire forms are literal.

mod credentials;
mod documentation;
mod errors;
mod paging;
mod paging_faults;
mod parameters;
mod presence;
mod retries;
mod server;
mod streams;
mod transport;
