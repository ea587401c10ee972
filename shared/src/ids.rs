//! Identifiers, each a type of its own so that none can stand in for another.
//!
//! New ids are made from a time and random bits that the caller brings; parsing refuses what
//! could not have been made here.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// The text is not an id of the kind that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct NotAnId {
    kind: &'static str,
}

impl NotAnId {
    /// Not an id of this kind.
    pub(crate) fn of(kind: &'static str) -> Self {
        Self { kind }
    }
}

/// 26 characters of Crockford's base 32, lower case: 48 bits of Unix milliseconds, then 80 random
/// bits (the ULID layout), so that ids sort by the time they were made.
fn sortable(now: Timestamp, random: u128) -> String {
    let millis = u64::try_from(now.as_millisecond()).unwrap_or(0);
    Ulid::from_parts(millis, random).to_string().to_lowercase()
}

fn is_sortable(text: &str) -> bool {
    text.len() == 26
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(String);

        impl $name {
            /// The id as text, as it travels.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotAnId;
            fn try_from(text: String) -> Result<Self, NotAnId> {
                let valid: fn(&str) -> bool = $valid;
                if valid(&text) { Ok(Self(text)) } else { Err(NotAnId { kind: $kind }) }
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A job: three letters that name its operation, `_`, a sortable random part.
    JobId, "job", |text| {
        text.split_once('_').is_some_and(|(kind, rest)| {
            kind.len() == 3 && kind.bytes().all(|b| b.is_ascii_lowercase()) && is_sortable(rest)
        })
    }
);

id!(
    /// A connected account: `acc_` and a sortable random part.
    AccountId, "account", |text| text.strip_prefix("acc_").is_some_and(is_sortable)
);

id!(
    /// A person, as the sign-in names them (`local` on a laptop, the token's subject on AWS).
    UserId, "user", |text| {
        (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic() && b != b'#')
    }
);

id!(
    /// One thing in an account, in the connector's own terms; opaque to everybody else.
    ItemId, "item", |text| (1..=512).contains(&text.len()) && !text.contains(['\0', '\r', '\n'])
);

id!(
    /// A job's place in the history: its id without its kind, so that jobs of all kinds stand in
    /// the order of time.
    JobPlace, "place", is_sortable
);

impl JobId {
    /// A new job's id. `kind` is the operation's three letters.
    pub fn new(kind: &'static str, now: Timestamp, random: u128) -> Self {
        Self(format!("{kind}_{}", sortable(now, random)))
    }

    /// The id without its kind: jobs of all kinds sort by the time they were made.
    pub fn by_time(&self) -> &str {
        self.0.split_once('_').map_or(&self.0, |(_, rest)| rest)
    }

    /// The random end of the id: names the job where space is short (a claim keyword in a mailbox).
    pub fn tail(&self) -> &str {
        &self.0[self.0.len() - 12..]
    }
}

impl ItemId {
    /// An id of a text that the caller knows to be one: a GUID.
    pub(crate) fn known(text: String) -> Self {
        debug_assert!((1..=512).contains(&text.len()));
        Self(text)
    }
}

impl AccountId {
    /// A new account's id.
    pub fn new(now: Timestamp, random: u128) -> Self {
        Self(format!("acc_{}", sortable(now, random)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn job_ids_show_their_kind_and_sort_by_time() {
        let early = JobId::new(
            "arc",
            Timestamp::from_millisecond(1_000).unwrap(),
            u128::MAX,
        );
        let late = JobId::new("arc", Timestamp::from_millisecond(2_000).unwrap(), 0);
        assert!(early.as_str().starts_with("arc_"));
        assert!(early < late);
        assert_eq!(early.as_str().parse::<JobId>(), Ok(early.clone()));
        assert_eq!(early.tail().len(), 12);
        // Of different kinds: by time all the same.
        let later = JobId::new("aaa", Timestamp::from_millisecond(3_000).unwrap(), 0);
        assert!(early.by_time() < late.by_time() && late.by_time() < later.by_time());
    }

    #[test]
    fn refuses_what_was_not_made_here() {
        for text in [
            "",
            "arc",
            "arc_",
            "arc_x",
            "ARC_01arz3ndektsv4rrffq69g5fav",
            "../../etc/passwd",
        ] {
            assert!(text.parse::<JobId>().is_err(), "{text}");
        }
        assert!("a\nb".parse::<ItemId>().is_err());
        assert!("".parse::<UserId>().is_err());
    }
}
