//! What SQS answers when it does not do as asked.

use axum::http::StatusCode;

/// A refusal, by the names in the SQS API reference.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No queue of this name.
    #[error("The specified queue does not exist.")]
    QueueDoesNotExist,
    /// A queue of this name has other attributes.
    #[error("A queue already exists with the same name and a different value for an attribute.")]
    QueueNameExists,
    /// A value out of its bounds.
    #[error("{0}")]
    InvalidParameterValue(String),
    /// Something needed is not there.
    #[error("The request must contain the parameter {0}.")]
    MissingParameter(&'static str),
    /// An attribute that queues do not have.
    #[error("Unknown Attribute {0}.")]
    InvalidAttributeName(String),
    /// An attribute's value out of its bounds.
    #[error("Invalid value for the parameter {0}.")]
    InvalidAttributeValue(String),
    /// A receipt that this queue never gave.
    #[error("The input receipt handle is invalid.")]
    ReceiptHandleIsInvalid,
    /// The message is deleted, or visible to everybody again.
    #[error("The specified message isn't in flight.")]
    MessageNotInflight,
    /// A batch of nothing.
    #[error("There should be at least one entry in the request.")]
    EmptyBatchRequest,
    /// More than ten entries.
    #[error("Maximum number of entries per request are 10. You have sent {0}.")]
    TooManyEntriesInBatchRequest(usize),
    /// Two entries of one id.
    #[error("Id {0} repeated.")]
    BatchEntryIdsNotDistinct(String),
    /// An entry's id of other signs than letters, digits, `-` and `_`, or too long.
    #[error(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long."
    )]
    InvalidBatchEntryId,
    /// All bodies together are too long.
    #[error("Batch requests cannot be longer than 1048576 bytes. You have sent {0} bytes.")]
    BatchRequestTooLong(usize),
    /// A queue is emptied at most once a minute.
    #[error("Only one PurgeQueue operation is allowed every 60 seconds.")]
    PurgeQueueInProgress,
    /// Too many calls for now.
    #[error("Rate exceeded")]
    RequestThrottled,
    /// A failure of the service.
    #[error("We encountered an internal error. Please try again.")]
    InternalFailure,
    /// An action that this stand-in does not have.
    #[error("The action {0} is not part of this stand-in.")]
    UnsupportedOperation(String),
}

impl Refusal {
    /// The shape's name in the JSON protocol.
    #[must_use]
    pub fn shape(&self) -> String {
        let namespace = match self {
            Self::InvalidParameterValue(_) | Self::MissingParameter(_) | Self::InternalFailure => {
                "com.amazon.coral.service"
            }
            _ => "com.amazonaws.sqs",
        };
        format!("{namespace}#{}", self.name())
    }

    fn name(&self) -> &'static str {
        match self {
            Self::QueueDoesNotExist => "QueueDoesNotExist",
            Self::QueueNameExists => "QueueNameExists",
            Self::InvalidParameterValue(_) => "InvalidParameterValueException",
            Self::MissingParameter(_) => "MissingRequiredParameterException",
            Self::InvalidAttributeName(_) => "InvalidAttributeName",
            Self::InvalidAttributeValue(_) => "InvalidAttributeValue",
            Self::ReceiptHandleIsInvalid => "ReceiptHandleIsInvalid",
            Self::MessageNotInflight => "MessageNotInflight",
            Self::EmptyBatchRequest => "EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest(_) => "TooManyEntriesInBatchRequest",
            Self::BatchEntryIdsNotDistinct(_) => "BatchEntryIdsNotDistinct",
            Self::InvalidBatchEntryId => "InvalidBatchEntryId",
            Self::BatchRequestTooLong(_) => "BatchRequestTooLong",
            Self::PurgeQueueInProgress => "PurgeQueueInProgress",
            Self::RequestThrottled => "RequestThrottled",
            Self::InternalFailure => "InternalFailure",
            Self::UnsupportedOperation(_) => "UnsupportedOperation",
        }
    }

    /// The code of the old query protocol, which the SDKs still show: the service's model is marked
    /// `awsQueryCompatible`, and answers carry it in the header `x-amzn-query-error`.
    #[must_use]
    pub fn query_code(&self) -> &'static str {
        match self {
            Self::QueueDoesNotExist => "AWS.SimpleQueueService.NonExistentQueue",
            Self::QueueNameExists => "QueueAlreadyExists",
            Self::InvalidParameterValue(_) => "InvalidParameterValue",
            Self::MissingParameter(_) => "MissingParameter",
            Self::MessageNotInflight => "AWS.SimpleQueueService.MessageNotInflight",
            Self::EmptyBatchRequest => "AWS.SimpleQueueService.EmptyBatchRequest",
            Self::TooManyEntriesInBatchRequest(_) => {
                "AWS.SimpleQueueService.TooManyEntriesInBatchRequest"
            }
            Self::BatchEntryIdsNotDistinct(_) => "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            Self::InvalidBatchEntryId => "AWS.SimpleQueueService.InvalidBatchEntryId",
            Self::BatchRequestTooLong(_) => "AWS.SimpleQueueService.BatchRequestTooLong",
            Self::PurgeQueueInProgress => "AWS.SimpleQueueService.PurgeQueueInProgress",
            Self::UnsupportedOperation(_) => "AWS.SimpleQueueService.UnsupportedOperation",
            same => same.name(),
        }
    }

    /// Whether the caller is to blame, not the service.
    #[must_use]
    pub fn senders_fault(&self) -> bool {
        *self != Self::InternalFailure
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::ReceiptHandleIsInvalid => StatusCode::NOT_FOUND,
            Self::RequestThrottled | Self::PurgeQueueInProgress => StatusCode::FORBIDDEN,
            Self::InternalFailure => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}
