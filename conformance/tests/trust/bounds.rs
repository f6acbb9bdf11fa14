//! Whatever a server sends, memory and time are bounded.
