//! Bulkhead's API: routes, sign-in, and problems as answers. It makes a router and nothing else; a
//! process with a listener or a function runtime serves it.
//!
//! One place each: what a route is ([`openapi`], from the handlers' own declarations), who asks
//! ([`auth`]), what a request may hold (`extract`), and which status an error gets (`problem`).

mod accounts;
mod audit;
pub mod auth;
mod bodies;
mod cross_site;
mod docs;
mod explain;
mod extract;
mod html;
mod items;
mod jobs;
pub mod openapi;
mod page;
mod problem;
mod request;
mod results;
mod serves;
mod sign_in;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::any;
use bulkhead_engine::ports::{Connector, Ports};
use bulkhead_shared::api::BASE;
use bulkhead_shared::ids::{AccountId, UserId};
use bulkhead_shared::limits;
use bulkhead_shared::problem::Code;
use utoipa_axum::router::OpenApiRouter;

pub use auth::{Identity, LocalToken};
pub use cross_site::{Hosts, LOOPBACK};
pub use request::REQUEST_ID;
pub use serves::Serves;

use crate::problem::{OrRefuse, Refusal};

/// What the API works with.
#[derive(Clone)]
pub struct Api {
    /// The engine's ports.
    pub ports: Ports,
    /// Tells who asks.
    pub identity: Arc<dyn Identity>,
    /// The names this server answers to. A request for another one is refused.
    pub hosts: Hosts,
    /// How much one person may ask for.
    pub limits: Limits,
    /// Which routes this process has.
    pub serves: Serves,
}

/// How much one person may ask for.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Requests in a minute; none: as many as they like.
    pub requests_per_minute: Option<u32>,
    /// Jobs that have not ended.
    pub open_jobs: u32,
}

impl Limits {
    /// On somebody's own machine: nobody else could be kept waiting.
    pub const NONE: Self = Self {
        requests_per_minute: None,
        open_jobs: u32::MAX,
    };
}

impl Api {
    /// An API for this machine only.
    pub fn local(ports: Ports, identity: Arc<dyn Identity>) -> Self {
        Self {
            ports,
            identity,
            hosts: Hosts::Only(LOOPBACK.map(str::to_owned).into()),
            limits: Limits::NONE,
            serves: Serves::Everything,
        }
    }

    /// Opens an account of this person.
    async fn open(
        &self,
        user: &UserId,
        account: &AccountId,
    ) -> Result<Arc<dyn Connector>, Refusal> {
        let account = bulkhead_engine::access::account(&self.ports, user, account).await;
        let account = account.or_refuse(&self.ports)?.into_inner();
        let connector = bulkhead_engine::accounts::open(&self.ports, &account).await;
        connector.or_refuse(&self.ports)
    }
}

/// Every route with its description.
fn described() -> OpenApiRouter<Api> {
    let api = OpenApiRouter::default()
        .merge(accounts::routes())
        .merge(items::routes())
        .merge(jobs::routes())
        .merge(results::routes())
        .merge(audit::routes())
        .merge(openapi::routes())
        .merge(docs::routes());
    openapi::frame().nest(BASE, api).merge(sign_in::routes())
}

/// The router. What it does not know is answered with a problem; a process that serves files too
/// replaces that for paths outside `/api` with `fallback_service`.
pub fn router(api: Api) -> Router {
    let (routes, _) = described().split_for_parts();
    routes
        .route("/api", any(unknown))
        .route("/api/{*rest}", any(unknown))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(limits::BODY_BYTES))
        .layer(from_fn_with_state(api.clone(), cross_site::refuse))
        .layer(from_fn_with_state(api.clone(), request::frame))
        .with_state(api)
}

async fn unknown() -> Refusal {
    Refusal::not_found()
}

async fn wrong_method() -> Refusal {
    Refusal::new(Code::MethodNotAllowed)
}
