//! A receipt handle: which message of a queue, and which of its receives.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::refusal::Refusal;

/// Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Receipt {
    /// The queue's ARN.
    pub(crate) queue: String,
    /// The message's number in its queue.
    pub(crate) number: u64,
    /// How often it had been received then.
    pub(crate) receives: u32,
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{} {} {}", self.number, self.receives, self.queue);
        f.write_str(&BASE64_STANDARD.encode(text))
    }
}

impl FromStr for Receipt {
    type Err = Refusal;

    fn from_str(handle: &str) -> Result<Self, Refusal> {
        let read = || {
            let bytes = BASE64_STANDARD.decode(handle).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (number, rest) = text.split_once(' ')?;
            let (receives, queue) = rest.split_once(' ')?;
            Some(Self {
                queue: queue.to_owned(),
                number: number.parse().ok()?,
                receives: receives.parse().ok()?,
            })
        };
        read().ok_or(Refusal::ReceiptHandleIsInvalid)
    }
}
