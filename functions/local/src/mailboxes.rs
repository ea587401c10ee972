//! The mailboxes a start brings along: the sandbox, filled on the first start, and the accounts
//! that the command line names.

use std::fs::{self, File};
use std::io::{BufReader, IsTerminal};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use bulkhead_connectors::import::{self, Mails, Mbox, Reader};
use bulkhead_connectors::sandbox::{ImportReport, Sandbox};
use bulkhead_engine::accounts;
use bulkhead_engine::jobs::sign_in;
use bulkhead_engine::ports::{Clock, Ports};
use bulkhead_shared::api::{Connection, Credentials, ImapConnection, NewAccount};
use bulkhead_shared::ids::UserId;

use crate::folder::Folder;
use crate::options::{ImapAddress, Options};

/// Where the password of `--imap` may be.
const PASSWORD: &str = "BULKHEAD_IMAP_PASSWORD";
/// A line about an import's progress after so many mails.
const PROGRESS_EVERY: u64 = 5_000;

/// Opens the sandbox. A new one is filled with generated mail, or with a person's own.
pub(crate) async fn sandbox(
    options: &Options,
    folder: &Folder,
    clock: Arc<dyn Clock>,
) -> Result<Sandbox> {
    let cannot = "The sandbox mailbox cannot be opened.";
    let sandbox = Sandbox::open(folder.sandbox(), clock).context(cannot)?;
    if let Some(path) = &options.mail {
        load_once(&sandbox, folder, path, || Ok(import::open(path)?)).await?;
    } else if let Some(file) = &options.mbox {
        let mails = || -> Result<_> { Ok(Mbox::new(BufReader::new(File::open(file)?))) };
        load_once(&sandbox, folder, file, mails).await?;
    } else if let Some(maildir) = &options.maildir {
        let mails = || Ok(Mails::in_maildir(maildir)?);
        load_once(&sandbox, folder, maildir, mails).await?;
    } else if options.mails > 0 && sandbox.is_empty().await.context(cannot)? {
        tracing::info!(mails = options.mails, "Filling the sandbox mailbox.");
        sandbox
            .seed(options.seed, options.mails)
            .await
            .context("The sandbox mailbox cannot be filled.")?;
    }
    let contacts = sandbox.contacts();
    if options.contacts > 0 && contacts.is_new().await.context(cannot)? {
        tracing::info!(
            contacts = options.contacts,
            "Filling the sandbox address book."
        );
        contacts
            .seed(options.seed, options.contacts)
            .await
            .context("The sandbox address book cannot be filled.")?;
    }
    let directory = sandbox.directory();
    if options.mailboxes > 0 && directory.is_new().await.context(cannot)? {
        let (mailboxes, inactive) = (options.mailboxes, options.mailboxes / 5 * 2);
        tracing::info!(mailboxes, inactive, "Filling the sandbox directory.");
        directory
            .seed(options.seed, mailboxes, inactive)
            .await
            .context("The sandbox directory cannot be filled.")?;
    }
    Ok(sandbox)
}

/// Loads a person's own mail, unless an earlier start did.
async fn load_once<R: Reader + 'static>(
    sandbox: &Sandbox,
    folder: &Folder,
    source: &Path,
    mails: impl FnOnce() -> Result<R>,
) -> Result<()> {
    let cannot = || format!("{} cannot be read.", source.display());
    let name = source.canonicalize().with_context(cannot)?;
    let (begun, done) = (
        format!("begun {}", name.display()),
        format!("done {}", name.display()),
    );
    let loaded = fs::read_to_string(folder.loaded()).unwrap_or_default();
    if loaded.lines().any(|line| line == done) {
        return Ok(());
    }
    if loaded.lines().any(|line| line == begun) {
        bail!(
            "Loading {} was cut off half-way. Start with another folder (--data), or delete {} \
             and {} to load it from its beginning.",
            source.display(),
            folder.sandbox().display(),
            folder.loaded().display()
        );
    }
    let mails = mails().with_context(cannot)?;
    keep(folder, &format!("{loaded}{begun}\n"))?;
    tracing::info!("Loading mails from {}.", source.display());
    let mut told = 0;
    let progress = move |report: &ImportReport| {
        if report.imported >= told + PROGRESS_EVERY {
            told = report.imported;
            tracing::info!(
                mails = report.imported,
                skipped = report.skipped,
                "Loading."
            );
        }
    };
    let report = sandbox
        .import_from(mails, progress)
        .await
        .with_context(cannot)?;
    for line in report.lines() {
        tracing::info!("{line}");
    }
    if report.imported == 0 {
        // Nothing came of it, so another try may begin.
        keep(folder, &loaded)?;
        bail!("{} holds no mail that can be read.", source.display());
    }
    tracing::info!(mails = report.imported, skipped = report.skipped, "Loaded.");
    keep(folder, &format!("{loaded}{done}\n"))
}

/// Remembers what is loaded, a line for each source.
fn keep(folder: &Folder, loaded: &str) -> Result<()> {
    let path = folder.loaded();
    // It was made with the folder, for its owner alone.
    fs::write(&path, loaded).with_context(|| format!("{} cannot be written.", path.display()))
}

