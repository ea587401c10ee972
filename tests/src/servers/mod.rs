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

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::sync::Mutex;

/// A port that nobody listens on now.
fn free_port() -> u16 {
    // A server that is just starting has not taken its port yet: nobody else in this process gets it.
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        if GIVEN.lock().unwrap().insert(port) {
            return port;
        }
    }
}
