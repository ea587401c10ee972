//! A deleted folder that is read by the administrator, with the marks as read of the one it belonged to.

use super::mails::{Mail, mails};
use super::rights;
use crate::imap::facts::Fact;
use crate::imap::fault::Fault;
use crate::imap::session::{Session, Told};
use crate::imap::utf7;
use crate::imap::words::Words;

/// Whether marks as read are the folder's and not each user's. While it is so, the administrator sees those
/// of the owner.
const SHARED_SEEN: &str = "/shared/vendor/cmu/cyrus-imapd/sharedseen";

const READING: &str = "lrs";

/// An open source.
pub(super) struct Source {
    name: String,
    was_shared: bool,
}

impl Source {
    /// Lends the rights it takes to read it, and makes its owner's marks visible. `resumed`: somebody
    /// did so before and died.
    pub(super) async fn open(
        session: &mut Session,
        name: &str,
        administrator: &str,
        had: &str,
        resumed: bool,
    ) -> Result<Self, Fault> {
        rights::lend(session, name, administrator, had, READING).await?;
        let is_shared = is_shared(session, name).await?;
        let was_shared = is_shared && !resumed;
        if !is_shared {
            share(session, name, true).await?;
        }
        Ok(Self {
            name: name.to_owned(),
            was_shared,
        })
    }

    /// Leaves it as it was.
    pub(super) async fn close(
        self,
        session: &mut Session,
        administrator: &str,
        had: &str,
    ) -> Result<(), Fault> {
        // What is open keeps what was.
        session.opened = None;
        match self.was_shared {
            true => rights::put_back(session, &self.name, administrator, had).await,
            false => leave(session, &self.name, administrator, had).await,
        }
    }

    /// Makes it the open folder.
    pub(super) async fn select(&self, session: &mut Session) -> Result<(), Fault> {
        let opened = session.open(&utf7::name(self.name.as_bytes())).await?;
        opened.map_err(|refusal| Fault::Call(refusal.as_call()))?;
        Ok(())
    }

    /// All its mails, in the order of their UIDs.
    pub(super) async fn mails(&self, session: &mut Session) -> Result<Vec<Mail>, Fault> {
        self.select(session).await?;
        mails(session).await
    }
}

/// Leaves a source as it was that somebody opened and died.
pub(super) async fn leave(
    session: &mut Session,
    name: &str,
    administrator: &str,
    had: &str,
) -> Result<(), Fault> {
    share(session, name, false).await?;
    rights::put_back(session, name, administrator, had).await
}

async fn is_shared(session: &mut Session, name: &str) -> Result<bool, Fault> {
    let words = Words::new("GETMETADATA ")
        .text(name)
        .plain(&format!(" ({SHARED_SEEN})"));
    let mut is_shared = false;
    let end = session
        .run(words, &mut |told| {
            if let Told::Fact(Fact::Annotations { entries, .. }) = told {
                is_shared = entries.iter().any(|(entry, value)| {
                    entry == SHARED_SEEN && value.as_deref() == Some(b"true")
                });
            }
        })
        .await?;
    end.ok()?;
    Ok(is_shared)
}

async fn share(session: &mut Session, name: &str, shared: bool) -> Result<(), Fault> {
    let words = Words::new("SETMETADATA ")
        .text(name)
        .plain(&format!(" ({SHARED_SEEN} \"{shared}\")"));
    session.write(words, &mut |_| {}).await?.ok()?;
    Ok(())
}
