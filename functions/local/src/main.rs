//! bulkhead
fn main() {}
