//! Bulkhead's API: routes, sign-in, and problems as answers. It makes a router and nothing else; a
//! process with a listener or a function runtime serves it.
//!
//! One place each: what a route is ([`openapi`], from the handlers' own declarations), who asks
//! ([`auth`]), what a request may hold (`extract`), and which status an error gets (`problem`).

mod accounts;
mod advice;
mod attachments;
mod audit;
pub mod auth;
mod bodies;
mod contacts;
mod cross_site;
mod docs;
mod explain;
mod extract;
mod faces;
mod files;
mod function_role;
mod html;
mod import;
mod items;
mod jobs;
mod letters;
mod limits;
mod mailboxes;
mod model;
mod open_mails;
pub mod openapi;
mod owned;
mod page;
mod problem;
mod request;
mod results;
mod review;
mod route;
mod rules;
mod senders;
mod sign_in;
mod suppressed;
mod templates;
mod waiting;
mod workbook;
mod workbooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn_with_state, map_response};
use axum::routing::any;
use bulkhead_engine::ports::Ports;
use bulkhead_shared::api::BASE;
use bulkhead_shared::limits::BODY_BYTES;
use bulkhead_shared::problem::Code;

pub use auth::{Identity, LocalToken};
pub use cross_site::{Hosts, LOOPBACK};
pub use function_role::FunctionRole;
pub use limits::Limits;
pub use request::REQUEST_ID;

use crate::problem::Refusal;
use crate::route::Route;

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
    pub serves: FunctionRole,
}

impl Api {
    /// An API for this machine only.
    pub fn local(ports: Ports, identity: Arc<dyn Identity>) -> Self {
        Self {
            ports,
            identity,
            hosts: Hosts::Only(LOOPBACK.map(str::to_owned).into()),
            limits: Limits::local(),
            serves: FunctionRole::Everything,
        }
    }
}

/// Every route below [`BASE`].
fn routes() -> impl Iterator<Item = Route> {
    let routes = [
        accounts::routes(),
        items::routes(),
        senders::routes(),
        suppressed::routes(),
        templates::routes(),
        advice::routes(),
        review::routes(),
        rules::routes(),
        model::routes(),
        contacts::routes(),
        mailboxes::routes(),
        workbooks::routes(),
        import::routes(),
        jobs::routes(),
        open_mails::routes(),
        letters::routes(),
        attachments::routes(),
        results::routes(),
        files::routes(),
        audit::routes(),
        faces::batch::routes(),
        sign_in::routes(),
        openapi::routes(),
        docs::routes(),
    ];
    routes.into_iter().flatten()
}

/// Every route beside it: pages that a browser is sent to.
fn pages() -> impl Iterator<Item = Route> {
    sign_in::pages().into_iter()
}

/// The router. What it does not know is answered with a problem; a process that serves files too
/// replaces that for paths outside `/api` with `fallback_service`.
pub fn router(api: Api) -> Router {
    answered(&api, "", pages())
        .nest(BASE, answered(&api, BASE, routes()))
        .nest(
            faces::drafts::BASE,
            answered(&api, faces::drafts::BASE, faces::drafts::routes())
                .layer(map_response(faces::drafts::in_its_words)),
        )
        .route("/api", any(unknown))
        .route("/api/{*rest}", any(unknown))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(api.clone(), cross_site::refuse))
        .layer(from_fn_with_state(api.clone(), request::frame))
        .with_state(api)
}

/// Routes below a base as this function answers them.
fn answered(api: &Api, base: &str, routes: impl IntoIterator<Item = Route>) -> Router<Api> {
    routes.into_iter().fold(Router::new(), |router, route| {
        router.route(&route.path, route.answer(api, base))
    })
}

async fn unknown() -> Refusal {
    Refusal::not_found()
}

async fn wrong_method() -> Refusal {
    Refusal::new(Code::MethodNotAllowed)
}
