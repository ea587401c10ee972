//! Models behind the engine's port.

mod built_in;

pub use built_in::BuiltIn;
