//! What a failed call to AWS is kept as: its code and message, not the answer itself.

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Why a call failed. It keeps AWS's code and message, not its answer: that may hold rows.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{call}: {code}: {message}")]
pub struct Failure {
    pub call: &'static str,
    /// AWS's code, or where on the way it failed.
    pub code: String,
    /// In AWS's words.
    pub message: String,
}

impl Failure {
    /// Something that AWS would refuse, noticed before it was asked.
    pub(crate) fn not_sent(call: &'static str, message: &str) -> Self {
        Self {
            call,
            code: "not sent".to_owned(),
            message: message.to_owned(),
        }
    }

    /// What is kept of the SDK's error.
    pub(crate) fn of<E>(call: &'static str, error: &SdkError<E, HttpResponse>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        if let SdkError::ServiceError(service) = error {
            return Self {
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
        Self {
            call,
            code: code.to_owned(),
            message: innermost(error),
        }
    }
}

/// The last cause says most: `connection refused` rather than `dispatch failure`.
fn innermost(error: &dyn std::error::Error) -> String {
    let mut message = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        message = error.to_string();
        cause = error.source();
    }
    message
}
