//! A throw-away Exim that takes mails to be sent and keeps them in folders of their own, one file a mail.
//!
//! What it does with a recipient is in the address: `reject-`, `full-`, `defer-`, `once-` and `grey-` (deferred the
//! first time), `gone-` (taken, and sent back to whoever sent it), and whoever is not at `example.org` is refused. A mail with `REFUSE` in its subject is
//! refused after all of it was sent.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::dovecot::{account, make_certificate};
use super::free_port;

/// A running Exim, with one user.
pub struct Exim {
    /// The port on 127.0.0.1 that is plain first, and takes STARTTLS.
    pub port: u16,
    /// The port with TLS from the first byte.
    pub tls_port: u16,
    pub user: String,
    pub password: String,
    folder: TempDir,
    daemon: Child,
}

/// How many mails a sender may send, where a test limits that.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    pub mails: u32,
    pub seconds: u32,
}

impl Exim {
    /// Starts one. Fails loudly where Exim is not installed: a test that did not run is no test.
    pub fn start() -> Self {
        Self::start_with(None)
    }

    /// Starts one that takes so many mails in a time.
    pub fn start_limited(rate: Rate) -> Self {
        Self::start_with(Some(rate))
    }

    fn start_with(rate: Option<Rate>) -> Self {
        let program = Path::new("/usr/sbin/exim4");
        assert!(
            program.exists(),
            "Exim is not installed: run `cargo xtask test`, or `apt-get install exim4-daemon-light`"
        );
        // Where two tests pick the same free port, the later one tries again.
        for _ in 0..5 {
            if let Some(server) = Self::try_start(program, rate) {
                return server;
            }
        }
        panic!("Exim did not start");
    }

    fn try_start(program: &Path, rate: Option<Rate>) -> Option<Self> {
        let folder = tempfile::Builder::new()
            .prefix("bulkhead-exim-")
            .tempdir()
            .unwrap();
        let path = folder.path().to_owned();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let (port, tls_port) = (free_port(), free_port());
        let as_user = account();
        make_certificate(&path);
        for name in ["spool", "log", "mail"] {
            fs::create_dir(path.join(name)).unwrap();
        }
        let config = config(&path, port, tls_port, rate, &as_user.name, &as_user.group);
        fs::write(path.join("exim.conf"), config).unwrap();
        if as_user.is_root {
            for name in [
                "",
                "spool",
                "log",
                "mail",
                "key.pem",
                "cert.pem",
                "exim.conf",
            ] {
                let owned = path.join(name);
                chown(owned, Some(as_user.uid), Some(as_user.gid)).unwrap();
            }
        }
        let log = fs::File::create(path.join("start.log")).unwrap();
        let mut command = Command::new(program);
        command
            .arg("-C")
            .arg(path.join("exim.conf"))
            .args(["-bdf", "-q1m"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log);
        if as_user.is_root {
            command.uid(as_user.uid).gid(as_user.gid);
        }
        let daemon = command.spawn().unwrap();
        let mut server = Self {
            port,
            tls_port,
            user: "alice".to_owned(),
            password: "pw secret".to_owned(),
            folder,
            daemon,
        };
        let deadline = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = server.daemon.try_wait().unwrap().is_some();
            if ended || Instant::now() > deadline {
                let start = fs::read_to_string(path.join("start.log")).unwrap_or_default();
                eprintln!("exim: {start}{}", server.log());
                return None;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(server)
    }

    /// The server's own certificate in DER, for whoever is to trust it.
    pub fn certificate(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("cert.der")).unwrap()
    }

    /// What the server logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/mainlog")).unwrap_or_default()
    }

    /// The Message-IDs of all mails that it took, in its order: twice what it took twice.
    pub fn taken(&self) -> Vec<String> {
        let log = self.log();
        let lines = log.lines().filter(|line| line.contains(" <= "));
        let ids = lines.filter_map(|line| line.split(" id=").nth(1)?.split(' ').next());
        ids.map(str::to_owned).collect()
    }

    /// The mails that arrived, by the address that each was handed over for.
    pub fn arrived(&self) -> BTreeMap<String, Vec<Vec<u8>>> {
        let mut arrived: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
        let files = fs::read_dir(self.folder.path().join("mail/new"));
        for file in files.into_iter().flatten().flatten() {
            let Ok(mail) = fs::read(file.path()) else {
                continue;
            };
            let text = String::from_utf8_lossy(&mail);
            let to = text
                .lines()
                .find_map(|line| line.strip_prefix("Envelope-to: "));
            let to = to.expect("Exim says for whom").to_owned();
            arrived.entry(to).or_default().push(mail);
        }
        arrived
    }

    /// Waits until so many mails arrived, and tells how many that are in the end.
    pub fn wait_for(&self, mails: usize) -> usize {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let arrived = self.arrived().values().map(Vec::len).sum();
            if arrived >= mails || Instant::now() > deadline {
                return arrived;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

fn config(
    path: &Path,
    port: u16,
    tls_port: u16,
    rate: Option<Rate>,
    user: &str,
    group: &str,
) -> String {
    let base = path.display();
    let rate = rate.map_or(String::new(), |Rate { mails, seconds }| {
        format!(
            "  defer ratelimit = {mails} / {seconds}s / strict / $authenticated_id
        message = 4.7.1 Rate limit exceeded, try again in 2 seconds
"
        )
    });
    format!(
        "primary_hostname = mail.example.org
spool_directory = {base}/spool
log_file_path = {base}/log/%slog
pid_file_path = {base}/exim.pid
exim_user = {user}
exim_group = {group}
never_users =
deliver_drop_privilege = true
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port} : {tls_port}
tls_on_connect_ports = {tls_port}
tls_advertise_hosts = *
tls_certificate = {base}/cert.pem
tls_privatekey = {base}/key.pem
host_lookup =
rfc1413_query_timeout = 0s
smtp_accept_max = 100
smtp_accept_queue_per_connection = 0
smtp_enforce_sync = false
message_size_limit = 20M
log_selector = +received_recipients
acl_smtp_mail = acl_mail
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = acl_data

begin acl

acl_mail:
  deny !authenticated = *
       message = 5.7.1 Authentication required
{rate}  accept

acl_rcpt:
  deny domains = !example.org
       message = 5.7.1 Relaying denied
  deny local_parts = ^reject-
       message = 5.1.1 User unknown
  deny local_parts = ^full-
       message = 5.2.2 Mailbox full
  defer local_parts = ^defer-
        message = 4.3.0 Temporary local problem
  defer local_parts = ^grey-
        !seen = 1s / key=$local_part
        message = 4.7.1 Greylisted, please come back in 2 seconds
  defer local_parts = ^once-
        !seen = 1s / key=$local_part
        message = 4.3.0 Temporary local problem
  accept

acl_data:
  deny condition = ${{if match{{$h_subject:}}{{REFUSE}}}}
       message = 5.6.0 This is not taken
  accept

begin routers

gone:
  driver = redirect
  local_parts = ^gone-
  allow_fail
  data = :fail: No such user here

all:
  driver = accept
  transport = keep

begin transports

keep:
  driver = appendfile
  maildir_format
  directory = {base}/mail
  envelope_to_add
  user = {user}
  group = {group}

begin authenticators

plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if and{{{{eq{{$auth2}}{{alice}}}}{{eq{{$auth3}}{{pw secret}}}}}}}}
  server_set_id = $auth2
"
    )
}
