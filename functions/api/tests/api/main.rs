//! The API as a client meets it: requests into the router, answers out, on ports in memory.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod auth;
mod batch;
mod bulk;
mod contract;
mod drafts;
mod faults;
mod function_role;
mod inputs;
mod issuer;
mod jobs;
mod jwt;
mod limits;
mod model;
mod others;
mod quiet;
mod results;
mod rules;
mod waiting;
mod walk;
mod world;
