//! See `bulkhead_connectors::fuzz::templates`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bulkhead_connectors::fuzz::templates(input));
