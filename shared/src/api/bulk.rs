//! Another API's words for jobs: bulk drafts that are looked at, executed and watched, in camel case. What each
//! means in ours is said in the faces.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// `POST /api/bulk/draft`.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewBulkDraft {
    /// Names the conversation that it belongs to; kept for nothing and handed back.
    pub session_id: String,
    /// What the items are.
    #[serde(rename = "type")]
    pub kind: BulkType,
    /// What is done to them.
    pub operation: BulkOperation,
    pub items: Vec<NewBulkItem>,
    #[serde(default)]
    pub options: BulkDraftOptions,
}

/// One item of a draft that is to be made.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewBulkItem {
    /// For a mail `to`, `subject` and `body`; for a contact its columns, or its `id`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub parameters: Value,
}

/// What the items of a draft are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum BulkType {
    BulkEmail,
    BulkCalendar,
    BulkContact,
    BulkCrm,
}

/// What a draft does to its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum BulkOperation {
    BulkSend,
    BulkCreate,
    BulkUpdate,
    BulkDelete,
}

/// How a draft is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkDraftOptions {
    /// Items in a batch; what is best for the type if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u32>,
    /// How many of the items the answer has.
    pub preview_mode: PreviewMode,
    /// Batches side by side; 2 if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_batches: Option<u32>,
    /// Whether what failed for a passing reason is tried again; it is, if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_failed: Option<bool>,
}

/// How many items of a draft are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum PreviewMode {
    /// The first three.
    #[default]
    Sample,
    /// All of them.
    Full,
}

/// A draft, or what became of it.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkDraft {
    /// Names it in every further call.
    pub draft_id: String,
    /// The same: a bulk operation is known by its draft.
    pub id: String,
    pub session_id: String,
    #[serde(rename = "type")]
    pub kind: BulkType,
    pub operation: BulkOperation,
    /// Some of the items, or all of them.
    pub items: Vec<BulkItem>,
    pub metadata: BulkMetadata,
    pub status: BulkStatus,
}

/// One item as it stands.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkItem {
    pub id: String,
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub parameters: Value,
    /// What it comes to, in a line.
    pub preview: String,
    pub status: BulkItemStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub execution_time: Option<u64>,
}

/// Where an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum BulkItemStatus {
    Pending,
    Confirmed,
    Executing,
    Completed,
    Failed,
}

/// Where a bulk operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum BulkStatus {
    Draft,
    Confirmed,
    Executing,
    Completed,
    Failed,
    Cancelled,
}

/// What is known of a bulk operation as a whole.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkMetadata {
    pub total_count: u64,
    pub batch_size: u32,
    pub risk_level: crate::operations::RiskLevel,
    /// Seconds.
    pub estimated_duration: u64,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    #[serde(deserialize_with = "crate::moment::read")]
    pub created_at: Timestamp,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub started_at: Option<Timestamp>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub completed_at: Option<Timestamp>,
}

/// `POST /api/bulk/execute`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExecuteBulk {
    pub draft_id: String,
    #[serde(default)]
    pub options: BulkExecutionOptions,
}

/// How a draft is executed: what is left out is as it was drafted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkExecutionOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_size: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallel_batches: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_failed: Option<bool>,
}

/// `POST /api/bulk/cancel`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CancelBulk {
    pub draft_id: String,
}

/// Whether something was stopped.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkCancelled {
    pub draft_id: String,
    /// It had not ended before.
    pub cancelled: bool,
}

/// `GET /api/bulk/progress/{draftId}`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkProgress {
    pub draft_id: String,
    pub status: BulkProgressStatus,
    pub progress: BulkProgressCounts,
}

/// Where an execution is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum BulkProgressStatus {
    Pending,
    Executing,
    Completed,
    Failed,
    Cancelled,
}

/// How far an execution is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkProgressCounts {
    pub total_items: u64,
    /// Done.
    pub completed_items: u64,
    /// Not done, or not known to be.
    pub failed_items: u64,
    pub current_batch: u64,
    pub total_batches: u64,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub start_time: Option<Timestamp>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub estimated_completion: Option<Timestamp>,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkError {
    #[serde(rename = "type")]
    pub kind: BulkErrorType,
    pub message: String,
    /// The item that it is about; empty where it is about none.
    pub item_id: String,
    /// Whether another try may help.
    pub retryable: bool,
    /// Seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

/// The sorts of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[allow(missing_docs, reason = "the names say it")]
pub enum BulkErrorType {
    RateLimit,
    Validation,
    Network,
    Permission,
    Unknown,
}
