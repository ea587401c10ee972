//! The function that does the queued work.

fn main() {}
