//! See `bulkhead_connectors::fuzz::mime_headers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bulkhead_connectors::fuzz::mime_headers(input));
