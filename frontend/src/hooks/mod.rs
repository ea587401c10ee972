//! Hooks: what a component needs from time, keyboard and server.

pub mod asking;
pub mod job_poll;
pub mod keys;
pub mod loading;
pub mod mail_pages;
pub mod recent_jobs;
pub mod round;
pub mod tick;
