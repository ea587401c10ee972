//! bulkhead-aws
