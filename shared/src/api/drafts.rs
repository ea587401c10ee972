//! Requests that make a job and say yes to it.

use serde::{Deserialize, Serialize};

use crate::hash::ManifestHash;
use crate::ids::AccountId;
use crate::operations::Operation;
use crate::options::JobOptions;
use crate::selection::Selection;

/// `POST /jobs`: draft a job. Nothing is touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewJob {
    /// In which account.
    pub account: AccountId,
    /// What to do.
    pub operation: Operation,
    /// To what.
    pub selection: Selection,
    /// How.
    #[serde(default)]
    pub options: JobOptions,
}

impl NewJob {
    /// Everything that can be checked without looking at the account.
    pub fn validate(&self) -> Result<(), crate::problem::Invalid> {
        self.operation.validate()?;
        self.selection.validate()?;
        self.options.validate()
    }
}

/// `POST /jobs/{job}/confirm`: yes to exactly this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Confirm {
    /// The hash the preview showed.
    pub manifest_hash: ManifestHash,
    /// The hash of the drift that was shown, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift_hash: Option<String>,
}
