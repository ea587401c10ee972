//! As much of AWS as Bulkhead uses, on one machine, for tests.
