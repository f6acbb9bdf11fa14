//! Only what the user typed is expanded from the environment.
