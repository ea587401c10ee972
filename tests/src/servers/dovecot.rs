//! A throw-away Dovecot on a free port, killed with its mail when it is dropped.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bulkhead_shared::api::{Credentials, ImapConnection, Security};
use tempfile::TempDir;

use super::imap_client::Client;
use crate::ports::free_port;

/// What the server lets on that it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// All that Dovecot can.
    Normal,
    /// No MOVE and no CONDSTORE, as on an old server.
    Old,
    /// MOVE and CONDSTORE, but no UIDPLUS: it does not say what moved where.
    NoUidplus,
    /// Neither MOVE nor UIDPLUS.
    Bare,
}

impl Mode {
    fn capabilities(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::Old => Some("IMAP4rev1 SASL-IR UIDPLUS ID IDLE LITERAL+ SPECIAL-USE"),
            Self::NoUidplus => Some("IMAP4rev1 ID IDLE LITERAL+ MOVE CONDSTORE ENABLE SORT"),
            Self::Bare => Some("IMAP4rev1 ID IDLE"),
        }
    }
}

/// A running Dovecot; all of its users have the same password.
pub struct Dovecot {
    /// The plain port on 127.0.0.1.
    pub port: u16,
    /// The port with TLS from the first byte; its certificate is [`Dovecot::certificate`].
    pub tls_port: u16,
    /// Where it takes mails for its users (LMTP).
    pub lmtp_port: u16,
    /// Where its users send mails, if they do; plain.
    pub submission_port: u16,
    /// The first user.
    pub user: String,
    pub password: String,
    folder: TempDir,
    master: Child,
}

/// The folder that can be read and appended to, but in which nothing can be changed.
pub const READ_ONLY_FOLDER: &str = "Frozen";

/// Users besides the first, for tests that need many empty mailboxes and not many servers.
pub const MORE_USERS: usize = 100;

/// What a server does besides keeping mail.
#[derive(Default)]
struct Besides {
    /// The port of a server that vouches for tokens.
    tokens: Option<u16>,
    /// The port of a server that takes what is sent.
    relay: Option<u16>,
}

/// The name of one of the further users.
#[must_use]
pub fn user(n: usize) -> String {
    format!("user{n}")
}

impl Dovecot {
    /// Starts one. Fails loudly where Dovecot is not installed: a story that did not run is no story.
    pub fn start(mode: Mode) -> Self {
        Self::start_in(mode, "UTC")
    }

    /// Starts one whose clock is in a time zone.
    pub fn start_in(mode: Mode, zone: &str) -> Self {
        Self::start_with(mode, zone, &Besides::default())
    }

    /// Starts one that also lets in by tokens, for which a server on this port vouches.
    pub fn start_with_tokens(tokens: u16) -> Self {
        let besides = Besides {
            tokens: Some(tokens),
            relay: None,
        };
        Self::start_with(Mode::Normal, "UTC", &besides)
    }

    /// Starts one that lets in by tokens, and hands what its users send over to the server at this port, which knows
    /// its first user.
    pub fn start_sending_with_tokens(tokens: u16, relay: u16) -> Self {
        let besides = Besides {
            tokens: Some(tokens),
            relay: Some(relay),
        };
        Self::start_with(Mode::Normal, "UTC", &besides)
    }

    fn start_with(mode: Mode, zone: &str, besides: &Besides) -> Self {
        let program = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"]
            .into_iter()
            .find(|path| Path::new(path).exists())
            .expect(
                "Dovecot is not installed: run `cargo xtask test`, or `apt-get install dovecot-imapd dovecot-lmtpd`",
            );
        // Where two tests pick the same free port, the later one tries again.
        for _ in 0..5 {
            if let Some(server) = Self::try_start(program, mode, zone, besides) {
                return server;
            }
        }
        panic!("Dovecot did not start");
    }

