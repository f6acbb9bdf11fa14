//! A verdict says what it looked at.
