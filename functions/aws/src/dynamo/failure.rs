//! What a failed call means to the engine. The SDK has tried again by itself where that helps; what
//! arrives here is final for the call.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use bulkhead_engine::ports::TableError;

/// Why a call failed. It keeps DynamoDB's code and message, not its answer: that may hold rows.
#[derive(Debug, thiserror::Error)]
#[error("{call}: {code}: {message}")]
pub struct Failure {
    /// The call.
    pub call: &'static str,
    /// DynamoDB's code, or where on the way it failed.
    pub code: String,
    /// In DynamoDB's words.
    pub message: String,
}

/// Codes that pass by themselves.
const PASSING: [&str; 9] = [
    "ProvisionedThroughputExceededException",
    "ThrottlingException",
    "RequestLimitExceeded",
    "TransactionInProgressException",
    "TransactionConflictException",
    "InternalServerError",
    "InternalServerErrorException",
    "ServiceUnavailable",
    "LimitExceededException",
];

/// Reasons of a cancelled transaction that pass by themselves.
const PASSING_REASONS: [&str; 3] = [
    "TransactionConflict",
    "ThrottlingError",
    "ProvisionedThroughputExceeded",
];

/// Sorts a failed call into what the engine tells apart.
pub(super) fn failure<E>(call: &'static str, error: SdkError<E>) -> TableError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let passing = match &error {
        SdkError::ServiceError(service) => {
            let code = service.err().code().unwrap_or_default();
            if code == "ConditionalCheckFailedException" {
                return TableError::Conflict;
            }
            PASSING.contains(&code) || service.raw().status().is_server_error()
        }
        SdkError::ConstructionFailure(_) => false,
        // Timeouts, connections that fail or break off, answers that cannot be read.
        _ => true,
    };
    let failure = Box::new(described(call, &error));
    if passing {
        TableError::Unavailable(failure)
    } else {
        TableError::Refused(failure)
    }
}

/// The same for a transaction, which wraps its reasons.
pub(super) fn transaction_failure(
    call: &'static str,
    error: SdkError<TransactWriteItemsError>,
) -> TableError {
    let SdkError::ServiceError(service) = &error else {
        return failure(call, error);
    };
    let TransactWriteItemsError::TransactionCanceledException(cancelled) = service.err() else {
        return failure(call, error);
    };
    let reasons = cancelled.cancellation_reasons();
    let codes: Vec<&str> = reasons.iter().filter_map(|reason| reason.code()).collect();
    if codes.contains(&"ConditionalCheckFailed") {
        return TableError::Conflict;
    }
    let failed: Vec<&str> = codes.into_iter().filter(|code| *code != "None").collect();
    let passing = failed.iter().all(|code| PASSING_REASONS.contains(code));
    let failure = Box::new(Failure {
        call,
        code: "TransactionCanceledException".to_owned(),
        message: failed.join(", "),
    });
    if passing {
        TableError::Unavailable(failure)
    } else {
        TableError::Refused(failure)
    }
}

fn described<E>(call: &'static str, error: &SdkError<E>) -> Failure
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    if let SdkError::ServiceError(service) = error {
        return Failure {
            call,
            code: service.err().code().unwrap_or("no code").to_owned(),
            message: service.err().message().unwrap_or_default().to_owned(),
        };
    }
    let code = match error {
        SdkError::ConstructionFailure(_) => "not sent",
        SdkError::TimeoutError(_) => "timeout",
        SdkError::DispatchFailure(_) => "connection",
        _ => "unreadable answer",
    };
    let mut message = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        message = error.to_string();
        cause = error.source();
    }
    Failure {
        call,
        code: code.to_owned(),
        message,
    }
}

/// Something that DynamoDB would refuse, noticed before it was asked.
pub(super) fn refused(call: &'static str, message: &str) -> TableError {
    TableError::Refused(Box::new(Failure {
        call,
        code: "not sent".to_owned(),
        message: message.to_owned(),
    }))
}
