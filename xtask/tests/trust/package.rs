//! A folder keeps what its owner put there.
