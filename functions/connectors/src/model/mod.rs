//! Models behind the engine's port.

mod built_in;
mod endpoint;

pub use built_in::BuiltIn;
pub use endpoint::{NamedEndpoints, OpenEndpoints};
