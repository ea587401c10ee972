//! Bulkhead's rules: freezing a selection, working through it in chunks, retry, undo, progress,
//! sweep. All of it speaks to the world through the ports in [`ports`]: no AWS, no network, no
//! clock and no randomness of its own, so that it runs natively, in WebAssembly and in tests that
//! crash it after each single write.

pub mod mail;
pub mod pack;
pub mod ports;
#[cfg(feature = "testing")]
pub mod testing;
