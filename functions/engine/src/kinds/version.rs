//! What tells that somebody changed an item.

use std::fmt;

/// An item's version in its provider's own bytes: a MODSEQ, an ETag, a change key. Two are the same or
/// they are not; what the bytes say is known to the provider alone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemVersion(Box<[u8]>);

impl ItemVersion {
    /// A version of these bytes.
    pub fn new(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The number it was made of, for a provider that counts; none if it is not of eight bytes.
    pub fn number(&self) -> Option<u64> {
        self.0.as_ref().try_into().ok().map(u64::from_be_bytes)
    }
}

impl From<u64> for ItemVersion {
    /// Eight bytes, highest first.
    fn from(number: u64) -> Self {
        Self(Box::new(number.to_be_bytes()))
    }
}

impl fmt::Debug for ItemVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => write!(f, "ItemVersion({number})"),
            None => write!(f, "ItemVersion({})", self.0.escape_ascii()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_comes_back_and_other_bytes_are_none() {
        for number in [0, 1, 300, u64::MAX] {
            assert_eq!(ItemVersion::from(number).number(), Some(number));
        }
        assert_eq!(ItemVersion::new(*b"\"3-abc\"").number(), None);
        assert_eq!(
            format!("{:?}", ItemVersion::new(*b"\"3-abc\"")),
            r#"ItemVersion(\"3-abc\")"#
        );
    }
}
