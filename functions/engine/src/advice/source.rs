//! Senders and lists, told apart so that a search finds the mails of each.

use std::collections::{HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};

use crate::records::ScannedFolder;
use crate::scan::word;

/// A mail that came so recently may be unread because nobody looked yet.
const FRESH: SignedDuration = SignedDuration::from_hours(3 * 24);
/// Mails of a source that tell what its owner does with them: the last ones that are settled, and came in this time.
/// Habits change, and what came long ago tells of another one.
const RECENT_MOST: usize = 40;
/// How long ago those came at the most.
const RECENT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// The inbox, which has this name wherever folders are told apart (RFC 9051, section 5.1).
const INBOX: &str = "INBOX";
/// Who wrote nothing for so long need not be asked to write no more.
const ALIVE: SignedDuration = SignedDuration::from_hours(60 * 24);
/// Bytes of a search for one source, most: so that all suggestions fit a row, whatever names people give to lists.
pub(super) const SOURCE_BYTES: usize = 160;
/// Characters of a name that are kept.
const NAME_CHARS: usize = 60;

/// All mails of a list, or those that a sender wrote by no list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Source {
    /// The search that finds them.
    pub query: String,
    /// What names it among the lists that can be asked to write no more: the id of the list, or the address.
    pub key: String,
    /// The address of who sent the last one.
    pub address: String,
    /// The name of who sent the last one; the address where there is none.
    pub name: String,
    /// It came by a list.
    pub is_list: bool,
    /// More than one sender writes by it.
    pub is_shared: bool,
    /// Written by a machine, by what one of them says.
    pub automatic: bool,
    pub mails: u64,
    /// Those that came early enough to have been read.
    pub settled: u64,
    /// How many of those were.
    pub read: u64,
    pub starred: u64,
    pub answered: u64,
    /// Its last mails that are settled; none where the headers do not tell one folder from another.
    pub recent: u64,
    /// Those of them that are out of the inbox, whoever did that: by hand, here or elsewhere. What was brought back
    /// counts no more.
    pub put_away: u64,
    /// Bytes of all of them.
    pub bytes: u64,
    /// Somebody who is not to lose sight of it: it was answered, or is in the contacts.
    pub is_protected: bool,
    /// When the last one came.
    pub latest: Option<Timestamp>,
    /// One of its mails says how to unsubscribe, and the last one came not long ago.
    pub can_be_left: bool,
}

/// What mails have in common.
#[derive(PartialEq, Eq, Hash, Clone)]
enum Common {
    List(String),
    /// List mail without the id of a list.
    Nameless(String),
    Direct(String),
}

/// All sources of these folders, those with the most mails first. Who was ever answered, or is one of these `people`,
/// is protected, and so is whoever a search cannot tell from them.
pub fn sources(folders: &[ScannedFolder], people: &HashSet<String>, now: Timestamp) -> Vec<Source> {
    let mut found: HashMap<Common, Source> = HashMap::new();
    let mut recent: HashMap<Common, Vec<(Timestamp, bool)>> = HashMap::new();
    let is_inbox = |folder: &ScannedFolder| folder.name.eq_ignore_ascii_case(INBOX);
    let tells_folders = folders.iter().any(is_inbox);
    for folder in folders {
        let is_away = !is_inbox(folder);
        for mail in &folder.mails {
            let Some(sender) = folder.senders.get(mail.sender as usize) else {
                continue;
            };
            if sender.address.is_empty() {
                continue;
            }
            let address = sender.address.clone();
            let common = match sender.list.as_deref() {
                Some("") => Common::Nameless(address),
                Some(list) => Common::List(list.to_owned()),
                None => Common::Direct(address),
            };
            let settled = mail.received + FRESH <= now;
            if tells_folders && settled && mail.received + RECENT > now {
                let recent = recent.entry(common.clone()).or_default();
                recent.push((mail.received, is_away));
            }
            let source = found.entry(common).or_default();
            source.is_shared |= source.latest.is_some() && source.address != sender.address;
            if source.latest.is_none_or(|latest| latest <= mail.received) {
                source.latest = Some(mail.received);
                source.address.clone_from(&sender.address);
                if !sender.name.is_empty() {
                    source.name = sender.name.chars().take(NAME_CHARS).collect();
                }
            }
            source.automatic |= sender.automatic;
            let is_alive = mail.received + ALIVE > now;
            source.can_be_left |= sender.unsubscribe && is_alive;
            source.mails += 1;
            source.settled += u64::from(settled);
            source.read += u64::from(settled && !mail.unread);
            source.starred += u64::from(mail.starred);
            source.answered += u64::from(mail.answered);
            source.bytes += mail.size;
        }
    }
    for (common, mut mails) in recent {
        mails.sort_unstable_by(|a, b| b.cmp(a));
        mails.truncate(RECENT_MOST);
        if let Some(source) = found.get_mut(&common) {
            source.recent = mails.len() as u64;
            source.put_away = mails.iter().filter(|(_, is_away)| *is_away).count() as u64;
        }
    }
    named(found, people)
}

