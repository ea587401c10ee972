//! The function that answers how jobs stand; it only reads.

fn main() {}
