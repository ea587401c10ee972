//! Why somebody gets no more mails from an account.

use serde::{Deserialize, Serialize};

use crate::words;

/// Why an address is on an account's list of those who get no mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Suppression {
    /// Whoever has it wants no more.
    Unsubscribed,
    /// A mail to it came back for good: nobody has it.
    Bounced,
    /// Whoever has it called a mail spam (RFC 5965).
    Complained,
    /// Somebody put it there.
    #[default]
    ByHand,
}

impl Suppression {
    /// Each of them.
    pub const ALL: [Self; 4] = [
        Self::Unsubscribed,
        Self::Bounced,
        Self::Complained,
        Self::ByHand,
    ];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::Bounced => "bounced",
            Self::Complained => "complained",
            Self::ByHand => "by_hand",
        }
    }

    /// For a person.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unsubscribed => words::suppression_unsubscribed(),
            Self::Bounced => words::suppression_bounced(),
            Self::Complained => words::suppression_complained(),
            Self::ByHand => words::suppression_by_hand(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_is_written_by_its_name() {
        for why in Suppression::ALL {
            let written = serde_json::to_value(why).unwrap();
            assert_eq!(written, why.name());
            assert_eq!(serde_json::from_value::<Suppression>(written).unwrap(), why);
        }
    }

    #[test]
    fn each_is_said_in_words_of_its_own() {
        let labels: std::collections::BTreeSet<_> = Suppression::ALL.map(Suppression::label).into();
        assert_eq!(labels.len(), Suppression::ALL.len());
    }
}
