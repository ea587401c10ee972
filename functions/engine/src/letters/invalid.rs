//! Faults of templates.

use bulkhead_shared::problem::Invalid;

/// A fault of the templates, as a fault of the request.
pub(super) fn invalid(field: &str, message: impl Into<String>) -> Invalid {
    Invalid::new(format!("operation.{field}"), message)
}
