//! Servers that stories talk to: started for one test, gone after it.

pub mod cyrus;
pub mod dav;
pub mod dovecot;
pub mod exim;
pub mod imap_client;
pub mod leavers;
pub mod radicale;
pub mod swallower;
pub mod token_server;

use std::net::TcpListener;

/// A port that nobody listens on now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
