//! What the functions on AWS have in common: settings, adapters put together, logs, metrics, and the
//! frames that turn requests and messages into calls of the API and the engine.

pub mod metrics;
