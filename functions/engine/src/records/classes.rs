//! What is stored of what mails are about, by what was found when somebody looked at them.

use std::collections::BTreeMap;

use bulkhead_shared::api::ToldBy;
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;

/// What each mail of an account is about that somebody looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeptClasses {
    pub mails: BTreeMap<ItemId, KeptClass>,
}

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptClass {
    pub class: Class,
    /// How sure that is; none where the model did not say.
    pub percent: Option<u8>,
    pub by: ToldBy,
    /// When it was told, in Unix seconds.
    pub at: i64,
}
