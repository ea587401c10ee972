//! What becomes of a mail that a rule is about. Pure functions.

use std::collections::{BTreeSet, HashSet};

use bulkhead_shared::api::TestBin;
use bulkhead_shared::operations::MailTarget;
use bulkhead_shared::outcome::ItemResult;
use bulkhead_shared::proposal::Marks;
use bulkhead_shared::query::{Query, Term};
use bulkhead_shared::rules::RuleWords;

use crate::kinds::mail::{ANSWERED, Place, SEEN};
use crate::records::Tally;

/// How sure it is that a mail is one of those that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sure {
    /// So many percent; 100 where no class is asked for.
    Percent(u8),
    /// It is of another class.
    Other,
    /// Nobody could tell what it is about.
    Untold,
}

/// What became of a mail, as far as a mailbox shows it today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Became {
    /// It is as the rule would have left it.
    Same,
    /// It is still there, and was read.
    Left,
    /// It is still there, and nobody opened it.
    Unread,
    /// Something else was done with it.
    Otherwise,
}

/// How sure it is, by what the model says of a mail.
pub(super) fn sure(rule: &RuleWords, said: Option<&ItemResult>) -> Sure {
    match said {
        _ if rule.classes.is_empty() => Sure::Percent(100),
        None => Sure::Untold,
        Some(said) if rule.has_class(&said.class) => Sure::Percent(said.percent.unwrap_or(100)),
        Some(_) => Sure::Other,
    }
}

/// Whether a rule is about mails of this sender, whose address is in small letters. A search finds letters anywhere,
/// in names too; a rule means the address, or the domain and what is below it.
pub(super) fn is_of_sender(rule: &RuleWords, sender: &str) -> bool {
    let domain = sender.rsplit_once('@').map_or("", |(_, domain)| domain);
    let is_below = |wanted: &str| {
        let above = domain.strip_suffix(wanted);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    };
    let is_it = |wanted: &String| {
        let wanted = wanted.to_lowercase();
        match wanted.split_once('@') {
            None => is_below(&wanted),
            Some(("", wanted)) => is_below(wanted),
            Some(_) => wanted == sender,
        }
    };
    rule.senders.is_empty() || rule.senders.iter().any(is_it)
}

/// Who is not to lose sight of a mail: by their addresses, in small letters.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Those in the contacts.
    pub(super) people: HashSet<String>,
    /// Those who were ever answered.
    pub(super) answered: HashSet<String>,
}

/// What protects a mail from being hidden, as the end of a sentence; none if nothing does. Whom and what a rule names
/// itself does not protect from it.
pub(super) fn protection(
    rule: &RuleWords,
    place: &Place,
    sender: &str,
    known: &Known,
) -> Option<&'static str> {
    if !rule.hides() {
        return None;
    }
    let named = labels(rule);
    let flags = place.flags.iter().map(String::as_str);
    let marks = Marks::among(flags.filter(|flag| !named.contains(&flag.to_lowercase())));
    let is_named = rule
        .senders
        .iter()
        .any(|it| it.eq_ignore_ascii_case(sender));
    match marks {
        Marks { starred: true, .. } => Some("it has a star"),
        Marks { answered: true, .. } => Some("it was answered"),
        Marks { labelled: true, .. } => Some("it has a label"),
        _ if is_named => None,
        _ if known.people.contains(sender) => Some("the sender is in the contacts"),
        _ if known.answered.contains(sender) => Some("the sender was answered before"),
        _ => None,
    }
}

/// The labels that a rule's search names, in small letters.
fn labels(rule: &RuleWords) -> BTreeSet<String> {
    let query = Query::parse(&rule.search).ok();
    let terms = query.iter().flat_map(Query::terms);
    let labels = terms.filter_map(|term| match term {
        Term::Label(label) => Some(label.to_lowercase()),
        _ => None,
    });
    labels.collect()
}

