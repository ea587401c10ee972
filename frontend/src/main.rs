//! bulkhead-frontend
fn main() {}
