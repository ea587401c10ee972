//! What the server said, before it is read.

use gloo_net::http::Response;
use serde::de::DeserializeOwned;

use super::{Answer, CallError};
use crate::json;

/// An answer as text. What reads it is small, because there is one for each type.
pub struct Said {
    status: u16,
    text: String,
}

impl Said {
    pub(super) async fn of(response: Response) -> Answer<Self> {
        let status = response.status();
        let text = response.text().await;
        let text = text.map_err(|_| CallError::Unreadable(status))?;
        Ok(Self { status, text })
    }

    pub(super) fn read<T: DeserializeOwned>(&self) -> Answer<T> {
        json::read(&self.text).map_err(|_| CallError::Unreadable(self.status))
    }
}
