//! Routes of other programs' words: each face says what it says in its own, errors too.

pub(crate) mod batch;
pub(crate) mod drafts;
