//! Mails of a job that came back after they were sent.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::ScanState;
use crate::ids::ItemId;
use crate::outcome::ItemReason;
use crate::words;

/// What came back of a job's mails. The job's counts stay what they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bounces {
    /// The last look for reports in the account's mailbox; none if nobody looked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<BounceLook>,
    /// Mails that came back.
    pub total: u64,
    /// The first thousand of them, in the order of the job's items.
    pub bounces: Vec<Bounce>,
}

/// A look for reports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BounceLook {
    pub state: ScanState,
    /// Mails that looked like reports and were read.
    pub read: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
    /// What kept it from being whole, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[serde(deserialize_with = "crate::prose::read_optional")]
    pub problem: Option<String>,
}

/// A mail that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Bounce {
    pub item: ItemId,
    pub kind: BounceKind,
    /// Why; none of a complaint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<ItemReason>,
    /// What the recipient's server said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// When its report was found.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub at: Timestamp,
}

/// What a report tells of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum BounceKind {
    /// Nobody has the address: it gets no more mail.
    ForGood,
    /// It was not delivered this time.
    ThisTime,
    /// Whoever got it called it spam: the address gets no more mail.
    Complaint,
}

impl Bounce {
    /// What came of the mail, as a sentence.
    pub fn words(&self) -> &'static str {
        match (self.kind, self.reason) {
            (BounceKind::Complaint, _) => words::bounce_complaint(),
            (_, Some(ItemReason::Unavailable) | None) => words::bounce_in_time(),
            (_, Some(reason)) => reason.text(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn what_came_of_a_mail_is_a_sentence_of_its_reason() {
        let words = |kind: &str, reason: Option<&str>| {
            let bounce = json!({"item": "1", "kind": kind, "reason": reason,
                "at": "2026-11-20T10:00:00Z"});
            let bounce: Bounce = serde_json::from_value(bounce).unwrap();
            bounce.words()
        };
        let late = "The recipient's server did not take it in time.";
        assert_eq!(
            words("complaint", Some("recipient_full")),
            "It was called spam."
        );
        assert_eq!(words("this_time", Some("unavailable")), late);
        assert_eq!(words("this_time", None), late);
        let full = ItemReason::RecipientFull.text();
        assert_eq!(words("this_time", Some("recipient_full")), full);
    }
}
