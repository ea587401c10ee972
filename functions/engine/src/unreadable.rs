//! Why a record cannot be read or stored.

/// A stored record cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// Written by a later version of this program, which can read it.
    #[error(
        "a later version of this program stored a record with {0}, which this one does not know"
    )]
    Newer(Newer),
    /// Cut off, changed, or not what belongs there.
    #[error("a stored record is damaged: {0}")]
    Damaged(
        &'static str,
        #[source] Option<Box<dyn std::error::Error + Send + Sync>>,
    ),
}

/// What a later version of this program wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Newer {
    /// A form of packed rows.
    #[error("form {0}")]
    Form(u8),
    /// A schema of a row of this kind.
    #[error("schema {schema} of rows of kind {kind}")]
    Schema {
        /// The kind's number.
        kind: u8,
        schema: u8,
    },
    /// A schema of a record that is stored as text.
    #[error("schema {0} of a text")]
    Text(u32),
    /// A number that stands for one of several things.
    #[error("{of} {number}")]
    Number {
        /// What it stands for one of.
        of: &'static str,
        number: u8,
    },
}

/// A record cannot be stored.
#[derive(Debug, thiserror::Error)]
pub enum NotStorable {
    /// Larger than any reader takes.
    #[error("a record of {0} bytes is too large to be stored")]
    TooLarge(usize),
    /// It cannot be put into bytes: a fault of ours.
    #[error("a record cannot be put into bytes")]
    Encoding(#[source] Box<dyn std::error::Error + Send + Sync>),
}
