//! One module for each page.

pub mod advice;
pub mod batch;
pub mod compose;
pub mod connect;
pub mod contacts;
pub mod directory;
pub mod history;
pub mod job;
pub mod mailbox;
pub mod model;
pub mod not_found;
pub mod review;
pub mod rules;
pub mod senders;
pub mod sign_in;
