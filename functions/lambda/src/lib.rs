//! What the functions on AWS have in common: settings, adapters put together, logs, metrics, and the
//! frames that turn requests and messages into calls of the API and the engine.

pub mod adapters;
pub mod batch;
pub mod connectors;
pub mod dead_letter;
pub mod denied_ports;
pub mod frame;
pub mod http;
pub mod keys;
pub mod logs;
pub mod meter;
pub mod metrics;
pub mod read_only;
pub mod settings;
pub mod sweep;
#[cfg(test)]
mod testing;
pub mod work;
