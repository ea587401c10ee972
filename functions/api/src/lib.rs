//! bulkhead-api
