//! What nobody can guess.

use bulkhead_engine::ports::CallError;
use ring::rand::{SecureRandom as _, SystemRandom};

fn bytes() -> Result<[u8; 16], CallError> {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| CallError::Unavailable("there is no randomness here".to_owned()))?;
    Ok(bytes)
}

/// A word of 32 digits.
pub(super) fn word() -> Result<String, CallError> {
    let digits = bytes()?.map(|byte| format!("{byte:02x}"));
    Ok(digits.concat())
}

/// A password that every policy takes, and that nobody ever learns: its owner is given another one.
pub(super) fn password() -> Result<String, CallError> {
    Ok(format!("Aa1!{}", word()?))
}
