//! What is stored of templates that are kept.

use bulkhead_shared::api::Template;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A template that is kept: what it is called, and how many versions it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateRecord {
    pub name: String,
    /// Its newest version, counted from 1.
    pub newest: u32,
    /// When that was kept.
    pub at: Timestamp,
}

/// A version of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateVersionRecord {
    pub version: u32,
    pub at: Timestamp,
    pub template: Template,
}
