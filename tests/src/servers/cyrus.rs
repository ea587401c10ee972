//! A real Cyrus: the server for many contacts, and the other IMAP server.
//!
//! It runs under `eatmydata`, because it waits for the disk several times for each card, and these disks
//! are thrown away.
//!
//! Cyrus makes a user when the first mail arrives for them, or when they sign in to its IMAP. Debian's
//! package of that excludes Dovecot's, so `cargo xtask install` puts its one program beside the others.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::dav::DavClient;
use super::imap_client::Client;
use crate::ports::free_port;

const PASSWORD: &str = "pw secret";
const PROGRAMS: &str = "/usr/lib/cyrus/bin";

/// How a Cyrus names mailboxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// `user/ann/Work`.
    Slashes,
    /// `user.ann.Work@example.org`: users have domains.
    DotsAndDomains,
}

/// A running Cyrus.
pub struct Cyrus {
    /// The port of its HTTP part on 127.0.0.1.
    pub port: u16,
    /// The port of its IMAP part.
    pub imap_port: u16,
    /// The password of all its users.
    pub password: &'static str,
    /// Where it takes mails for its users (LMTP).
    pub lmtp_port: u16,
    names: Names,
    as_user: Option<(u32, u32)>,
    folder: TempDir,
    master: Child,
    /// Who was let in.
    known: Mutex<BTreeSet<String>>,
}

impl Cyrus {
    /// Starts one. Fails loudly where Cyrus is not installed: a story that did not run is no story.
    pub fn start() -> Self {
        Self::start_naming(Names::Slashes)
    }

    /// Starts one that names mailboxes so.
    pub fn start_naming(names: Names) -> Self {
        let master = program();
        // Where two tests pick the same free port, the later one tries again.
        for _ in 0..5 {
            if let Some(server) = Self::try_start(master, names) {
                return server;
            }
        }
        panic!("Cyrus did not start");
    }

    fn try_start(program: &str, names: Names) -> Option<Self> {
        let folder = tempfile::Builder::new()
            .prefix("bulkhead-cyrus-")
            .tempdir()
            .unwrap();
        let path = folder.path();
        let (port, imap_port, lmtp) = (free_port(), free_port(), free_port());
        let as_user = is_root().then(cyrus_user);
        for name in [
            "db", "log", "msg", "proc", "quota", "socket", "user", "sync", "backup", "lock",
            "ptclient",
        ] {
            fs::create_dir_all(path.join("conf").join(name)).unwrap();
        }
        for name in ["spool", "sieve"] {
            fs::create_dir(path.join(name)).unwrap();
        }
        fs::write(path.join("imapd.conf"), imapd_conf(path, names)).unwrap();
        fs::write(
            path.join("cyrus.conf"),
            cyrus_conf(path, port, imap_port, lmtp),
        )
        .unwrap();
        give(path, as_user);
        let mut server = Self {
            port,
            imap_port,
            password: PASSWORD,
            lmtp_port: lmtp,
            names,
            as_user,
            master: spawn(program, path, as_user),
            folder,
            known: Mutex::default(),
        };
        server.is_up().then_some(server)
    }

