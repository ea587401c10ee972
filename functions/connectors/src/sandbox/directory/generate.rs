//! A directory from a seed: people of a company, some of whom have left, with all that stands in the way of
//! bringing their mailboxes back. The same seed and time give the same directory.

use bulkhead_shared::kinds::mailbox::{Guid, Mailbox, Profile, Status};
use jiff::{SignedDuration, Timestamp};

use super::super::contacts::{FAMILY, GIVEN};
use super::super::generate::{Dice, mix};
use super::messages::Message;
use super::{KEPT, QUOTA_BYTES};

/// The domain of all addresses (RFC 2606).
const DOMAIN: &str = "company.example";
const DEPARTMENTS: [&str; 6] = [
    "Sales",
    "Support",
    "IT",
    "Finance",
    "Research",
    "Operations",
];
/// Of each hundred inactive mailboxes: those whose retention is over, those on hold, those whose address somebody
/// else has by now, and those that are larger than what is left of any quota.
const OVER: u32 = 8;
const HELD: u32 = 5;
const TAKEN: u32 = 8;
const LARGE: u32 = 3;
/// Bytes of each message of a large one.
const LARGE_BYTES: i64 = 700_000_000;
/// Messages of a circular that everybody has.
const CIRCULARS: u32 = 4;

/// The mailboxes of a directory, each with its messages.
pub(super) fn directory(
    seed: u64,
    mailboxes: u32,
    inactive: u32,
    now: Timestamp,
) -> Vec<(Mailbox, Vec<Message>)> {
    let mut all: Vec<(Mailbox, Vec<Message>)> = Vec::with_capacity(mailboxes as usize);
    for index in 0..mailboxes {
        let is_inactive = index < inactive.min(mailboxes);
        let mut made = mailbox(seed, index, is_inactive, now);
        if !is_inactive && index - inactive < TAKEN * inactive.div_ceil(100) {
            // Whoever came after somebody with the same name got the address.
            let before = &all[(index - inactive) as usize].0.profile;
            made.profile.upn.clone_from(&before.upn);
            made.profile.smtp.clone_from(&before.smtp);
        }
        let messages = messages(seed, index, now, is_inactive);
        all.push((made, messages));
    }
    all
}

fn mailbox(seed: u64, index: u32, is_inactive: bool, now: Timestamp) -> Mailbox {
    let mut dice = Dice::new(seed ^ 0xd1ec, index);
    let (first, last) = (dice.pick(&GIVEN), dice.pick(&FAMILY));
    let address = format!("{}.{}{index}@{DOMAIN}", plain(first), plain(last));
    let days_ago = match (30..30 + OVER).contains(&(index % 100)) {
        true => 31 + dice.below(20),
        false => 1 + dice.below(28),
    };
    let deleted_at = now - SignedDuration::from_hours(i64::from(days_ago) * 24);
    let status = match is_inactive {
        true => Status::Inactive {
            deleted_at: Some(deleted_at),
            retained_until: Some(deleted_at + KEPT),
        },
        false => Status::Active,
    };
    Mailbox {
        guid: guid(seed, index),
        profile: Profile {
            upn: address.clone(),
            smtp: address,
            display_name: format!("{first} {last}"),
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            department: dice.pick(&DEPARTMENTS).to_owned(),
            company: "Company Ltd".to_owned(),
        },
        status,
        items: None,
        bytes: None,
        quota_bytes: Some(QUOTA_BYTES),
        on_hold: is_inactive && (50..50 + HELD).contains(&(index % 100)),
    }
}

fn messages(seed: u64, index: u32, now: Timestamp, is_inactive: bool) -> Vec<Message> {
    let mut dice = Dice::new(seed ^ 0x3a11, index);
    let is_large = is_inactive && (70..70 + LARGE).contains(&(index % 100));
    let own = dice.between(3, 9);
    let mut all = Vec::new();
    for number in 0..own + CIRCULARS {
        let is_own = number < own;
        let id = match is_own {
            true => format!("<{index}.{number}@{DOMAIN}>"),
            false => format!("<circular.{}@{DOMAIN}>", number - own),
        };
        let minutes = dice.below(500_000);
        let at = now - SignedDuration::from_mins(i64::from(minutes));
        let bytes = match is_large {
            true => LARGE_BYTES,
            false => i64::from(dice.between(2_000, 400_000)),
        };
        all.push(Message {
            number: 0,
            folder: if is_own {
                dice.pick(&["INBOX", "Sent", "Archive", "Work/Projects"])
            } else {
                "INBOX"
            }
            .to_owned(),
            id,
            changed: at.as_millisecond(),
            bytes,
        });
    }
    all
}

fn guid(seed: u64, index: u32) -> Guid {
    let halves = [
        mix(seed ^ mix(u64::from(index))),
        mix(seed ^ mix(u64::from(index) | 1 << 40)),
    ];
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&halves[0].to_be_bytes());
    bytes[8..].copy_from_slice(&halves[1].to_be_bytes());
    Guid::of_bytes(bytes)
}

/// A name as it stands in an address: letters of ASCII alone.
fn plain(name: &str) -> String {
    let letters = name.chars().filter_map(|letter| match letter {
        'ü' => Some('u'),
        'ö' | 'ø' => Some('o'),
        'é' | 'ë' => Some('e'),
        'á' => Some('a'),
        'ł' | 'Ł' => Some('l'),
        'Š' | 'š' => Some('s'),
        'ć' => Some('c'),
        letter => letter
            .is_ascii_alphabetic()
            .then_some(letter.to_ascii_lowercase()),
    });
    letters.collect()
}
