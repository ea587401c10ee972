//! What a failed call means to the engine. The SDK has tried again by itself where that helps; what
//! arrives here is final for the call.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use bulkhead_engine::ports::TableError;

use crate::failure::Failure;

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
    sorted(passing, Failure::of(call, &error))
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
    let failure = Failure {
        call,
        code: "TransactionCanceledException".to_owned(),
        message: failed.join(", "),
    };
    sorted(passing, failure)
}

/// Something that DynamoDB would refuse, noticed before it was asked.
pub(super) fn refused(call: &'static str, message: &str) -> TableError {
    sorted(false, Failure::not_sent(call, message))
}

fn sorted(passing: bool, failure: Failure) -> TableError {
    if passing {
        TableError::Unavailable(Box::new(failure))
    } else {
        TableError::Refused(Box::new(failure))
    }
}