    /// Waits until it answers; whether it does.
    fn is_up(&mut self) -> bool {
        let deadline = Instant::now() + Duration::from_secs(10);
        let answers = |port| TcpStream::connect(("127.0.0.1", port)).is_ok();
        while !answers(self.port) || !greets(self.imap_port) {
            let ended = self.master.try_wait().unwrap().is_some();
            if ended || Instant::now() > deadline {
                let path = self.folder.path().join("start.log");
                eprintln!("cyrus: {}", fs::read_to_string(path).unwrap_or_default());
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }

    /// Kills it and all its children at once, as a power cut would.
    pub fn kill(&mut self) {
        let group = format!("-{}", self.master.id());
        let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        let _ = self.master.wait();
    }

    /// Starts it again at the same ports, with what it had.
    pub fn start_again(&mut self) {
        let program = program();
        // Ports of connections that were cut may take a moment to be free.
        for _ in 0..20 {
            self.master = spawn(program, self.folder.path(), self.as_user);
            if self.is_up() {
                return;
            }
            let _ = self.master.kill();
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("Cyrus did not start again");
    }

    /// The administrator, who sees everybody's mailboxes, by a plain client.
    pub fn admin(&self) -> Client {
        self.let_in("admin");
        Client::sign_in(self.imap_port, "admin", PASSWORD)
    }

    /// A plain client that the administrator signs in as somebody.
    pub fn acting_as(&self, user: &str) -> Client {
        self.let_in("admin");
        Client::sign_in_as(self.imap_port, user, "admin", PASSWORD)
    }

    /// What the administrator calls a folder of a user; empty: the inbox.
    pub fn name(&self, user: &str, folder: &str) -> String {
        let (local, domain) = user.split_once('@').unwrap_or((user, ""));
        let path = match folder {
            "" => local.to_owned(),
            folder => format!("{local}/{folder}"),
        };
        match self.names {
            Names::Slashes => format!("user/{path}"),
            Names::DotsAndDomains => {
                let dots = path.replace('.', "^").replace('/', ".");
                let domain = if domain.is_empty() {
                    String::new()
                } else {
                    format!("@{domain}")
                };
                format!("user.{dots}{domain}")
            }
        }
    }

    /// What a user calls a folder of their own; empty: the inbox.
    pub fn own_name(&self, folder: &str) -> String {
        match (self.names, folder) {
            (_, "") => "INBOX".to_owned(),
            (Names::Slashes, folder) => folder.to_owned(),
            (Names::DotsAndDomains, folder) => format!("INBOX.{}", folder.replace('/', ".")),
        }
    }

    /// Runs one of its own programs with arguments behind its configuration; what it says.
    pub fn run(&self, name: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(format!("{PROGRAMS}/{name}"));
        command
            .arg("-C")
            .arg(self.folder.path().join("imapd.conf"))
            .args(arguments);
        become_user(&mut command, self.as_user);
        let output = command.output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// A new user with an empty address book.
    pub fn user(&self, n: usize) -> DavClient {
        let user = format!("user{n}");
        self.let_in(&user);
        self.deliver_to(&user);
        let book = format!("/dav/addressbooks/user/{user}/Default/");
        DavClient::new(self.port, &user, PASSWORD, &book)
    }

    /// A new user's name, and a plain client signed in to the empty mailbox.
    pub fn mail_user(&self, n: usize) -> (String, Client) {
        let user = format!("user{n}");
        self.let_in(&user);
        let mut client = Client::sign_in(self.imap_port, &user, PASSWORD);
        for (folder, role) in [
            ("Archive", "\\Archive"),
            ("Trash", "\\Trash"),
            ("Sent", "\\Sent"),
        ] {
            client.command(&format!("CREATE {folder} (USE ({role}))"));
        }
        (user, client)
    }

    /// Lets a user sign in, who may or may not have a mailbox.
    pub fn let_in(&self, user: &str) {
        if !self.known.lock().unwrap().insert(user.to_owned()) {
            return;
        }
        let (user, realm) = user.split_once('@').unwrap_or((user, "localhost"));
        let mut sasl = Command::new("saslpasswd2");
        sasl.args(["-p", "-c", "-u", realm, "-f"])
            .arg(self.folder.path().join("sasldb2"))
            .arg(user)
            .stdin(Stdio::piped());
        become_user(&mut sasl, self.as_user);
        let mut sasl = sasl.spawn().expect("saslpasswd2 is in sasl2-bin");
        sasl.stdin
            .take()
            .unwrap()
            .write_all(PASSWORD.as_bytes())
            .unwrap();
        assert!(sasl.wait().unwrap().success(), "saslpasswd2 failed");
    }

    /// The first mail, which makes the mailbox.
    fn deliver_to(&self, user: &str) {
        let stream = TcpStream::connect(("127.0.0.1", self.lmtp_port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        let mut stream = BufReader::new(stream);
        let recipient = format!("RCPT TO:<{user}>\r\n");
        let message = format!(
            "From: a@example.org\r\nMessage-ID: <{user}@example.org>\r\nSubject: hello\r\n\r\nhello\r\n.\r\n"
        );
        answer(&mut stream);
        for line in [
            "LHLO test\r\n",
            "MAIL FROM:<>\r\n",
            &recipient,
            "DATA\r\n",
            &message,
        ] {
            stream.get_mut().write_all(line.as_bytes()).unwrap();
            let said = answer(&mut stream);
            assert!(said.starts_with(['2', '3']), "{line}: {said}");
        }
        stream.get_mut().write_all(b"QUIT\r\n").unwrap();
    }
}

impl Drop for Cyrus {
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

/// The program that starts all others.
fn program() -> &'static str {
    ["/usr/sbin/cyrmaster", "/usr/lib/cyrus/bin/master"]
        .into_iter()
        .find(|path| Path::new(path).exists())
        .expect(
            "Cyrus is not installed: run `cargo xtask test`, or \
             `apt-get install cyrus-common cyrus-caldav sasl2-bin eatmydata`",
        )
}

fn spawn(program: &str, path: &Path, as_user: Option<(u32, u32)>) -> Child {
    let log = fs::File::create(path.join("start.log")).unwrap();
    let mut command = Command::new("eatmydata");
    command
        .arg(program)
        .arg("-C")
        .arg(path.join("imapd.conf"))
        .arg("-M")
        .arg(path.join("cyrus.conf"))
        .arg("-p")
        .arg(path.join("master.pid"))
        .stdin(Stdio::null())
        .stdout(log.try_clone().unwrap())
        .stderr(log)
        // When it ends it ends its whole process group: other tests' servers, if they were in it.
        .process_group(0);
    become_user(&mut command, as_user);
    command.spawn().expect("eatmydata is not installed")
}

/// Whether an IMAP server says hello. One that comes up after a death takes connections before it serves them.
fn greets(port: u16) -> bool {
    let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) else {
        return false;
    };
    let waits = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let mut line = String::new();
    let read = BufReader::new(stream).read_line(&mut line);
    waits.is_ok() && read.is_ok() && line.starts_with("* OK")
}

/// The last line of an answer of several.
fn answer(stream: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        assert!(!line.is_empty(), "the server hung up");
        if line.as_bytes().get(3) != Some(&b'-') {
            return line;
        }
    }
}

fn id(arguments: &[&str]) -> String {
    let output = Command::new("id").args(arguments).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn is_root() -> bool {
    id(&["-u"]) == "0"
}

/// The user that Debian's package makes for it: it does not run as root.
fn cyrus_user() -> (u32, u32) {
    let number = |flag: &str| id(&[flag, "cyrus"]).parse().expect("a user named cyrus");
    (number("-u"), number("-g"))
}

fn become_user(command: &mut Command, as_user: Option<(u32, u32)>) {
    if let Some((uid, gid)) = as_user {
        command.uid(uid).gid(gid);
    }
}

fn give(path: &Path, as_user: Option<(u32, u32)>) {
    let Some((uid, gid)) = as_user else { return };
    chown(path, Some(uid), Some(gid)).unwrap();
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path(), as_user);
        }
    }
}

fn imapd_conf(path: &Path, names: Names) -> String {
    let base = path.display();
    let own_user = match is_root() {
        true => "cyrus".to_owned(),
        false => id(&["-un"]),
    };
    let names = match names {
        Names::Slashes => "unixhierarchysep: yes\naltnamespace: yes",
        Names::DotsAndDomains => {
            "unixhierarchysep: no\naltnamespace: no\nvirtdomains: yes\ndefaultdomain: example.org"
        }
    };
    format!(
        "cyrus_user: {own_user}
configdirectory: {base}/conf
partition-default: {base}/spool
sievedir: {base}/sieve
proc_path: {base}/conf/proc
mboxname_lockpath: {base}/conf/lock
idlesocket: {base}/conf/socket/idle
lmtpsocket: {base}/conf/socket/lmtp
notifysocket: {base}/conf/socket/notify
admins: admin
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {base}/sasldb2
sasl_mech_list: PLAIN
allowplaintext: yes
servername: localhost
{names}
delete_mode: delayed
expunge_mode: delayed
autocreate_users: anyone
autocreate_quota: 0
autocreate_post: yes
conversations: yes
httpmodules: carddav
"
    )
}

fn cyrus_conf(path: &Path, http: u16, imap: u16, lmtp: u16) -> String {
    let base = path.display();
    format!(
        "START {{
  recover cmd=\"{PROGRAMS}/ctl_cyrusdb -C {base}/imapd.conf -r\"
}}
SERVICES {{
  http cmd=\"{PROGRAMS}/httpd -C {base}/imapd.conf\" listen=\"127.0.0.1:{http}\" prefork=0
  imap cmd=\"{PROGRAMS}/imapd -C {base}/imapd.conf\" listen=\"127.0.0.1:{imap}\" prefork=0
  lmtp cmd=\"{PROGRAMS}/lmtpd -C {base}/imapd.conf -a\" listen=\"127.0.0.1:{lmtp}\" prefork=0
}}
EVENTS {{
  checkpoint cmd=\"{PROGRAMS}/ctl_cyrusdb -C {base}/imapd.conf -c\" period=30
}}
"
    )
}