/// Whether nothing is left to do for a mail. `folder` is where the account has what the operation names.
pub(super) fn is_done(target: &MailTarget, folder: Option<&str>, place: &Place) -> bool {
    match target {
        MailTarget::Into(_) | MailTarget::IntoFolder { .. } => {
            folder == Some(place.folder.as_str())
        }
        MailTarget::Flags { add, remove } => {
            add.iter().all(|flag| place.has(flag)) && !remove.iter().any(|flag| place.has(flag))
        }
        MailTarget::Reply => place.has(ANSWERED),
    }
}

/// What became of a mail that the rule finds still, or does not.
pub(super) fn became(is_done: bool, is_found: bool, place: &Place) -> Became {
    match (is_done, is_found, place.has(SEEN)) {
        (true, ..) => Became::Same,
        (false, true, true) => Became::Left,
        (false, true, false) => Became::Unread,
        (false, false, _) => Became::Otherwise,
    }
}

/// Counts a mail of which it is so sure; of a protected one it does not matter what became of it.
pub(super) fn count(tally: &mut Tally, percent: u8, became: Option<Became>) {
    let bins = &mut tally.bins;
    let at = match bins.binary_search_by(|bin| percent.cmp(&bin.percent)) {
        Ok(at) => at,
        Err(at) => {
            let bin = TestBin {
                percent,
                ..TestBin::default()
            };
            bins.insert(at, bin);
            at
        }
    };
    let Some(bin) = bins.get_mut(at) else { return };
    match became {
        None => bin.protected += 1,
        Some(Became::Same) => bin.same += 1,
        Some(Became::Left) => bin.left += 1,
        Some(Became::Unread) => bin.unread += 1,
        Some(Became::Otherwise) => bin.otherwise += 1,
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::api::Role;
    use bulkhead_shared::operations::{Archive, MarkRead, Operation};
    use bulkhead_shared::rules::{BY_ITSELF_DEFAULT, When};

    use super::*;

    fn rule(operation: Operation) -> RuleWords {
        RuleWords {
            name: "News".to_owned(),
            search: "from:x".to_owned(),
            classes: vec!["newsletter".to_owned()],
            percent: 90,
            older_days: None,
            senders: Vec::new(),
            operation,
            when: When::default(),
            by_itself_most: BY_ITSELF_DEFAULT,
        }
    }

    fn place(folder: &str, flags: &[&str]) -> Place {
        Place {
            folder: folder.to_owned(),
            flags: flags.iter().map(|it| (*it).to_owned()).collect(),
        }
    }

    fn said(class: &str, percent: Option<u8>) -> ItemResult {
        ItemResult {
            class: class.to_owned(),
            percent,
            detail: None,
            about: None,
        }
    }

    #[test]
    fn a_class_counts_only_where_one_is_asked_for() {
        let news = rule(Archive {}.into());
        let told = |said: ItemResult| sure(&news, Some(&said));
        assert_eq!(told(said("newsletter", Some(71))), Sure::Percent(71));
        assert_eq!(told(said("personal", Some(99))), Sure::Other);
        assert_eq!(sure(&news, None), Sure::Untold);
        // A model that tells no percent is as sure as it can be.
        assert_eq!(told(said("newsletter", None)), Sure::Percent(100));
        let any = RuleWords {
            classes: Vec::new(),
            ..news
        };
        assert_eq!(sure(&any, None), Sure::Percent(100));
    }

    #[test]
    fn protected_mail_wins_over_every_rule_that_hides() {
        let archive = rule(Archive {}.into());
        let known = Known {
            people: HashSet::from(["ann@x.example".to_owned()]),
            answered: HashSet::from(["bob@x.example".to_owned()]),
        };
        let inbox = |flags: &[&str], sender: &str| {
            protection(&archive, &place("INBOX", flags), sender, &known)
        };
        for (flags, sender, why) in [
            (vec!["\\Flagged"], "news@x.example", "it has a star"),
            (vec!["\\Answered"], "news@x.example", "it was answered"),
            (vec!["todo"], "news@x.example", "it has a label"),
            (vec![], "ann@x.example", "the sender is in the contacts"),
            (vec![], "bob@x.example", "the sender was answered before"),
        ] {
            assert_eq!(inbox(&flags, sender), Some(why));
        }
        assert_eq!(inbox(&["\\Seen", "$Forwarded"], "news@x.example"), None);
        // What hides nothing needs no protection, and who is named is meant.
        let read = rule(MarkRead {}.into());
        assert_eq!(
            protection(&read, &place("INBOX", &["\\Flagged"]), "a", &known),
            None
        );
        let mut named = archive.clone();
        named.senders = vec!["Ann@x.example".to_owned()];
        named.search = "label:Todo".to_owned();
        let todo = place("INBOX", &["todo"]);
        assert_eq!(protection(&named, &todo, "ann@x.example", &known), None);
        let starred = place("INBOX", &["todo", "\\Flagged"]);
        assert!(protection(&named, &starred, "ann@x.example", &known).is_some());
    }

    #[test]
    fn a_sender_is_an_address_or_a_domain_and_not_some_letters() {
        let mut shop = rule(Archive {}.into());
        shop.senders = vec!["Shop.example".to_owned(), "ann@x.example".to_owned()];
        for meant in ["a@shop.example", "a@news.shop.example", "ann@x.example"] {
            assert!(is_of_sender(&shop, meant), "{meant}");
        }
        for other in [
            "a@workshop.example",
            "a@shop.example.org",
            "shop.example@x.example",
            "joann@x.example",
            "",
        ] {
            assert!(!is_of_sender(&shop, other), "{other}");
        }
        shop.senders = vec!["@shop.example".to_owned()];
        assert!(is_of_sender(&shop, "a@shop.example"));
        shop.senders.clear();
        assert!(is_of_sender(&shop, "who@ever.example"));
    }

    #[test]
    fn what_became_of_a_mail_is_told_by_where_it_is() {
        let archive = MailTarget::Into(Role::Archive);
        let done = |folder: &str| is_done(&archive, Some("Archive"), &place(folder, &[]));
        assert!(done("Archive") && !done("INBOX"));
        let flags = |add: &[&str], remove: &[&str]| MailTarget::Flags {
            add: add.iter().map(|it| (*it).to_owned()).collect(),
            remove: remove.iter().map(|it| (*it).to_owned()).collect(),
        };
        let read = flags(&["\\Seen"], &[]);
        assert!(is_done(&read, None, &place("INBOX", &["\\seen"])));
        assert!(!is_done(&read, None, &place("INBOX", &[])));
        for (add, remove, done) in [
            (vec!["a", "B"], vec!["c"], true),
            (vec!["a", "c"], vec![], false),
            (vec!["a"], vec!["c", "b"], false),
            (vec![], vec!["c"], true),
        ] {
            let target = flags(&add, &remove);
            let is_done = is_done(&target, None, &place("INBOX", &["A", "b"]));
            assert_eq!(is_done, done, "{target:?}");
        }
        let reply = |flags: &[&str]| is_done(&MailTarget::Reply, None, &place("INBOX", flags));
        assert!(reply(&["\\answered"]) && !reply(&["\\Seen"]));
        let seen = place("INBOX", &["\\Seen"]);
        assert_eq!(became(true, true, &seen), Became::Same);
        assert_eq!(became(false, true, &seen), Became::Left);
        assert_eq!(became(false, true, &place("INBOX", &[])), Became::Unread);
        assert_eq!(became(false, false, &seen), Became::Otherwise);
    }

    #[test]
    fn mails_are_counted_by_how_sure_it_is_the_surest_first() {
        let mut tally = Tally::default();
        for percent in [70, 99, 70, 88] {
            count(&mut tally, percent, Some(Became::Left));
        }
        count(&mut tally, 99, None);
        let told = tally.bins.iter();
        let told: Vec<_> = told.map(|it| (it.percent, it.left, it.protected)).collect();
        assert_eq!(told, [(99, 1, 1), (88, 1, 0), (70, 2, 0)]);
    }
}
