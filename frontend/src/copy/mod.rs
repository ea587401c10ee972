//! What the screen says in words: numbers, times and jobs. Pure functions, tested on the host.

pub mod jobs;
pub mod keys;
pub mod moments;
pub mod numbers;
