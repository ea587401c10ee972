//! What items are to become, in the words of their account.

use bulkhead_shared::operations::{ContactTarget, MailboxTarget};
use bulkhead_shared::outcome::ItemReason;

use super::State;
use super::duplicate::Kept;
use super::{contact, mail, mailbox};

/// What an operation makes of each item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// What it was before the job that is undone.
    Back,
    /// A change of mails.
    Mail(mail::Goal),
    /// A change of contacts.
    Contact(ContactTarget),
    /// A change of whole mailboxes.
    Mailbox(MailboxTarget),
}

/// The way back of one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Back {
    /// As the job that is undone left it.
    pub left: State,
    /// As it was before that job.
    pub prior: State,
}

impl Goal {
    /// What an item is to become that is this now; or why it is not to be touched. `back` is its way back
    /// in an undo, and `input` what the operation brings for it alone.
    pub fn aim(
        &self,
        now: &State,
        back: Option<&Back>,
        input: Option<&[u8]>,
    ) -> Result<State, ItemReason> {
        let to = match self {
            Self::Back => back.ok_or(ItemReason::Internal)?.aim(now)?,
            Self::Mail(goal) => goal.aim(now)?,
            Self::Contact(target) => contact::aim(target, now, input)?,
            Self::Mailbox(target) => mailbox::aim(target, now, input)?,
        };
        match to.says_the_same(now) {
            true => Err(ItemReason::AlreadyDone),
            false => Ok(to),
        }
    }
}

impl Goal {
    /// The item that has to stay if one goes for which the operation brings this; none where none has to.
    pub fn kept(&self, input: Option<&[u8]>) -> Option<Kept> {
        match self {
            Self::Contact(ContactTarget::Merged) => Kept::decode(input?),
            _ => None,
        }
    }
}

impl Back {
    /// What an item goes back to that is this now. Only our own change is taken back (invariant 9).
    fn aim(&self, now: &State) -> Result<State, ItemReason> {
        if now.is_still(&self.left) || now.says_the_same(&self.prior) {
            Ok(self.prior.clone())
        } else if *now == State::Absent {
            Err(ItemReason::Missing)
        } else {
            Err(ItemReason::ChangedSince)
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use bulkhead_shared::vcard::Edit;

    use super::*;
    use crate::kinds::duplicate::Said;
    use crate::testing::mailbox::place;

    fn card(name: &str) -> State {
        let text = format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nFN:{name}\r\nEND:VCARD\r\n");
        State::Contact(text.into_bytes())
    }

    #[test]
    fn creating_and_deleting_are_changes_from_and_to_absence() {
        let State::Contact(input) = card("new") else {
            unreachable!()
        };
        let new = Goal::Contact(ContactTarget::New { book: None });
        let aim = |now: &State| new.aim(now, None, Some(&input));
        assert_eq!(aim(&State::Absent), Ok(card("new")));
        assert_eq!(aim(&card("new")), Err(ItemReason::AlreadyDone));
        assert_eq!(aim(&card("theirs")), Err(ItemReason::ChangedSince));
        let without_a_card = new.aim(&State::Absent, None, None);
        assert_eq!(without_a_card, Err(ItemReason::Internal));

        let gone = Goal::Contact(ContactTarget::Gone);
        assert_eq!(gone.aim(&card("a"), None, None), Ok(State::Absent));
        let twice = gone.aim(&State::Absent, None, None);
        assert_eq!(twice, Err(ItemReason::Missing));

        let edited = Goal::Contact(ContactTarget::Edited(vec![Edit::FullName("b".to_owned())]));
        assert_eq!(edited.aim(&card("a"), None, None), Ok(card("b")));
        let same = edited.aim(&card("b"), None, None);
        assert_eq!(same, Err(ItemReason::AlreadyDone));
        let unreadable = edited.aim(&State::Contact(b"?".to_vec()), None, None);
        assert_eq!(unreadable, Err(ItemReason::Refused));
    }

    #[test]
    fn a_mail_goes_into_a_folder_or_is_marked_and_what_is_so_already_is_done() {
        let inbox = |flags: &[&str]| place("INBOX", flags);
        let folder = |name: &str| mail::Goal::Folder(name.to_owned());
        let flags = |add: &[&str], remove: &[&str]| mail::Goal::Flags {
            add: add.iter().map(|flag| (*flag).to_owned()).collect(),
            remove: remove.iter().map(|flag| (*flag).to_owned()).collect(),
        };
        let done = Err(ItemReason::AlreadyDone);
        for (goal, now, to) in [
            (folder("Work"), inbox(&["a"]), Ok(place("Work", &["a"]))),
            (folder("INBOX"), inbox(&["a"]), done.clone()),
            (
                flags(&["a", "b"], &[]),
                inbox(&["a"]),
                Ok(inbox(&["a", "b"])),
            ),
            (
                flags(&[], &["a", "c"]),
                inbox(&["a", "b"]),
                Ok(inbox(&["b"])),
            ),
            (
                flags(&["c"], &["a"]),
                inbox(&["a", "b"]),
                Ok(inbox(&["b", "c"])),
            ),
            (flags(&["a"], &["c"]), inbox(&["a", "b"]), done.clone()),
            // One label, in whatever case it is written: Dovecot answers with the case that came first.
            (flags(&["WORK"], &[]), inbox(&["Work"]), done),
            (flags(&[], &["WORK"]), inbox(&["Work"]), Ok(inbox(&[]))),
            (folder("Work"), State::Absent, Err(ItemReason::Missing)),
            (folder("Work"), card("a"), Err(ItemReason::Internal)),
        ] {
            let aimed = Goal::Mail(goal.clone()).aim(&now, None, None);
            assert_eq!(aimed, to, "{goal:?} {now:?}");
        }
    }

    #[test]
    fn only_where_one_gives_way_to_another_something_has_to_stay() {
        let said = Said::of(&card("a")).unwrap();
        let kept = said.kept(&"/b/a.vcf".parse().unwrap());
        let input = kept.encode();
        let merged = Goal::Contact(ContactTarget::Merged);
        assert_eq!(merged.kept(None), None);
        assert_eq!(merged.kept(Some(&input)), Some(kept));
        for other in [Goal::Back, Goal::Contact(ContactTarget::Gone)] {
            assert_eq!(other.kept(Some(&input)), None, "{other:?}");
        }
    }

    #[test]
    fn only_our_own_change_goes_back() {
        let back = |left: State, prior: State, now: State| {
            Goal::Back.aim(&now, Some(&Back { left, prior }), None)
        };
        use State::Absent;
        let deleted = back(Absent, card("a"), Absent);
        assert_eq!(deleted, Ok(card("a")));
        let made_anew = back(Absent, card("a"), card("theirs"));
        assert_eq!(made_anew, Err(ItemReason::ChangedSince));
        assert_eq!(back(card("a"), Absent, card("a")), Ok(Absent));
        let made_and_gone = back(card("a"), Absent, Absent);
        assert_eq!(made_and_gone, Err(ItemReason::AlreadyDone));
        assert_eq!(back(card("b"), card("a"), card("b")), Ok(card("a")));
        let gone = back(card("b"), card("a"), Absent);
        assert_eq!(gone, Err(ItemReason::Missing));
        let theirs = back(card("b"), card("a"), card("theirs"));
        assert_eq!(theirs, Err(ItemReason::ChangedSince));
        let without_a_way_back = Goal::Back.aim(&card("a"), None, None);
        assert_eq!(without_a_way_back, Err(ItemReason::Internal));
    }
}
