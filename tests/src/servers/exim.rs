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

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use tempfile::TempDir;

use super::dovecot::{Account, account, make_certificate};
use crate::ports::free_port;

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

/// What a test wants otherwise.
#[derive(Default)]
struct Wishes {
    rate: Option<Rate>,
    /// Mails on a connection, most.
    on_a_connection: Option<u32>,
    /// Where mails are handed on to; without one they are kept.
    lmtp_port: Option<u16>,
}

/// A mail that Exim took, by a line of its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its Message-ID, without brackets.
    pub id: String,
    pub at: Timestamp,
    /// The port that it came from: another one for each connection.
    pub from_port: u16,
}

impl Taken {
    /// Reads a line; none if it tells of no mail that came in.
    fn of(line: &str) -> Option<Self> {
        let (time, rest) = line.split_at_checked("2026-01-01 00:00:00.000".len())?;
        let (_, about) = rest.split_once(" <= ")?;
        let time: DateTime = time.parse().ok()?;
        let from = about.split(" [127.0.0.1]:").nth(1)?;
        let word = |text: &str| text.split(' ').next().map(str::to_owned);
        Some(Self {
            id: word(about.split(" id=").nth(1)?)?,
            at: time.to_zoned(TimeZone::UTC).ok()?.timestamp(),
            from_port: word(from)?.parse().ok()?,
        })
    }
}

impl Exim {
    /// Starts one. Fails loudly where Exim is not installed: a test that did not run is no test.
    pub fn start() -> Self {
        Self::start_with(&Wishes::default())
    }

    /// Starts one that takes so many mails in a time.
    pub fn start_limited(rate: Rate) -> Self {
        Self::start_with(&Wishes {
            rate: Some(rate),
            ..Wishes::default()
        })
    }

    /// Starts one that takes so many mails on a connection.
    pub fn start_with_short_connections(mails: u32) -> Self {
        Self::start_with(&Wishes {
            on_a_connection: Some(mails),
            ..Wishes::default()
        })
    }

    /// Starts one that hands mails on to a server that keeps mailboxes (LMTP).
    pub fn start_before(lmtp_port: u16) -> Self {
        Self::start_with(&Wishes {
            lmtp_port: Some(lmtp_port),
            ..Wishes::default()
        })
    }

    fn start_with(wishes: &Wishes) -> Self {
        let program = Path::new("/usr/sbin/exim4");
        assert!(
            program.exists(),
            "Exim is not installed: run `cargo xtask test`, or `apt-get install exim4-daemon-light`"
        );
        // Where two tests pick the same free port, the later one tries again.
        for _ in 0..5 {
            if let Some(server) = Self::try_start(program, wishes) {
                return server;
            }
        }
        panic!("Exim did not start");
    }

    fn try_start(program: &Path, wishes: &Wishes) -> Option<Self> {
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
        let config = config(&path, (port, tls_port), wishes, &as_user);
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

    /// All mails that somebody handed over to it, in its order: twice what it took twice.
    pub fn log_of_taken(&self) -> Vec<Taken> {
        self.log().lines().filter_map(Taken::of).collect()
    }

    /// Their Message-IDs.
    pub fn taken(&self) -> Vec<String> {
        let taken = self.log_of_taken().into_iter();
        taken.map(|taken| taken.id).collect()
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

    /// Waits until so many mails arrived, as long as more and more do, and tells how many that are in the end.
    pub fn wait_for(&self, mails: usize) -> usize {
        let (mut last, mut since) = (0, Instant::now());
        loop {
            let arrived = fs::read_dir(self.folder.path().join("mail/new"));
            let arrived = arrived.into_iter().flatten().count();
            if arrived > last {
                (last, since) = (arrived, Instant::now());
            }
            if arrived >= mails || since.elapsed() > Duration::from_secs(60) {
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

fn config(path: &Path, (port, tls_port): (u16, u16), wishes: &Wishes, as_user: &Account) -> String {
    let base = path.display();
    let (user, group) = (&as_user.name, &as_user.group);
    let (on_a_connection, all) = (
        wishes.on_a_connection.unwrap_or(1_000),
        match wishes.lmtp_port {
            Some(_) => {
                "  driver = manualroute\n  route_list = * 127.0.0.1\n  self = send\n  transport = hand_on"
            }
            None => "  driver = accept\n  transport = keep",
        },
    );
    let lmtp_port = wishes.lmtp_port.unwrap_or_default();
    let rate = wishes
        .rate
        .map_or(String::new(), |Rate { mails, seconds }| {
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
helo_lookup_domains =
rfc1413_query_timeout = 0s
smtp_accept_max = 100
smtp_accept_queue_per_connection = 0
smtp_accept_max_per_connection = {on_a_connection}
smtp_enforce_sync = false
message_size_limit = 20M
log_selector = +received_recipients +millisec +incoming_port
timezone = UTC
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
{all}

begin transports

hand_on:
  driver = smtp
  protocol = lmtp
  port = {lmtp_port}
  allow_localhost
  max_rcpt = 1
  hosts_try_chunking =

keep:
  driver = appendfile
  maildir_format
  directory = {base}/mail
  envelope_to_add
  user = {user}
  group = {group}

begin retry

* * F,2h,1s

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
