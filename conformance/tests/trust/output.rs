//! Reports are written whole, to whatever they were sent to.
