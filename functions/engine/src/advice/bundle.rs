//! Suggestions that are alike, put together so that one decision is about several senders; and the search for one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use bulkhead_shared::advice::{Action, label};
use bulkhead_shared::class::Class;
use bulkhead_shared::hash::sha256_hex;
use bulkhead_shared::query::Query;

use crate::records::{Scope, SourceRecord, SuggestionRecord, WeighedRecord};

/// Senders in one suggestion: as many as a person reads before they say yes.
const SOURCES_MOST: usize = 8;
/// The same where nothing is to be done.
const KEPT_MOST: usize = 20;
/// Mails that make something worth a decision.
const MAILS_LEAST: u64 = 5;

/// Puts together what is alike: the surest ones first, so that they are accepted with one look.
pub(super) fn bundled(weighed: Vec<WeighedRecord>) -> Vec<SuggestionRecord> {
    let mut alike: BTreeMap<(Action, String, Scope), Vec<SourceRecord>> = BTreeMap::new();
    for one in weighed {
        let class = match one.action {
            // People are people, whatever they write about.
            Action::Keep => Class::Personal.name().to_owned(),
            _ => one.class,
        };
        let key = (one.action, class, one.scope);
        alike.entry(key).or_default().push(one.source);
    }
    let mut suggestions = Vec::new();
    for ((action, class, scope), mut sources) in alike {
        sources.sort_by_key(|it| Reverse((it.percent, it.mails)));
        let mut rest = sources.as_slice();
        while !rest.is_empty() {
            let (some, others) = rest.split_at(how_many(action, &class, scope, rest));
            rest = others;
            let mut sources = some.to_vec();
            sources.sort_by(|a, b| b.mails.cmp(&a.mails).then_with(|| a.source.cmp(&b.source)));
            let mails: u64 = sources.iter().map(|source| source.mails).sum();
            if action == Action::Keep || mails >= MAILS_LEAST {
                suggestions.push(SuggestionRecord {
                    id: id(action, &class, scope, &sources),
                    action,
                    class: class.clone(),
                    scope,
                    sources,
                });
            }
        }
    }
    suggestions
}

/// How many of these one search finds: no more than a person reads, and no more than a search may name.
fn how_many(action: Action, class: &str, scope: Scope, sources: &[SourceRecord]) -> usize {
    let most = match action {
        Action::Keep => KEPT_MOST,
        _ => SOURCES_MOST,
    };
    let mut many = sources.len().min(most);
    let fits = |many: usize| {
        let named = sources.iter().take(many).map(|it| it.source.as_str());
        query(action, class, scope, named).is_some()
    };
    while many > 1 && !fits(many) {
        many -= 1;
    }
    many
}

/// Follows from what is suggested, so that the same suggestion has the same id however often it is made.
fn id(action: Action, class: &str, scope: Scope, sources: &[SourceRecord]) -> String {
    let sources: Vec<&str> = sources.iter().map(|it| it.source.as_str()).collect();
    let text = format!("{} {class} {scope:?} {}", action.name(), sources.join("\n"));
    let hash = sha256_hex(text.as_bytes());
    format!("sug_{}", hash.get(..16).unwrap_or(&hash))
}

