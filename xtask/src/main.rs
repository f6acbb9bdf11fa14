//! The verbs a maintainer of Plumbline types.

fn main() {}
