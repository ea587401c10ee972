//! One module for each kind of account behind the engine's connector port, and readers for mail
//! files.

mod attachments;
mod bearer;
mod bounded_http;
#[cfg(any(feature = "dav", feature = "sandbox"))]
mod contact_abilities;
#[cfg(any(feature = "dav", feature = "sandbox"))]
mod contact_page;
#[cfg(feature = "dav")]
pub mod dav;
pub mod discover;
pub mod exchange;
mod folder_names;
#[cfg(feature = "fuzz")]
pub mod fuzz;
mod headers;
pub mod imap;
#[cfg(feature = "sandbox")]
pub mod import;
mod mailbox_abilities;
pub mod model;
mod one_click;
mod opened;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod smtp;
mod web;
