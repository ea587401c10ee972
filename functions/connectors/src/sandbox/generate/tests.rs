#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use mail_parser::MessageParser;

use super::*;

fn recipe(mails: u32) -> Recipe {
    Recipe {
        seed: 7,
        mails,
        now: "2026-11-01T12:00:00Z".parse().unwrap(),
    }
}

/// Changing what a seed gives changes everybody's sandbox under their feet. If it has to be, this
/// figure changes with it, and knowingly.
#[test]
fn the_same_seed_gives_the_same_mail_for_ever() {
    let recipe = recipe(1_000);
    let mut all = String::new();
    for index in 0..1_000 {
        let mail = recipe.mail(index);
        all.push_str(&format!("{mail:?}"));
    }
    assert_eq!(recipe.mail(500), recipe.mail(500));
    let hash = bulkhead_shared::hash::sha256_hex(all.as_bytes());
    assert_eq!(&hash[..16], "d4dfb174ce294e1c");
}

#[test]
fn sizes_are_right_and_every_message_reads_as_meant() {
    let recipe = recipe(2_000);
    for index in 0..2_000 {
        let mail = recipe.mail(index);
        let message = mail.message();
        let size = message.size();
        let bytes: Vec<u8> = message.blocks().flatten().collect();
        assert_eq!(bytes.len() as u64, size, "mail {index}");
        let read = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(read.subject(), Some(mail.subject.as_str()), "mail {index}");
        assert_eq!(
            read.from().unwrap().first().unwrap().address(),
            Some(mail.sender.address.as_str())
        );
        assert_eq!(
            read.date().unwrap().to_timestamp(),
            mail.received.as_second()
        );
        assert_eq!(
            read.attachment_count(),
            mail.attachments.len(),
            "mail {index}"
        );
        let text = read.body_text(0).unwrap();
        assert_eq!(text.trim(), mail.text.trim(), "mail {index}");
    }
}

#[test]
fn it_looks_like_an_overflowing_mailbox() {
    let recipe = recipe(20_000);
    let mut folders = BTreeMap::new();
    let (mut unread, mut newsletters, mut replies, mut starred, mut files) = (0, 0, 0, 0, 0);
    let mut last = Timestamp::MIN;
    for index in 0..recipe.mails {
        let mail = recipe.mail(index);
        assert!(
            mail.received >= last && mail.received < recipe.now,
            "mail {index}"
        );
        last = mail.received;
        *folders.entry(mail.folder).or_insert(0) += 1;
        unread += u32::from(!mail.flags.contains(&"\\Seen"));
        starred += u32::from(mail.flags.contains(&"\\Flagged"));
        newsletters += u32::from(
            words::NEWSLETTERS
                .iter()
                .any(|n| n.1 == mail.sender.address),
        );
        replies += u32::from(mail.subject.starts_with("Re: "));
        files += u32::from(!mail.attachments.is_empty());
    }
    let between = |what: &str, count: u32, least, most| {
        assert!((least..=most).contains(&count), "{what}: {count}");
    };
    between("newsletters", newsletters, 8_500, 9_500);
    between("unread", unread, 10_000, 14_000);
    between("replies", replies, 1_000, 2_300);
    between("starred", starred, 150, 600);
    between("files", files, 600, 2_000);
    between("inbox", folders["INBOX"], 11_000, 16_000);
    assert_eq!(newsletters, 9_000);
    assert!(folders.len() == 12, "{folders:?}");
    let first = recipe.mail(0).received;
    assert!(
        recipe.now.duration_since(first)
            > SPAN.checked_sub(SignedDuration::from_hours(48)).unwrap()
    );
}

#[test]
fn issues_of_a_newsletter_are_numbered_through() {
    let recipe = recipe(3_000);
    let (name, address, first) = words::NEWSLETTERS[0];
    let issue = |mail: &Mail| {
        mail.subject
            .split_once('#')?
            .1
            .split(|c: char| !c.is_ascii_digit())
            .next()?
            .parse::<u32>()
            .ok()
    };
    let mails = (0..recipe.mails).map(|index| recipe.mail(index));
    let of_one: Vec<Mail> = mails
        .filter(|mail| mail.sender.address == address)
        .collect();
    let round = words::NEWSLETTERS.len();
    assert_eq!(of_one.len(), 1_350usize.div_ceil(round), "{name}");
    for (number, mail) in of_one.iter().enumerate() {
        assert!(
            issue(mail).is_none_or(|issue| issue == first + number as u32),
            "{}",
            mail.subject
        );
    }
}
