//! Servers that stories talk to: started for one test, gone after it.

pub mod dovecot;
