//! To whom a mail is answered, as whom, and when not at all.

use bulkhead_shared::address::Mailbox;
use bulkhead_shared::outcome::ItemReason;
use mail_parser::{Addr, Address, Message, MimeHeaders};

use super::super::build;
use crate::header::{field, fields};

/// Headers that only mails of lists have (RFC 2369, RFC 2919, and what list programs wrote before).
const OF_LISTS: [&str; 7] = [
    "List-Id",
    "List-Post",
    "List-Help",
    "List-Unsubscribe",
    "Mailing-List",
    "X-Mailing-List",
    "X-BeenThere",
];
/// What `Precedence` says of mails that nobody is to answer by habit.
const BULK: [&str; 3] = ["list", "bulk", "junk"];
/// What it says of answers that a program wrote.
const AUTO_REPLY: &str = "auto_reply";
/// Addresses that a reply goes to, most: whoever names more than these does not ask for one.
const TO_MOST: usize = 10;
/// Headers that programs put on what they answer by themselves, beside `Auto-Submitted` (RFC 3834, section 5).
const OF_PROGRAMS: [&str; 3] = ["X-Autoreply", "X-Autorespond", "X-Failed-Recipients"];
/// How the parts of an address begin that takes no answers, without what parts its words.
const NO_ANSWERS: [&str; 11] = [
    "noreply",
    "noreplies",
    "donotreply",
    "dontreply",
    "nichtantworten",
    "keineantwort",
    "nepasrepondre",
    "noresponder",
    "mailerdaemon",
    "bounces",
    "bounce",
];
/// What parts the words of an address.
const BETWEEN: [char; 4] = ['-', '_', '.', '+'];

/// Whom a reply is between.
pub(super) struct Parties {
    /// None where it is not known under which address the account writes: a mail program puts its own there.
    pub(super) from: Option<Mailbox>,
    /// At least one.
    pub(super) to: Vec<Mailbox>,
}

/// Whom the reply to a mail is between; or why there is none.
pub(super) fn parties(
    mail: &Message<'_>,
    header: &[u8],
    own: Option<&str>,
) -> Result<Parties, ItemReason> {
    if is_of_a_program(mail, header) {
        return Err(ItemReason::OfAProgram);
    }
    if is_of_a_list(header) {
        return Err(ItemReason::OfAList);
    }
    if is_from(mail, own) {
        return Err(ItemReason::OwnMail);
    }
    let is_own = |address: &Mailbox| own.is_some_and(|own| leads_to(address, own));
    let from = mail.from().map(mailboxes).unwrap_or_default();
    let asked_for = mail.reply_to().map(mailboxes).unwrap_or_default();
    // Whoever says where answers go gets none anywhere else (RFC 5322, section 3.6.2).
    let candidates = match asked_for.is_empty() {
        true => from,
        false => asked_for,
    };
    let takers = candidates.into_iter();
    let takers = takers.filter(|it| takes_answers(it) && !is_own(it));
    let to: Vec<Mailbox> = takers.take(TO_MOST).collect();
    match to.is_empty() {
        true => Err(ItemReason::NobodyToAnswer),
        false => Ok(Parties {
            to,
            from: written_to(mail, own),
        }),
    }
}

fn is_of_a_list(header: &[u8]) -> bool {
    let of_a_list = OF_LISTS.iter().any(|name| field(header, name).is_some());
    let precedence = field(header, "Precedence").map(in_small_letters);
    of_a_list || precedence.is_some_and(|it| BULK.contains(&it.as_str()))
}

fn is_of_a_program(mail: &Message<'_>, header: &[u8]) -> bool {
    let mut said = fields(header)
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"Auto-Submitted"))
        .map(|(_, value)| in_small_letters(value));
    let is_report = mail.content_type().is_some_and(|it| {
        it.ctype().eq_ignore_ascii_case("multipart")
            && it
                .subtype()
                .is_some_and(|of| of.eq_ignore_ascii_case("report"))
    });
    let precedence = field(header, "Precedence").map(in_small_letters);
    said.any(|value| value.split(';').next().map(str::trim) != Some("no"))
        || precedence.as_deref() == Some(AUTO_REPLY)
        || OF_PROGRAMS.iter().any(|name| field(header, name).is_some())
        || field(header, "Return-Path") == Some(b"<>")
        || is_report
}

fn in_small_letters(value: &[u8]) -> String {
    String::from_utf8_lossy(value).trim().to_lowercase()
}

/// Addresses that can be written to, with domains in the letters of the DNS.
fn mailboxes(all: &Address<'_>) -> Vec<Mailbox> {
    all.iter().filter_map(mailbox).collect()
}

fn mailbox(addr: &Addr<'_>) -> Option<Mailbox> {
    let address = Mailbox::read(addr.address()?).ok()?.address;
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let name: String = addr
        .name()
        .unwrap_or_default()
        .chars()
        .map(visible)
        .collect();
    let mut name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    name.truncate(name.floor_char_boundary(bulkhead_shared::address::NAME_BYTES));
    Some(Mailbox {
        name,
        address: build::ascii(&address)?,
    })
}

/// Whether somebody reads what comes there, as far as the address says. Words count from where one begins, so that
/// `bruno.reply` is a person.
fn takes_answers(to: &Mailbox) -> bool {
    let local = to.address.local().to_lowercase();
    let words: Vec<&str> = local.split(BETWEEN).collect();
    !(0..words.len()).any(|from| {
        let rest = words.get(from..).unwrap_or_default().concat();
        NO_ANSWERS.iter().any(|word| match *word {
            // Somebody may be called Bounceman.
            "bounce" | "bounces" => words.get(from) == Some(word),
            word => rest.starts_with(word),
        })
    })
}

/// Whether a mail says that it comes from this address.
pub(super) fn is_from(mail: &Message<'_>, own: Option<&str>) -> bool {
    let from = mail.from().map(mailboxes).unwrap_or_default();
    let mut from = from.iter();
    own.is_some_and(|own| from.any(|it| leads_to(it, own)))
}

/// Whether mails to it come to this address: it is the same, but for what may stand behind a plus (RFC 5233).
fn leads_to(one: &Mailbox, own: &str) -> bool {
    let Some((local, domain)) = own.trim().rsplit_once('@') else {
        return false;
    };
    let of = one.address.local();
    let plain = of.split_once('+').map_or(of, |(plain, _)| plain);
    let is_local = |it: &str| it.eq_ignore_ascii_case(local);
    (is_local(of) || is_local(plain)) && one.address.domain().eq_ignore_ascii_case(domain)
}

fn is_same(one: &Mailbox, own: &str) -> bool {
    one.address.to_string().eq_ignore_ascii_case(own.trim())
}

/// The address under which the mail was written to, where it is the account's own; otherwise the account's, if that is
/// an address.
fn written_to(mail: &Message<'_>, own: Option<&str>) -> Option<Mailbox> {
    let own = own?;
    let all = [mail.to(), mail.cc()].into_iter().flatten();
    let mut written_to = all.flat_map(mailboxes);
    if !own.contains('@') {
        // It signs in by a name: an address that begins with it is taken for its own.
        return written_to.find(|to| to.address.local().eq_ignore_ascii_case(own));
    }
    let found = written_to.find(|to| is_same(to, own));
    found.or_else(|| {
        let address = build::ascii(&Mailbox::read(own).ok()?.address)?;
        let name = String::new();
        Some(Mailbox { name, address })
    })
}
