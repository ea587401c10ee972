//! Asking lists from the mailbox in memory: it keeps which pages were asked, and misbehaves like its changes.

use async_trait::async_trait;

use super::{MemoryMailbox, Moment, broken, lock};
use crate::ports::{CallError, Delivery, OneClick};

impl MemoryMailbox {
    /// All pages that were asked, in this order; twice what was asked twice.
    pub fn asked(&self) -> Vec<String> {
        lock(&self.inside).asked.clone()
    }
}

#[async_trait]
impl OneClick for MemoryMailbox {
    async fn ask(&self, url: &str) -> Result<Delivery, CallError> {
        self.begin_call()?;
        self.sleep(Moment::BeforeEffect);
        let (reached, lost) = self.next_trouble(1)?;
        if reached > 0 {
            lock(&self.inside).asked.push(url.to_owned());
        }
        self.sleep(Moment::AfterEffect);
        if lost {
            return Err(broken());
        }
        let answer = lock(&self.trouble).pages.get(url).cloned();
        Ok(answer.unwrap_or(Delivery::Done))
    }
}