/// The search for what a suggestion is about; none where it cannot be written.
pub(super) fn query<'a>(
    action: Action,
    class: &str,
    scope: Scope,
    sources: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let sources: Vec<String> = sources
        .map(|source| match source.contains(' ') {
            true => format!("({source})"),
            false => source.to_owned(),
        })
        .collect();
    let sources = match sources.as_slice() {
        [] => return None,
        [only] => only.clone(),
        several => format!("({})", several.join(" OR ")),
    };
    let which = match (action, scope) {
        (Action::Keep, _) => "in:inbox".to_owned(),
        // The newest mail says how; older ones only have to be read.
        (Action::Unsubscribe, _) => "newer_than:90d".to_owned(),
        (_, Scope::All) => "in:inbox is:unstarred".to_owned(),
        (_, Scope::Older) => "in:inbox is:unstarred older_than:30d".to_owned(),
        (_, Scope::Forgotten) => "in:inbox is:unstarred is:unread older_than:1y".to_owned(),
        (_, Scope::NotForgotten) => {
            "in:inbox is:unstarred older_than:30d (is:read OR newer_than:1y)".to_owned()
        }
        (_, Scope::Unlabelled) => format!("-label:{}", label(Class::named(class)?)?),
    };
    let query = format!("{which} {sources}");
    Query::parse(&query).is_ok().then_some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighed(number: usize, action: Action, scope: Scope, class: Class) -> WeighedRecord {
        WeighedRecord {
            action,
            class: class.name().to_owned(),
            scope,
            source: SourceRecord {
                source: format!("from:news{number}@a-rather-long-name.example is:list"),
                name: format!("News {number}"),
                mails: number as u64,
                bytes: 10,
                percent: 80 + number as u8 % 10,
                why: String::new(),
                read: (0, 1),
                is_list: true,
                looked: (1, 1),
                key: String::new(),
                latest: None,
                sample: None,
            },
        }
    }

    #[test]
    fn what_is_alike_is_one_decision_and_no_more_than_a_person_reads() {
        let news = (1..=20).map(|n| weighed(n, Action::Archive, Scope::All, Class::Newsletter));
        let offers = (1..=3).map(|n| weighed(n, Action::Trash, Scope::Forgotten, Class::Promotion));
        let people = (1..=2).map(|n| weighed(n, Action::Keep, Scope::All, Class::Request));
        let bundled = bundled(news.chain(offers).chain(people).collect());
        let sizes: Vec<_> = bundled
            .iter()
            .map(|it| (it.action, it.sources.len()))
            .collect();
        let archive = |many| (Action::Archive, many);
        let all = [
            archive(8),
            archive(8),
            archive(4),
            (Action::Trash, 3),
            (Action::Keep, 2),
        ];
        assert_eq!(sizes, all);
        let surest = |it: &SuggestionRecord| it.sources.iter().map(|it| it.percent).min();
        assert!(surest(&bundled[0]) >= surest(&bundled[1]));
        assert!(bundled[0].id.starts_with("sug_") && bundled[0].id != bundled[1].id);
    }

    #[test]
    fn every_suggestion_has_a_search() {
        for action in Action::ALL {
            for scope in [
                Scope::All,
                Scope::Older,
                Scope::Forgotten,
                Scope::NotForgotten,
            ] {
                for sources in [vec!["list:x"], vec!["list:x", "from:a is:list"]] {
                    let query = query(action, "newsletter", scope, sources.into_iter());
                    let which = match action {
                        Action::Unsubscribe => "newer_than:90d",
                        _ => "in:inbox",
                    };
                    assert!(query.is_some_and(|query| query.contains(which)));
                }
            }
        }
        assert_eq!(
            query(Action::Archive, "x", Scope::All, [].into_iter()),
            None
        );
    }

    #[test]
    fn searches_stay_as_long_as_a_search_may_be() {
        let long = (0..8).map(|n| {
            let mut one = weighed(n, Action::Archive, Scope::All, Class::Newsletter);
            one.source.source = format!("from:{}{n}@x.example", "n".repeat(300));
            one.source.mails = 9;
            one
        });
        for suggestion in bundled(long.collect()) {
            let sources = suggestion.sources.iter().map(|it| it.source.as_str());
            let query = query(Action::Archive, "newsletter", Scope::All, sources);
            assert!(query.is_some());
        }
    }

    #[test]
    fn each_search_says_exactly_what_it_is_about() {
        use Action::{Archive, Keep, Label, Trash, Unsubscribe};
        use Scope::{All, Forgotten, NotForgotten, Older, Unlabelled};
        for (action, class, scope, sources, told) in [
            (Keep, "personal", All, "from:a", Some("in:inbox from:a")),
            (
                Unsubscribe,
                "newsletter",
                All,
                "list:a",
                Some("newer_than:90d list:a"),
            ),
            (
                Archive,
                "newsletter",
                All,
                "list:a,from:b is:list",
                Some("in:inbox is:unstarred (list:a OR (from:b is:list))"),
            ),
            (
                Archive,
                "newsletter",
                Older,
                "from:b is:list",
                Some("in:inbox is:unstarred older_than:30d (from:b is:list)"),
            ),
            (
                Trash,
                "promotion",
                Forgotten,
                "list:a",
                Some("in:inbox is:unstarred is:unread older_than:1y list:a"),
            ),
            (
                Archive,
                "promotion",
                NotForgotten,
                "list:a",
                Some("in:inbox is:unstarred older_than:30d (is:read OR newer_than:1y) list:a"),
            ),
            (
                Label,
                "delivery",
                Unlabelled,
                "from:a",
                Some("-label:deliveries from:a"),
            ),
            (
                Label,
                "receipt",
                Unlabelled,
                "from:a",
                Some("-label:receipts from:a"),
            ),
            // There is no such label, no such class, and no such search.
            (Label, "newsletter", Unlabelled, "from:a", None),
            (Label, "nothing", Unlabelled, "from:a", None),
            (Archive, "newsletter", All, "from:", None),
        ] {
            let query = query(action, class, scope, sources.split(','));
            assert_eq!(query.as_deref(), told, "{action:?} {class} {scope:?}");
        }
    }

    #[test]
    fn what_is_worth_a_decision_has_five_mails_and_what_stays_any() {
        let one = |action, mails| {
            let mut one = weighed(1, action, Scope::All, Class::Newsletter);
            one.source.mails = mails;
            bundled(vec![one]).len()
        };
        for (action, mails, suggestions) in [
            (Action::Archive, 4, 0),
            (Action::Archive, 5, 1),
            (Action::Keep, 1, 1),
        ] {
            assert_eq!(one(action, mails), suggestions, "{action:?} {mails}");
        }
    }

    #[test]
    fn eight_senders_are_one_decision_and_twenty_who_stay() {
        let many = |action, many: usize| {
            let all = (1..=many).map(|n| {
                let mut one = weighed(n, action, Scope::All, Class::Personal);
                one.source.source = format!("from:{n}");
                one
            });
            let bundled = bundled(all.collect()).into_iter();
            bundled.map(|it| it.sources.len()).collect::<Vec<_>>()
        };
        assert_eq!(many(Action::Archive, 8), [8]);
        assert_eq!(many(Action::Archive, 16), [8, 8]);
        assert_eq!(many(Action::Keep, 20), [20]);
        assert_eq!(many(Action::Keep, 21), [20, 1]);
    }

    #[test]
    fn those_with_the_most_mails_stand_first_and_the_id_follows_from_what_is_suggested() {
        let sources = |mut all: Vec<WeighedRecord>| {
            all.iter_mut().for_each(|it| it.source.percent = 80);
            bundled(all).remove(0)
        };
        let one = |number| weighed(number, Action::Archive, Scope::All, Class::Newsletter);
        let first = sources(vec![one(3), one(9), one(6)]);
        let mails: Vec<u64> = first.sources.iter().map(|it| it.mails).collect();
        assert_eq!(mails, [9, 6, 3]);
        assert_eq!(first.id.len(), "sug_".len() + 16);
        assert_eq!(sources(vec![one(6), one(3), one(9)]).id, first.id);
        assert_ne!(sources(vec![one(6), one(3)]).id, first.id);
        let older = |number| weighed(number, Action::Archive, Scope::Older, Class::Newsletter);
        assert_ne!(sources(vec![older(3), older(9), older(6)]).id, first.id);
    }

    #[test]
    fn what_no_search_finds_is_bundled_alone() {
        let mut one = weighed(9, Action::Archive, Scope::All, Class::Newsletter);
        one.source.source = "from:".to_owned();
        let bundled = bundled(vec![one.clone(), one]);
        let sizes: Vec<usize> = bundled.iter().map(|it| it.sources.len()).collect();
        assert_eq!(sizes, [1, 1]);
    }

    #[test]
    fn people_are_people_whatever_they_write_about() {
        let keeps = [Class::Request, Class::Question, Class::Newsletter];
        let keeps = (1..)
            .zip(keeps)
            .map(|(n, class)| weighed(n, Action::Keep, Scope::All, class));
        let bundled = bundled(keeps.collect());
        assert_eq!((bundled.len(), bundled[0].class.as_str()), (1, "personal"));
    }
}
