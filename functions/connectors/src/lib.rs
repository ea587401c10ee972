//! bulkhead-connectors
