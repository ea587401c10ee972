//! Hooks: what a component needs from time, keyboard and server.

pub mod asking;
pub mod at_once;
pub mod batch_poll;
pub mod cursor;
pub mod dropping_drafts;
pub mod fold;
pub mod job_poll;
pub mod keys;
pub mod loading;
pub mod picking;
pub mod reading;
pub mod recent_jobs;
pub mod round;
pub mod rows;
pub mod tab_mark;
pub mod taking_back;
pub mod tick;
pub mod watching;
pub mod window_event;
