//! Servers that stories talk to: started for one test, gone after it.

pub mod cyrus;
pub mod dav;
pub mod dovecot;
pub mod exim;
pub mod imap_client;
pub mod leavers;
pub mod list_server;
pub mod model_server;
pub mod radicale;
pub mod swallower;
pub mod token_server;
