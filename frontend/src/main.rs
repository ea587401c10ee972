//! The app in the browser: shows mailboxes and jobs, and asks the server for everything else.
//!
//! It knows only the shared types. What is decided from data is in `state` and `copy` (pure, tested
//! on the host); what talks to the server is in `api`; the rest draws.

#![allow(
    unreachable_pub,
    reason = "a program exports nothing; `pub` marks what a module offers to the others"
)]

mod api;
mod app;
mod appearance;
mod auth_gate;
mod browser;
mod components;
mod consent;
mod copy;
mod hooks;
mod json;
mod notify;
mod pages;
mod parts;
mod rate_limit;
mod remote;
mod router;
mod routes;
mod session;
mod sign_in;
mod speech;
mod state;
mod words;

fn main() {
    wasm_bindgen_futures::spawn_local(async {
        browser::give_way().await;
        speech::begin().await;
        browser::give_way().await;
        yew::Renderer::<app::App>::new().render();
    });
}
