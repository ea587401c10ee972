//! How a call to S3 fails, for the engine.

use bulkhead_engine::ports::PartsError;

pub(super) fn failed(error: impl std::error::Error + Send + Sync + 'static) -> PartsError {
    PartsError(Box::new(error))
}
