//! The versions of the format.

/// The version of the format that a card is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// vCard 2.1 of 1996: quoted-printable, character sets, parameters without names.
    V2_1,
    /// RFC 2426, which CardDAV servers have to take.
    V3_0,
    /// RFC 6350.
    V4_0,
}

impl Version {
    /// As the VERSION property has it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2_1 => "2.1",
            Self::V3_0 => "3.0",
            Self::V4_0 => "4.0",
        }
    }
}