    fn try_start(program: &str, mode: Mode, zone: &str, besides: &Besides) -> Option<Self> {
        let folder = tempfile::Builder::new()
            .prefix("bulkhead-dovecot-")
            .tempdir()
            .unwrap();
        let path = folder.path().to_owned();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let [port, tls_port, lmtp_port, submission_port] = [(); 4].map(|()| free_port());
        let as_user = account();
        make_certificate(&path);
        fs::create_dir(path.join("mail")).unwrap();
        let mut users = "alice:{PLAIN}pw secret::::::\n".to_owned();
        for n in 0..MORE_USERS {
            let _ = writeln!(users, "{}:{{PLAIN}}pw secret::::::", user(n));
        }
        fs::write(path.join("users"), users).unwrap();
        fs::write(path.join("acl"), format!("{READ_ONLY_FOLDER} owner lri\n")).unwrap();
        if as_user.is_root {
            chown(path.join("mail"), Some(as_user.uid), Some(as_user.gid)).unwrap();
        }
        let mut config = config(&path, mode, port, tls_port, &as_user);
        config.push_str(&taking_mail(lmtp_port, &as_user));
        if let Some(relay) = besides.relay {
            config.push_str(&sending(submission_port, relay));
        }
        if let Some(tokens) = besides.tokens {
            config.push_str(&with_tokens(&path, tokens));
        }
        fs::write(path.join("dovecot.conf"), config).unwrap();
        let log = fs::File::create(path.join("start.log")).unwrap();
        let master = Command::new(program)
            .env("TZ", zone)
            .arg("-F")
            .arg("-c")
            .arg(path.join("dovecot.conf"))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let mut server = Self {
            port,
            tls_port,
            lmtp_port,
            submission_port,
            user: "alice".to_owned(),
            password: "pw secret".to_owned(),
            master,
            folder,
        };
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let ended = server.master.try_wait().unwrap().is_some();
            if ended || Instant::now() > deadline {
                let start = fs::read_to_string(path.join("start.log")).unwrap_or_default();
                eprintln!("dovecot: {start}{}", server.log());
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(server)
    }

    /// All that was delivered to its users, by the Message-ID (without brackets): as often as it was. Whoever has
    /// nothing is in none of it.
    pub fn delivered(&self) -> BTreeMap<String, Vec<String>> {
        let mut delivered: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for user in (0..MORE_USERS).map(user) {
            let mut client = Client::sign_in(self.port, &user, &self.password);
            for id in client.message_ids("INBOX") {
                delivered.entry(id).or_default().push(user.clone());
            }
        }
        delivered
    }

    /// As an account of its first user is connected, without a server for outgoing mail.
    pub fn connection(&self) -> ImapConnection {
        ImapConnection {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            security: Security::None,
            user: self.user.clone(),
            credentials: Credentials::Password(self.password.clone()),
            submission: None,
        }
    }

    /// A plain IMAP client, signed in.
    pub fn client(&self) -> Client {
        Client::sign_in(self.port, &self.user, &self.password)
    }

    /// The server's own certificate in DER, for whoever is to trust it.
    pub fn certificate(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("cert.der")).unwrap()
    }

    /// Throws out every session of the user, as a restart would, and waits until they are gone.
    pub fn kick(&self) {
        let sessions = self.administer(&["who", "-1", &self.user]);
        self.administer(&["kick", &self.user]);
        let processes = sessions
            .lines()
            .filter_map(|line| line.split_whitespace().nth(2));
        let deadline = Instant::now() + Duration::from_secs(60);
        for process in processes.filter(|word| word.parse::<u32>().is_ok()) {
            while Path::new("/proc").join(process).exists() {
                assert!(Instant::now() < deadline, "{process} goes on: {sessions}");
                std::thread::sleep(Duration::from_millis(10));
            }
        }
    }

