//! A document reads no file that its reader did not offer.
