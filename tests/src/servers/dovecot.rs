//! A throw-away Dovecot on a free port, killed with its mail when it is dropped, and a plain IMAP
//! client that knows nothing of our code: what it sees is what a mail program would see.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::free_port;

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
    /// The first user.
    pub user: String,
    /// Its password.
    pub password: String,
    folder: TempDir,
    master: Child,
}

/// The folder that can be read and appended to, but in which nothing can be changed.
pub const READ_ONLY_FOLDER: &str = "Frozen";

/// Users besides the first, for tests that need many empty mailboxes and not many servers.
const MORE_USERS: usize = 100;

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
        let program = ["/usr/sbin/dovecot", "/usr/local/sbin/dovecot"]
            .into_iter()
            .find(|path| Path::new(path).exists())
            .expect(
                "Dovecot is not installed: run `cargo xtask test`, or `apt-get install dovecot-imapd`",
            );
        // Where two tests pick the same free port, the later one tries again.
        for _ in 0..5 {
            if let Some(server) = Self::try_start(program, mode, zone) {
                return server;
            }
        }
        panic!("Dovecot did not start");
    }

    fn try_start(program: &str, mode: Mode, zone: &str) -> Option<Self> {
        let folder = tempfile::Builder::new()
            .prefix("bulkhead-dovecot-")
            .tempdir()
            .unwrap();
        let path = folder.path().to_owned();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        let (port, tls_port) = (free_port(), free_port());
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
        let config = config(&path, mode, port, tls_port, &as_user);
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
        let config = self.folder.path().join("dovecot.conf");
        let status = Command::new("doveadm")
            .arg("-c")
            .arg(config)
            .args(["kick", &self.user])
            .status()
            .unwrap();
        assert!(status.success(), "doveadm kick failed");
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

struct Account {
    name: String,
    group: String,
    uid: u32,
    gid: u32,
    is_root: bool,
}

/// Root may not own mail in Dovecot: then it is `nobody`'s.
fn account() -> Account {
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

fn make_certificate(path: &Path) {
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

fn config(path: &Path, mode: Mode, port: u16, tls_port: u16, user: &Account) -> String {
    let base = path.display();
    let (name, group) = (&user.name, &user.group);
    let mut text = format!(
        "base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/log
protocols = imap
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

/// A plain IMAP client.
pub struct Client {
    stream: BufReader<TcpStream>,
    tags: u32,
}

/// A message as the plain client sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// Its subject's header line as it stands, which names it.
    pub subject: String,
    /// Its flags and keywords, sorted, without `\Recent`.
    pub flags: Vec<String>,
    /// When it was received, as the server writes it.
    pub received: String,
}

impl Client {
    /// Signs in on a port of this machine.
    pub fn sign_in(port: u16, user: &str, password: &str) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = Self {
            stream: BufReader::new(stream),
            tags: 0,
        };
        client.line();
        client.command(&format!("LOGIN \"{user}\" \"{password}\""));
        client
    }

    fn line(&mut self) -> String {
        let mut bytes = Vec::new();
        self.stream.read_until(b'\n', &mut bytes).unwrap();
        assert!(!bytes.is_empty(), "the server hung up");
        String::from_utf8_lossy(&bytes).trim_end().to_owned()
    }

    /// Runs a command that has to succeed; its untagged lines, literals in place.
    pub fn command(&mut self, text: &str) -> Vec<String> {
        let (lines, end) = self.try_command(text.as_bytes());
        assert!(end.starts_with("OK"), "{text}: {end}");
        lines
    }

    /// Runs a command; its untagged lines and its end.
    pub fn try_command(&mut self, text: &[u8]) -> (Vec<String>, String) {
        self.tags += 1;
        let tag = format!("p{} ", self.tags);
        let socket = self.stream.get_mut();
        let mut bytes = tag.clone().into_bytes();
        bytes.extend_from_slice(text);
        bytes.extend_from_slice(b"\r\n");
        socket.write_all(&bytes).unwrap();
        let mut lines = Vec::new();
        loop {
            let mut line = self.line();
            while let Some(length) = literal_length(&line) {
                let mut bytes = vec![0; length];
                self.stream.read_exact(&mut bytes).unwrap();
                line.push('\n');
                line.push_str(&String::from_utf8_lossy(&bytes));
                line.push_str(&self.line());
            }
            match line.strip_prefix(&tag) {
                Some(end) => return (lines, end.to_owned()),
                None => lines.push(line),
            }
        }
    }

    /// Puts messages into a folder, many in one command; each may come with flags, or none.
    pub fn append(&mut self, folder: &str, messages: &[Vec<u8>], flags: &str) {
        // Dovecot's MULTIAPPEND; where it is not announced it works all the same.
        for chunk in messages.chunks(500) {
            let mut text = format!("APPEND \"{folder}\"").into_bytes();
            for message in chunk {
                let head = format!(" ({flags}) {{{}+}}\r\n", message.len());
                text.extend_from_slice(head.as_bytes());
                text.extend_from_slice(message);
            }
            let (_, end) = self.try_command(&text);
            assert!(end.starts_with("OK"), "APPEND: {end}");
        }
    }

    /// Puts one message into a folder with the time it was received, as IMAP writes it.
    pub fn append_at(&mut self, folder: &str, flags: &str, received: &str, message: &[u8]) {
        let head = format!(
            "APPEND \"{folder}\" ({flags}) \"{received}\" {{{}+}}\r\n",
            message.len()
        );
        let mut text = head.into_bytes();
        text.extend_from_slice(message);
        let (_, end) = self.try_command(&text);
        assert!(end.starts_with("OK"), "APPEND: {end}");
    }

    /// Opens the first of these folders that holds a message with this Message-ID; its UID.
    pub fn find(&mut self, folders: &[&str], message_id: &str) -> Option<String> {
        folders.iter().find_map(|folder| {
            self.select(folder);
            let search = format!("UID SEARCH HEADER Message-ID \"{message_id}\"");
            let lines = self.command(&search);
            let found = lines.iter().find_map(|line| line.strip_prefix("* SEARCH "));
            found.map(|uid| uid.trim().to_owned())
        })
    }

    /// Opens a folder.
    pub fn select(&mut self, folder: &str) {
        self.command(&format!("SELECT \"{folder}\""));
    }

    /// All of a folder, by what each message is, in no particular order (sorted).
    pub fn contents(&mut self, folder: &str) -> Vec<Seen> {
        self.select(folder);
        let lines =
            self.command("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[HEADER.FIELDS (SUBJECT)])");
        let mut seen: Vec<Seen> = lines
            .iter()
            .filter(|line| line.contains(" FETCH ("))
            .map(|line| read(line))
            .collect();
        seen.sort();
        seen
    }
}

fn read(line: &str) -> Seen {
    let between = |from: &str, to: &str| {
        let (_, rest) = line.split_once(from).unwrap_or(("", ""));
        rest.split_once(to)
            .map_or(rest, |(this, _)| this)
            .to_owned()
    };
    let mut flags: Vec<String> = between("FLAGS (", ")")
        .split_ascii_whitespace()
        .filter(|flag| *flag != "\\Recent")
        .map(str::to_owned)
        .collect();
    flags.sort();
    let subject = line
        .lines()
        .find(|line| line.starts_with("Subject:"))
        .unwrap_or_default();
    Seen {
        subject: subject.trim().to_owned(),
        flags,
        received: between("INTERNALDATE \"", "\""),
    }
}

fn literal_length(line: &str) -> Option<usize> {
    let (_, digits) = line.strip_suffix('}')?.rsplit_once('{')?;
    digits.parse().ok()
}
