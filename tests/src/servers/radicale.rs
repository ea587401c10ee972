//! A real Radicale, the CardDAV server that writes anew whatever it is given.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bulkhead_cloud::moto;
use tempfile::TempDir;

use super::dav::DavClient;
use crate::ports::free_port;

/// Users, each with an address book of their own.
const USERS: usize = 60;
const PASSWORD: &str = "pw secret";

/// A running Radicale.
pub struct Radicale {
    /// Its port on 127.0.0.1.
    pub port: u16,
    folder: TempDir,
    process: Child,
}

impl Radicale {
    /// Starts one from the folder `BULKHEAD_TOOLS`. Fails loudly where it is not installed: a story that
    /// did not run is no story.
    pub fn start() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("bulkhead-radicale-")
            .tempdir()
            .unwrap();
        let port = free_port();
        let base = folder.path().display();
        let mut users = String::new();
        for n in 0..USERS {
            let _ = writeln!(users, "user{n}:{PASSWORD}");
        }
        fs::write(folder.path().join("users"), users).unwrap();
        let config = format!(
            "[server]\nhosts = 127.0.0.1:{port}\n[auth]\ntype = htpasswd\n\
             htpasswd_filename = {base}/users\nhtpasswd_encryption = plain\ndelay = 0\n\
             [rights]\ntype = owner_only\n[storage]\nfilesystem_folder = {base}/store\n\
             [logging]\nlevel = warning\n"
        );
        fs::write(folder.path().join("conf"), config).unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let process = Command::new(moto::tools().join("radicale"))
            .arg("-C")
            .arg(folder.path().join("conf"))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .expect("Radicale is not installed: run `cargo xtask test`");
        let mut server = Self {
            port,
            folder,
            process,
        };
        // Python starts slowly where many start at once.
        let deadline = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = server.process.try_wait().unwrap().is_some();
            assert!(!ended && Instant::now() < deadline, "{}", server.log());
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// A user with an empty address book.
    pub async fn user(&self, n: usize) -> DavClient {
        assert!(n < USERS, "there are only {USERS} users");
        let user = format!("user{n}");
        let client = DavClient::new(self.port, &user, PASSWORD, &format!("/{user}/people/"));
        client.make_book(&client.book).await;
        client
    }

    /// What the server logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
