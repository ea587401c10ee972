//! What becomes of the mails of each kind in this mailbox: read or not, where to, labelled how.

use super::words::*;

/// What becomes of mails of one kind in this mailbox.
pub(super) struct Habit {
    /// How its texts begin.
    pub(super) openings: &'static [&'static str],
    /// Percent that were never opened.
    pub(super) unread: u32,
    /// Folders with their percentages; the rest stays in the inbox.
    pub(super) folders: &'static [(&'static str, u32)],
    /// A label and how many percent carry it.
    pub(super) label: (&'static str, u32),
    /// A file's name, its media type, its kilobytes at most, and how many percent have one.
    pub(super) file: (&'static str, &'static str, u32, u32),
    /// What a mail says of a list.
    pub(super) list: List,
}

/// What mails of one kind say of the list that they come by.
pub(super) enum List {
    /// Nothing.
    None,
    /// That one can unsubscribe from it.
    Nameless,
    /// That, and its id.
    Named,
}

const NO_FILE: (&str, &str, u32, u32) = ("", "", 0, 0);
const PDF: &str = "application/pdf";

pub(super) const NEWSLETTER: Habit = Habit {
    openings: NEWSLETTER_OPENINGS,
    unread: 86,
    folders: &[("Newsletters", 18), ("Archive", 9), ("Trash", 3)],
    label: ("to-read", 1),
    file: NO_FILE,
    list: List::Named,
};
pub(super) const SOCIAL: Habit = Habit {
    openings: SOCIAL_OPENINGS,
    unread: 70,
    folders: &[("Archive", 8), ("Trash", 7)],
    label: ("", 0),
    file: NO_FILE,
    list: List::Nameless,
};
pub(super) const OFFER: Habit = Habit {
    openings: OFFER_OPENINGS,
    unread: 62,
    folders: &[("Archive", 8), ("Trash", 10)],
    label: ("", 0),
    file: NO_FILE,
    list: List::Nameless,
};
pub(super) const ORDER: Habit = Habit {
    openings: ORDER_OPENINGS,
    unread: 18,
    folders: &[("Receipts", 35), ("Archive", 12)],
    label: ("receipts", 12),
    file: ("receipt.pdf", PDF, 120, 30),
    list: List::None,
};
pub(super) const WORK: Habit = Habit {
    openings: TALK_OPENINGS,
    unread: 9,
    folders: &[("Work/Projects", 32), ("Work", 12), ("Archive", 14)],
    label: ("important", 5),
    file: ("slides.pdf", PDF, 6_000, 14),
    list: List::None,
};
pub(super) const PERSONAL: Habit = Habit {
    openings: TALK_OPENINGS,
    unread: 6,
    folders: &[("Archive", 36), ("Trash", 2)],
    label: ("family", 12),
    file: ("photo.jpg", "image/jpeg", 9_000, 12),
    list: List::None,
};
pub(super) const BUILD: Habit = Habit {
    openings: BUILD_OPENINGS,
    unread: 55,
    folders: &[("Work/Builds", 60), ("Trash", 6)],
    label: ("", 0),
    file: NO_FILE,
    list: List::None,
};
pub(super) const BILL: Habit = Habit {
    openings: BILL_OPENINGS,
    unread: 12,
    folders: &[("Receipts", 45), ("Archive", 15)],
    label: ("taxes", 35),
    file: ("invoice.pdf", PDF, 300, 85),
    list: List::None,
};
pub(super) const TRIP: Habit = Habit {
    openings: TRIP_OPENINGS,
    unread: 10,
    folders: &[("Travel", 55), ("Archive", 10)],
    label: ("trips", 30),
    file: ("booking.pdf", PDF, 800, 60),
    list: List::None,
};
pub(super) const MEETING: Habit = Habit {
    openings: MEETING_OPENINGS,
    unread: 15,
    folders: &[("Work", 20), ("Archive", 20), ("Trash", 12)],
    label: ("", 0),
    file: ("invite.ics", "text/calendar", 2, 90),
    list: List::None,
};
pub(super) const ALARM: Habit = Habit {
    openings: ALARM_OPENINGS,
    unread: 25,
    folders: &[("Archive", 15), ("Trash", 15)],
    label: ("", 0),
    file: NO_FILE,
    list: List::None,
};
pub(super) const SPAM: Habit = Habit {
    openings: SPAM_OPENINGS,
    unread: 95,
    folders: &[("Spam", 84), ("Trash", 6)],
    label: ("", 0),
    file: ("details.zip", "application/zip", 60, 10),
    list: List::None,
};
