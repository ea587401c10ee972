//! A directory under test, and what the rules ask of it.

use async_trait::async_trait;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Guid, Mailbox, MailboxName, Profile, Restoration, Search,
};

use crate::kinds::mailbox::{Change, Effect, ItemState, MailboxState, Restored};
use crate::ports::MailboxStore;

/// A mailbox that a directory under test begins with. It is called `NAME@company.example`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// The part of its address before the `@`; its display name too.
    pub name: String,
    /// Whether it was deleted, and is kept.
    pub inactive: bool,
    /// Its messages: folder, Message-ID, and the minute in which each was received and last changed.
    pub messages: Vec<(String, String, u32)>,
}

/// A directory with [`mailboxes`](super::mailboxes), and somebody else who uses the same one.
#[async_trait]
pub trait MailboxesUnderTest: Send + Sync {
    /// What is tested.
    fn store(&self) -> &dyn MailboxStore;

    /// The messages of a mailbox, active or not, as a plain client sees them: folder and Message-ID, in order.
    async fn messages(&self, guid: &Guid) -> Vec<(String, String)>;

    /// A message arrives in an active mailbox's inbox.
    async fn deliver(&self, guid: &Guid, id: &str);

    /// Somebody else deletes an active mailbox; the system keeps it.
    async fn delete_as_somebody_else(&self, guid: &Guid);

    /// The system lets go of an inactive mailbox for good.
    async fn purge(&self, guid: &Guid);

    /// From now on changes take effect and their answers do not arrive, or they arrive again. False:
    /// cannot be done here.
    async fn lose_answers(&self, lose: bool) -> bool;
}

/// Names the job in changes, as the engine would: short, letters and digits.
pub(super) const TAG: &str = "a1b2c3d4e5f6";

impl Made {
    pub(super) fn inactive(name: &str, messages: &[(&str, &str, u32)]) -> Self {
        let messages = messages.iter();
        Self {
            name: name.to_owned(),
            inactive: true,
            messages: messages
                .map(|(folder, id, minute)| ((*folder).to_owned(), (*id).to_owned(), *minute))
                .collect(),
        }
    }

    pub(super) fn active(name: &str, messages: &[(&str, &str, u32)]) -> Self {
        Self {
            inactive: false,
            ..Self::inactive(name, messages)
        }
    }

    /// Its address and sign-in name.
    #[must_use]
    pub fn address(&self) -> String {
        address(&self.name)
    }
}

pub(super) fn address(name: &str) -> String {
    format!("{name}@company.example")
}

pub(super) async fn all<T: MailboxesUnderTest>(under_test: &T) -> Vec<Mailbox> {
    let everything = Search::All(Vec::new());
    under_test
        .store()
        .list(&everything, 0, 500)
        .await
        .unwrap()
        .rows
}

/// The mailbox that this name belongs to, or belonged to.
pub(super) async fn named<T: MailboxesUnderTest>(under_test: &T, name: &str) -> Mailbox {
    let found = all(under_test).await.into_iter();
    let mut found = found.filter(|mailbox| mailbox.profile.smtp.starts_with(&format!("{name}@")));
    found.next().unwrap_or_else(|| panic!("{name} is gone"))
}

pub(super) async fn guid<T: MailboxesUnderTest>(under_test: &T, name: &str) -> Guid {
    named(under_test, name).await.guid
}

pub(super) fn profile(name: &str) -> Profile {
    Profile {
        upn: address(name),
        smtp: address(name),
        display_name: name.to_owned(),
        ..Profile::default()
    }
}

/// The recovery of an inactive mailbox under another name.
pub(super) fn recovery(mailbox: &Mailbox, name: &str) -> Change {
    Change {
        id: mailbox.id(),
        from: ItemState::present(MailboxState::Inactive),
        to: Some(MailboxState::Active(profile(name))),
    }
}

pub(super) fn restoration(source: &Mailbox, target: &Mailbox) -> Restoration {
    Restoration {
        source: source.guid.clone(),
        target: MailboxName::Guid(target.guid.clone()),
    }
}

/// The restore of a mailbox into another one.
pub(super) fn restore(
    source: &Mailbox,
    target: &Mailbox,
    rule: ConflictRule,
    folder: Option<&str>,
) -> Change {
    Change {
        id: restoration(source, target).id().unwrap(),
        from: ItemState::present(MailboxState::NotRestored),
        to: Some(MailboxState::Restored(Restored {
            rule,
            folder: folder.map(str::to_owned),
            copied: 0,
            receipt: Vec::new(),
        })),
    }
}

/// One change as the engine asks for it: by itself.
pub(super) async fn change<T: MailboxesUnderTest>(under_test: &T, change: &Change) -> Effect {
    let changes = std::slice::from_ref(change);
    let mut effects = under_test.store().change(changes, TAG).await.unwrap();
    assert_eq!(effects.len(), 1);
    effects.remove(0)
}

/// What a change that was done left, and the change back.
#[track_caller]
pub(super) fn done(change: &Change, effect: &Effect) -> (MailboxState, Change) {
    let Effect::Done { id, state } = effect else {
        panic!("not done but {effect:?}");
    };
    let back = Change {
        id: id.clone(),
        from: state.clone(),
        to: change.from.state.clone(),
    };
    (state.state.clone().unwrap(), back)
}

pub(super) async fn messages<T: MailboxesUnderTest>(
    under_test: &T,
    mailbox: &Mailbox,
) -> Vec<(String, String)> {
    let mut messages = under_test.messages(&mailbox.guid).await;
    messages.sort();
    messages
}