    /// Runs a command of its administrator; what it says.
    fn administer(&self, arguments: &[&str]) -> String {
        let config = self.folder.path().join("dovecot.conf");
        let mut command = Command::new("doveadm");
        let output = command.arg("-c").arg(config).args(arguments).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What the server logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // TERM, so that it ends its own children; it takes about a second.
        let _ = Command::new("kill")
            .arg(self.master.id().to_string())
            .status();
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.master.try_wait().is_ok_and(|end| end.is_none()) {
            if Instant::now() > deadline {
                let _ = self.master.kill();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Whom servers run as.
pub(super) struct Account {
    pub(super) name: String,
    pub(super) group: String,
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) is_root: bool,
}

/// Root may not own mail in Dovecot: then it is `nobody`'s.
pub(super) fn account() -> Account {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    let is_root = id(&["-u"]) == "0";
    let who: &[&str] = if is_root { &["nobody"] } else { &[] };
    let ask = |flag: &'static str| id(&[&[flag], who].concat());
    Account {
        name: ask("-un"),
        group: ask("-gn"),
        uid: ask("-u").parse().unwrap(),
        gid: ask("-g").parse().unwrap(),
        is_root,
    }
}

pub(super) fn make_certificate(path: &Path) {
    let run = |arguments: &[&str]| {
        let output = Command::new("openssl")
            .current_dir(path)
            .args(arguments)
            .output()
            .expect("openssl is needed to make a certificate");
        assert!(output.status.success(), "openssl failed");
    };
    run(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ]);
    run(&[
        "x509", "-in", "cert.pem", "-outform", "DER", "-out", "cert.der",
    ]);
}

/// Mails for users are taken. What follows a plus in an address names nobody else.
fn taking_mail(port: u16, user: &Account) -> String {
    let name = &user.name;
    format!(
        "protocols = imap lmtp
hostname = mail.example.org
postmaster_address = postmaster@example.org
service lmtp {{
  chroot =
  user = {name}
  process_limit = 100
  inet_listener lmtp {{
    port = {port}
  }}
}}
"
    )
}

/// What users send is handed over to a server that knows the first of them.
fn sending(port: u16, relay: u16) -> String {
    format!(
        "protocols = imap lmtp submission
submission_relay_host = 127.0.0.1
submission_relay_port = {relay}
submission_relay_user = alice
submission_relay_password = pw secret
service submission-login {{
  chroot =
  inet_listener submission {{
    port = {port}
  }}
}}
"
    )
}

/// Users may also show a token (Dovecot's OAuth2 passdb, which asks the token's server).
fn with_tokens(path: &Path, port: u16) -> String {
    let base = path.display();
    let settings = format!(
        "introspection_url = http://127.0.0.1:{port}/introspect
introspection_mode = post
username_attribute = username
active_attribute = active
active_value = true
"
    );
    fs::write(path.join("oauth2.conf"), settings).unwrap();
    format!(
        "auth_mechanisms = plain xoauth2 oauthbearer
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
"
    )
}

fn config(path: &Path, mode: Mode, port: u16, tls_port: u16, user: &Account) -> String {
    let base = path.display();
    let (name, group) = (&user.name, &user.group);
    let mut text = format!(
        "base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
listen = 127.0.0.1
ssl = yes
ssl_cert = <{base}/cert.pem
ssl_key = <{base}/key.pem
disable_plaintext_auth = no
default_internal_user = {name}
default_internal_group = {group}
default_login_user = {name}
mail_uid = {name}
mail_gid = {group}
first_valid_uid = 100
first_valid_gid = 0
auth_username_format = %Ln
auth_failure_delay = 0
mail_home = {base}/mail/%n
mail_location = sdbox:~/sdbox
mailbox_list_index = yes
mail_fsync = never
mail_max_userip_connections = 100
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = {base}/users
}}
userdb {{
  driver = passwd-file
  args = {base}/users
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Archive {{
    special_use = \\Archive
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
}}
mail_plugins = acl
plugin {{
  acl = vfile:{base}/acl
}}
"
    );
    text.push_str("protocol imap {\n  imap_logout_format =\n");
    if let Some(capabilities) = mode.capabilities() {
        let _ = writeln!(text, "  imap_capability = {capabilities}");
    }
    text.push_str("}\n");
    text
}
