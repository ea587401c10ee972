//! See `bulkhead_connectors::fuzz::imap_answers`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bulkhead_connectors::fuzz::imap_answers(input));
