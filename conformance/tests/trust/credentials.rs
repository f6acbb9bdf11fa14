//! A run that loses its credentials says so, and accuses nobody.
