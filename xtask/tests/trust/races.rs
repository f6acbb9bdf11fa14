//! Two runs at once, or a run that is killed, leave a whole package.