/// Gives each its search, and protects those that are to be.
fn named(found: HashMap<Common, Source>, people: &HashSet<String>) -> Vec<Source> {
    let answered = found.values().filter(|source| source.answered > 0);
    let protected: HashSet<String> = answered
        .map(|source| source.address.clone())
        .chain(people.iter().cloned())
        .collect();
    let by_list: HashSet<String> = found
        .iter()
        .filter(|(common, _)| !matches!(common, Common::Direct(_)))
        .map(|(_, source)| source.address.clone())
        .collect();
    let named = found.into_iter().filter_map(|(common, source)| {
        let (query, is_list, wanted) = match &common {
            Common::List(list) => (word("list", list)?, true, &source.address),
            Common::Nameless(address) => {
                (format!("{} is:list", word("from", address)?), true, address)
            }
            Common::Direct(address) if by_list.contains(address) => (
                format!("{} -is:list", word("from", address)?),
                false,
                address,
            ),
            Common::Direct(address) => (word("from", address)?, false, address),
        };
        // `from:ann@x` finds joann@x as well.
        let is_protected = protected.iter().any(|it| it.contains(wanted));
        let name = match source.name.is_empty() {
            true => source.address.chars().take(NAME_CHARS).collect(),
            false => source.name.clone(),
        };
        let fits = query.len() <= SOURCE_BYTES;
        let key = match common {
            Common::List(key) | Common::Nameless(key) | Common::Direct(key) => key,
        };
        fits.then_some(Source {
            query,
            key,
            name,
            is_list,
            is_protected,
            ..source
        })
    });
    let mut sources: Vec<Source> = named.collect();
    sources.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| a.query.cmp(&b.query)));
    sources
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::{ScannedMail, ScannedSender};

    fn now() -> Timestamp {
        "2026-06-01T00:00:00Z".parse().unwrap()
    }

    fn folder(mails: &[(&str, Option<&str>, bool, bool)]) -> ScannedFolder {
        let mut folder = ScannedFolder::default();
        for (address, list, unread, answered) in mails {
            let sender = ScannedSender {
                address: (*address).to_owned(),
                list: list.map(str::to_owned),
                ..ScannedSender::default()
            };
            folder.senders.push(sender);
            folder.mails.push(ScannedMail {
                key: 1,
                sender: folder.senders.len() as u32 - 1,
                received: "2026-01-01T00:00:00Z".parse().unwrap(),
                size: 10,
                unread: *unread,
                starred: false,
                answered: *answered,
            });
        }
        folder
    }

    fn told(folder: ScannedFolder, people: &[&str]) -> Vec<(String, u64, u64, bool)> {
        let people = people.iter().map(|it| (*it).to_owned()).collect();
        let mut told: Vec<_> = sources(&[folder], &people, now())
            .into_iter()
            .map(|it| (it.query, it.mails, it.read, it.is_protected))
            .collect();
        told.sort();
        told
    }

    #[test]
    fn mails_by_a_list_and_by_none_are_two_sources() {
        let mails = [
            ("shop@x.example", Some(""), true, false),
            ("shop@x.example", None, false, false),
            ("news@y.example", Some("news.y.example"), true, false),
            ("other@y.example", Some("news.y.example"), false, false),
            ("", None, false, false),
        ];
        let all = [
            ("from:shop@x.example -is:list".to_owned(), 1, 1, false),
            ("from:shop@x.example is:list".to_owned(), 1, 0, false),
            ("list:news.y.example".to_owned(), 2, 1, false),
        ];
        assert_eq!(told(folder(&mails), &[]), all);
    }

    #[test]
    fn who_is_found_by_the_search_for_another_protects_both() {
        let mails = [
            ("joann@x.example", None, false, true),
            ("ann@x.example", None, true, false),
            ("bob@x.example", None, true, false),
        ];
        let protected: Vec<bool> = told(folder(&mails), &[]).iter().map(|it| it.3).collect();
        assert_eq!(protected, [true, false, true], "ann, bob, joann");
        let known = told(folder(&mails), &["bob@x.example"]);
        assert!(known[1].3);
    }

    #[test]
    fn a_list_by_which_many_write_is_told_from_one_that_has_one_voice() {
        let mails = [
            ("news@x.example", Some("news.x.example"), true, false),
            ("news@x.example", Some("news.x.example"), true, false),
            ("ann@y.example", Some("talk.y.example"), true, false),
            ("bob@y.example", Some("talk.y.example"), true, false),
        ];
        let shared = |query: &str| {
            let all = sources(&[folder(&mails)], &HashSet::new(), now());
            all.iter().find(|it| it.query == query).unwrap().is_shared
        };
        assert!(shared("list:talk.y.example") && !shared("list:news.x.example"));
    }

    #[test]
    fn what_became_of_the_last_mails_is_told_where_folders_are() {
        let of = |name: &str, days: &[i64]| {
            let mut folder = folder(&vec![("a@x.example", None, false, false); days.len()]);
            folder.name = name.to_owned();
            for (mail, days) in folder.mails.iter_mut().zip(days) {
                mail.received = now() - SignedDuration::from_hours(24 * days);
            }
            folder
        };
        let told = |folders: &[ScannedFolder]| {
            let source = &sources(folders, &HashSet::new(), now())[0];
            (source.mails, source.recent, source.put_away)
        };
        // One that came yesterday may still be put away, and long ago was another habit.
        let inbox = of("Inbox", &[1, 10, 200]);
        let away = of("Archive", &[20, 30, 40, 300]);
        assert_eq!(told(&[inbox.clone(), away]), (7, 4, 3));
        let many: Vec<i64> = (0..60).map(|n| 5 + n).collect();
        assert_eq!(told(&[inbox, of("Work", &many)]), (63, 40, 39));
        // Where all of them are read as one, nothing is known.
        assert_eq!(told(&[of("", &many)]), (60, 0, 0));
    }

    /// A mail that came so many seconds ago, by the first sender.
    fn ago(seconds: i64) -> ScannedMail {
        ScannedMail {
            key: 1,
            sender: 0,
            received: now() - SignedDuration::from_secs(seconds),
            size: 10,
            unread: false,
            starred: false,
            answered: false,
        }
    }

    fn sender(address: &str, name: &str) -> ScannedSender {
        ScannedSender {
            address: address.to_owned(),
            name: name.to_owned(),
            ..ScannedSender::default()
        }
    }

    /// The one source of these mails in the inbox.
    fn one(senders: Vec<ScannedSender>, mails: Vec<ScannedMail>) -> Source {
        let folder = ScannedFolder {
            name: "inbox".to_owned(),
            senders,
            mails,
            ..ScannedFolder::default()
        };
        let mut all = sources(&[folder], &HashSet::new(), now());
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    #[test]
    fn all_that_is_told_of_a_source() {
        let list = Some("news.x.example".to_owned());
        let senders = vec![
            ScannedSender {
                list: list.clone(),
                unsubscribe: true,
                ..sender("old@x.example", "Old name")
            },
            ScannedSender {
                list,
                automatic: true,
                ..sender("new@x.example", "New name")
            },
        ];
        let day = 24 * 3_600;
        let mails = vec![
            ScannedMail {
                sender: 1,
                starred: true,
                ..ago(10 * day)
            },
            ScannedMail {
                answered: true,
                size: 5,
                ..ago(50 * day)
            },
            ScannedMail {
                unread: true,
                ..ago(20 * day)
            },
            ScannedMail {
                unread: true,
                starred: true,
                ..ago(100 * day)
            },
        ];
        let told = Source {
            query: "list:news.x.example".to_owned(),
            key: "news.x.example".to_owned(),
            address: "new@x.example".to_owned(),
            name: "New name".to_owned(),
            is_list: true,
            is_shared: true,
            automatic: true,
            mails: 4,
            settled: 4,
            read: 2,
            starred: 2,
            answered: 1,
            recent: 3,
            put_away: 0,
            bytes: 35,
            is_protected: true,
            latest: Some(now() - SignedDuration::from_hours(240)),
            can_be_left: true,
        };
        assert_eq!(one(senders, mails), told);
    }

    #[test]
    fn how_long_ago_a_mail_came_says_what_it_tells() {
        let (fresh, alive, recent) = (3 * 86_400, 60 * 86_400, 90 * 86_400);
        for (seconds, settled, counts, can_be_left) in [
            (fresh - 1, 0, 0, true),
            (fresh, 1, 1, true),
            (alive - 1, 1, 1, true),
            (alive, 1, 1, false),
            (recent - 1, 1, 1, false),
            (recent, 1, 0, false),
        ] {
            let sender = ScannedSender {
                unsubscribe: true,
                ..sender("a@x.example", "")
            };
            let told = one(vec![sender], vec![ago(seconds)]);
            let told = (told.mails, told.settled, told.recent, told.can_be_left);
            assert_eq!(told, (1, settled, counts, can_be_left), "{seconds} s ago");
        }
    }

    #[test]
    fn a_source_is_called_as_its_last_sender_or_by_the_address_where_nobody_says_a_name() {
        let long = format!("{}@x.example", "a".repeat(60));
        for (senders, name) in [
            (vec![sender("a@x.example", "Ann")], "Ann"),
            (vec![sender("a@x.example", "")], "a@x.example"),
            (
                vec![sender("a@x.example", "Ann"), sender("a@x.example", "")],
                "Ann",
            ),
            (
                vec![sender("a@x.example", "Ann"), sender("a@x.example", "Bob")],
                "Bob",
            ),
            (
                vec![sender("a@x.example", &"n".repeat(61))],
                &"n".repeat(60),
            ),
            (vec![sender(&long, "")], &"a".repeat(60)),
        ] {
            // Of two that came at once the second one counts.
            let mails = (0..senders.len()).map(|place| ScannedMail {
                sender: place as u32,
                ..ago(500_000)
            });
            let mails = mails.collect();
            assert_eq!(one(senders, mails).name, name);
        }
    }

    #[test]
    fn what_no_search_fits_is_no_source() {
        let sources = |bytes: usize| {
            let address = format!("{}@x.example", "a".repeat(bytes - "from:@x.example".len()));
            let folder = ScannedFolder {
                senders: vec![sender(&address, "")],
                mails: vec![ago(0)],
                ..ScannedFolder::default()
            };
            let all = sources(&[folder], &HashSet::new(), now());
            all.iter().map(|it| it.query.len()).collect::<Vec<_>>()
        };
        assert_eq!(sources(160), [160]);
        assert!(sources(161).is_empty());
    }

    #[test]
    fn those_with_the_most_mails_come_first_and_of_equals_by_name() {
        let folder = ScannedFolder {
            senders: vec![
                sender("c@x.example", ""),
                sender("a@x.example", ""),
                sender("b@x.example", ""),
            ],
            mails: [0, 1, 2, 2]
                .map(|sender| ScannedMail { sender, ..ago(0) })
                .into(),
            ..ScannedFolder::default()
        };
        let all = sources(&[folder], &HashSet::new(), now());
        let all: Vec<_> = all.iter().map(|it| it.address.as_str()).collect();
        assert_eq!(all, ["b@x.example", "a@x.example", "c@x.example"]);
    }
}
