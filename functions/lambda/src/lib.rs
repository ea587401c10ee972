//! What the functions on AWS have in common: settings, adapters put together, logs, metrics, and the
//! frames that turn requests and messages into calls of the API and the engine.

pub mod adapters;
pub mod batch;
pub mod bury;
pub mod connectors;
pub mod frame;
pub mod http;
pub mod keys;
pub mod logs;
pub mod looking;
pub mod meter;
pub mod metrics;
pub mod refusing;
mod said;
pub mod settings;
pub mod sweep;
#[cfg(test)]
mod testing;
pub mod work;
