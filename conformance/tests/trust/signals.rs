//! An interrupted run reports what it has, and leaves nothing behind.