/// Connects the sandbox, and the mailbox that the command line names, unless they are.
pub(crate) async fn connect(options: &Options, ports: &Ports, user: &UserId) -> Result<()> {
    let sandbox = Connection::Sandbox {};
    let cannot = "The sandbox account cannot be made.";
    if !accounts::is_connected(ports, user, &sandbox)
        .await
        .context(cannot)?
    {
        let new = NewAccount {
            name: None,
            connection: sandbox,
        };
        accounts::create(ports, user, new).await.context(cannot)?;
    }
    match &options.imap {
        Some(address) => connect_imap(ports, user, address).await,
        None => Ok(()),
    }
}

async fn connect_imap(ports: &Ports, user: &UserId, address: &ImapAddress) -> Result<()> {
    let with = |password: String| {
        Connection::Imap(ImapConnection {
            host: address.host.clone(),
            port: address.port,
            security: address.security,
            user: address.user.clone(),
            credentials: Credentials::Password(password),
            submission: None,
        })
    };
    let cannot = || format!("The mailbox on {} cannot be connected.", address.host);
    let given = std::env::var(PASSWORD).ok().filter(|text| !text.is_empty());
    let password = match given {
        Some(password) => password,
        None => {
            let known = with(String::new());
            if accounts::is_connected(ports, user, &known)
                .await
                .with_context(cannot)?
            {
                return Ok(()); // Its password is kept, sealed.
            }
            ask(&address.host)?
        }
    };
    let new = NewAccount {
        name: None,
        connection: with(password),
    };
    let account = accounts::create(ports, user, new)
        .await
        .with_context(cannot)?;
    sign_in::go_on(ports, user, &account.id)
        .await
        .with_context(cannot)?;
    tracing::info!(account.id = %account.id, "The mailbox is connected.");
    Ok(())
}

fn ask(host: &str) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        bail!("The password for {host} is missing; put it into {PASSWORD}.");
    }
    rpassword::prompt_password(format!("Password for the mailbox on {host}: "))
        .context("The password cannot be read.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use bulkhead_engine::ports::Account as _;
    use bulkhead_engine::testing::memory::ManualClock;
    use clap::Parser;

    const MBOX: &str = "From ann@example.org Mon Jan  5 10:00:00 2026\n\
        From: ann@example.org\nSubject: one\nMessage-ID: <1@example.org>\n\ntext\n";

    struct Start {
        folder: Folder,
        parent: tempfile::TempDir,
    }

    fn start() -> Start {
        let parent = tempfile::tempdir().unwrap();
        let folder = Folder::open(&parent.path().join("data")).unwrap();
        Start { folder, parent }
    }

    impl Start {
        async fn with(&self, arguments: &[&str]) -> Result<Sandbox> {
            let words = ["bulkhead", "--mails", "10"].iter().chain(arguments);
            let options = Options::parse_from(words);
            sandbox(&options, &self.folder, Arc::new(ManualClock::default())).await
        }

        fn mbox(&self, content: &str) -> String {
            let path = self.parent.path().join("own.mbox");
            fs::write(&path, content).unwrap();
            path.to_str().unwrap().to_owned()
        }
    }

    #[tokio::test]
    async fn a_new_sandbox_is_filled_once() {
        let start = start();
        assert!(!start.with(&[]).await.unwrap().is_empty().await.unwrap());
        let before = start.with(&[]).await.unwrap().fingerprint().await.unwrap();
        let after = start.with(&["--seed", "9"]).await.unwrap();
        assert!(after.fingerprint().await.unwrap() == before);
    }

    #[tokio::test]
    async fn a_persons_own_mail_is_loaded_once_and_in_place_of_generated_mail() {
        let start = start();
        let mbox = start.mbox(MBOX);
        let first = start.with(&["--mbox", &mbox]).await.unwrap();
        let before = first.fingerprint().await.unwrap();
        let again = start.with(&["--mbox", &mbox]).await.unwrap();
        assert!(again.fingerprint().await.unwrap() == before);
        let without = start.with(&[]).await.unwrap();
        assert!(without.fingerprint().await.unwrap() == before);
    }

    #[tokio::test]
    async fn a_file_without_mail_is_refused_and_may_be_tried_again() {
        let start = start();
        let mbox = start.mbox("no mail");
        let refused = start.with(&["--mbox", &mbox]).await.err().unwrap();
        assert!(refused.to_string().contains("own.mbox"), "{refused}");
        start.mbox(MBOX);
        start.with(&["--mbox", &mbox]).await.unwrap();
    }

    #[tokio::test]
    async fn whatever_a_path_holds_is_found_out() {
        let start = start();
        let folder = start.parent.path().join("export");
        fs::create_dir_all(folder.join("cur")).unwrap();
        fs::write(folder.join("cur/1.a.host:2,S"), "Subject: one\n\ntext\n").unwrap();
        fs::write(folder.join("Reisen"), MBOX).unwrap();
        fs::write(folder.join("notes.txt"), "no mail").unwrap();
        let path = folder.to_str().unwrap();
        let sandbox = start.with(&["--mail", path]).await.unwrap();
        let found = sandbox.test().await.unwrap();
        assert!(found.contains("with 2 mails in 13 folders"), "{found}");
        assert!(Options::try_parse_from(["bulkhead", "--mail", path, "--mbox", path]).is_err());
    }

    #[tokio::test]
    async fn loading_that_was_cut_off_says_what_to_do() {
        let start = start();
        let mbox = start.mbox(MBOX);
        let name = Path::new(&mbox).canonicalize().unwrap();
        fs::write(start.folder.loaded(), format!("begun {}\n", name.display())).unwrap();
        let refused = start.with(&["--mbox", &mbox]).await.err().unwrap();
        assert!(refused.to_string().contains("cut off"), "{refused}");
    }
}
