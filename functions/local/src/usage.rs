//! `GET /local/usage`: what database and queue had to do since the start. It is what AWS would bill, so
//! the benchmark reads it, and whoever wants to know what a job would cost.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use bulkhead_api::Identity;
use bulkhead_aws::dynamo::DynamoTable;
use serde::Serialize;

use crate::queue::LocalQueue;

/// Where the figures are counted, and who may read them.
#[derive(Clone)]
pub(crate) struct Meters {
    pub(crate) table: Arc<DynamoTable>,
    pub(crate) queue: Arc<LocalQueue>,
    pub(crate) identity: Arc<dyn Identity>,
}

/// Figures since the start of the process.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Usage {
    /// DynamoDB read units, as the database reports them for each call.
    read_units: f64,
    /// DynamoDB write units, indexes included.
    write_units: f64,
    /// Calls to the database.
    table_calls: u64,
    /// Messages sent to the queue.
    messages: u64,
}

impl Meters {
    /// The figures now.
    pub(crate) fn read(&self) -> Usage {
        let units = self.table.units();
        Usage {
            read_units: units.read.total,
            write_units: units.write.total,
            table_calls: units.calls,
            messages: self.queue.sent(),
        }
    }
}

/// The route.
pub(crate) fn route(meters: Meters) -> Router {
    Router::new()
        .route("/local/usage", get(usage))
        .with_state(meters)
}

async fn usage(State(meters): State<Meters>, parts: Parts) -> Response {
    match meters.identity.user(&parts).await {
        Ok(Some(_)) => Json(meters.read()).into_response(),
        _ => StatusCode::UNAUTHORIZED.into_response(),
    }
}
