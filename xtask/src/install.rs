//! The programs that tests need beside cargo, and how to get them on Debian and its children.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Result, bail};

use crate::cargo::{alone, command, run, target};
use crate::{npm, python};

/// Something tests need, that may be left out by name.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Tool {
    /// Chromium and chromedriver, for the stories in a real browser
    Browser,
    /// An IMAP server, for everything about real mail
    Dovecot,
    /// A server for outgoing mail, for everything about real sending
    Exim,
    /// Another IMAP server, and a CardDAV server for everything about many real contacts
    Cyrus,
    /// Python, for the template's checks, for the stand-ins of AWS, for another CardDAV server, and for the
    /// Node that runs what comes from npm
    Python,
}

impl Tool {
    pub(crate) const ALL: [Self; 5] = [
        Self::Browser,
        Self::Dovecot,
        Self::Exim,
        Self::Cyrus,
        Self::Python,
    ];

    /// The name on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Browser => "browser",
            Self::Dovecot => "dovecot",
            Self::Exim => "exim",
            Self::Cyrus => "cyrus",
            Self::Python => "python",
        }
    }

    /// What tests that need it are called: a test program, or a module in one. The translated
    /// template, and what comes from npm, is there only where Python is.
    pub(crate) fn tests(self) -> &'static [&'static str] {
        match self {
            Self::Browser => &["browser"],
            Self::Dovecot => &["imap"],
            Self::Exim => &["outgoing", "outgoing_deaths", "outgoing_files"],
            Self::Cyrus => &["carddav", "cyrus"],
            Self::Python => &["moto", "template", "carddav", "axe"],
        }
    }

    /// Programs that show that it is there.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Browser => &["chromium", "chromedriver"],
            Self::Dovecot => &["dovecot", "lmtp", "submission"],
            Self::Exim => &["exim4"],
            Self::Cyrus => &["cyrmaster", "imapd", "saslpasswd2", "eatmydata"],
            Self::Python => &["python3"],
        }
    }

    /// Debian's packages. Without a font a page has no letters, and so no sizes.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Browser => &["chromium", "chromium-driver", "fonts-dejavu-core"],
            Self::Dovecot => &["dovecot-imapd", "dovecot-lmtpd", "dovecot-submissiond"],
            Self::Exim => &["exim4-daemon-light"],
            // Without Cyrus's IMAP, which Debian installs only where Dovecot's is not: see below.
            Self::Cyrus => &[
                "cyrus-common",
                "cyrus-caldav",
                "libsasl2-modules-db",
                "sasl2-bin",
                "eatmydata",
            ],
            Self::Python => &["python3-venv"],
        }
    }

    fn is_there(self) -> bool {
        self.programs().iter().all(|program| find(program)) && (self != Self::Python || has_venv())
    }
}

/// What `install` takes.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Which; without any, all of them
    #[arg(value_enum, value_name = "TOOL")]
    tools: Vec<Tool>,
}

/// Installs these tools as far as they are missing.
pub(crate) fn ensure_all(options: &Options) -> Result<()> {
    let named = options.tools.as_slice();
    let tools = if named.is_empty() { &Tool::ALL } else { named };
    tools.iter().try_for_each(|tool| ensure(*tool))
}

/// Installs the tool if it is missing; an error says what to do by hand.
pub(crate) fn ensure(tool: Tool) -> Result<()> {
    ensure_programs(tool)?;
    match tool {
        Tool::Python => {
            python::ensure()?;
            npm::AXE.ensure()
        }
        Tool::Browser | Tool::Dovecot | Tool::Exim | Tool::Cyrus => Ok(()),
    }
}

/// Installs the programs themselves, without what is installed by them.
pub(crate) fn ensure_programs(tool: Tool) -> Result<()> {
    if tool.is_there() {
        return Ok(());
    }
    install(tool)
}

fn install(tool: Tool) -> Result<()> {
    let packages = tool.packages();
    let by_hand = format!(
        "{} is missing. Install it (Debian: apt-get install {}), or leave it out: --without {}",
        tool.programs().join(" or "),
        packages.join(" "),
        tool.name()
    );
    let Some(become_root) = way_to_root() else {
        bail!("{by_hand}");
    };
    if !find("apt-get") {
        bail!("{by_hand}");
    }
    // Two at once would find the package manager's own lock taken, and fail.
    let _alone = alone("install")?;
    if tool.is_there() {
        return Ok(());
    }
    eprintln!("Installing {} …", packages.join(", "));
    let install = || {
        let install = ["install", "--yes", "--no-install-recommends"];
        run(apt_get(become_root, &install).args(packages))
    };
    // The lists of packages may be missing or old; most of the time they are not.
    if install().is_err() {
        run(&mut apt_get(become_root, &["update"]))?;
        install()?;
    }
    if tool == Tool::Cyrus {
        unpack_cyrus_imap(become_root)?;
    }
    if !tool.is_there() {
        bail!("{by_hand}");
    }
    Ok(())
}

/// Puts Cyrus's IMAP program beside its others. Debian's package of it excludes Dovecot's, though the two
/// programs do not mind each other.
fn unpack_cyrus_imap(become_root: &[&str]) -> Result<()> {
    const PROGRAM: &str = "usr/lib/cyrus/bin/imapd";
    let folder = target().join("cyrus-imapd");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(command("apt-get")
        .args(["--quiet", "download", "cyrus-imapd"])
        .current_dir(&folder))?;
    let packages: Vec<_> = fs::read_dir(&folder)?.collect::<Result<_, _>>()?;
    let [package] = packages.as_slice() else {
        bail!("apt-get did not download one package");
    };
    let unpacked = folder.join("unpacked");
    run(command("dpkg-deb")
        .arg("--extract")
        .arg(package.path())
        .arg(&unpacked))?;
    let mut install = command("env");
    if let Some((program, rest)) = become_root.split_first() {
        install = command(program);
        install.args(rest);
    }
    run(install
        .args(["install", "--mode=755"])
        .arg(unpacked.join(PROGRAM))
        .arg(format!("/{PROGRAM}")))
}

fn apt_get(become_root: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new("env");
    if let Some((program, rest)) = become_root.split_first() {
        command = Command::new(program);
        command.args(rest).arg("env");
    }
    command
        .args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet"])
        .args(arguments);
    command
}

/// What to put before a command to run it as root; none if there is no way without a password.
fn way_to_root() -> Option<&'static [&'static str]> {
    let id = Command::new("id").arg("-u").output().ok()?;
    if id.stdout.trim_ascii() == b"0" {
        return Some(&[]);
    }
    let mut sudo = Command::new("sudo");
    let sudo = sudo.args(["-n", "true"]).stderr(Stdio::null()).status();
    sudo.is_ok_and(|status| status.success())
        .then_some(&["sudo", "-n"])
}

/// Whether Python can make environments: Debian ships that part apart.
fn has_venv() -> bool {
    let mut python = Command::new("python3");
    let python = python.args(["-c", "import ensurepip, venv"]);
    python
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether a program is on the path, or where Debian keeps servers and their parts.
fn find(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = std::env::split_paths(&path).collect();
    folders.push("/usr/sbin".into());
    folders.push("/usr/lib/cyrus/bin".into());
    folders.push("/usr/lib/dovecot".into());
    folders.iter().any(|folder| folder.join(program).is_file())
}
