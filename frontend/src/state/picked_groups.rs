//! Groups of mails that are picked, as one search.

use bulkhead_shared::api::Group;
use bulkhead_shared::query::Query;

/// What is picked of the groups that are shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// Mails in them.
    pub mails: u64,
    /// Bytes of those.
    pub bytes: u64,
    /// The search that finds them; none where there is none, or it would be too long.
    pub query: Option<String>,
}

/// Sums up those of these groups whose keys are picked.
pub fn picked(groups: &[Group], keys: &[String]) -> Picked {
    let groups: Vec<&Group> = groups.iter().filter(|it| keys.contains(&it.key)).collect();
    let queries: Option<Vec<&str>> = groups.iter().map(|it| it.query.as_deref()).collect();
    Picked {
        mails: groups.iter().map(|group| group.mails).sum(),
        bytes: groups.iter().map(|group| group.bytes).sum(),
        query: queries.and_then(|queries| one(&queries)),
    }
}

/// One search that finds what any of these does.
fn one(queries: &[&str]) -> Option<String> {
    let query = match queries {
        [] => return None,
        [only] => (*only).to_owned(),
        several => {
            let several = several.iter().map(|query| match query.contains(' ') {
                true => format!("({query})"),
                false => (*query).to_owned(),
            });
            several.collect::<Vec<_>>().join(" OR ")
        }
    };
    Query::parse(&query).is_ok().then_some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(key: &str, query: Option<&str>) -> Group {
        Group {
            key: key.to_owned(),
            name: String::new(),
            mails: 3,
            unread: 0,
            starred: 0,
            answered: 0,
            list_mails: 0,
            bytes: 10,
            earliest: jiff::Timestamp::UNIX_EPOCH,
            latest: jiff::Timestamp::UNIX_EPOCH,
            query: query.map(str::to_owned),
            unsubscribed: None,
        }
    }

    fn query(queries: &[Option<&str>]) -> Option<String> {
        let named = queries
            .iter()
            .zip(0..)
            .map(|(it, n)| group(&format!("{n}"), *it));
        let groups: Vec<Group> = named.collect();
        let keys: Vec<String> = groups.iter().map(|group| group.key.clone()).collect();
        picked(&groups, &keys).query
    }

    #[test]
    fn several_are_found_by_one_search() {
        assert_eq!(query(&[Some("from:a@x.org")]).unwrap(), "from:a@x.org");
        let years = [Some("after:2024-01-01 before:2025-01-01"), Some("from:b")];
        assert_eq!(
            query(&years).unwrap(),
            "(after:2024-01-01 before:2025-01-01) OR from:b"
        );
        assert_eq!(query(&[]), None);
        assert_eq!(
            query(&[Some("from:a"), None]),
            None,
            "nobody can search for that one"
        );
        let many: Vec<String> = (0..500)
            .map(|n| format!("from:somebody{n}@example.org"))
            .collect();
        let many: Vec<Option<&str>> = many.iter().map(|it| Some(it.as_str())).collect();
        assert_eq!(query(&many), None, "too long");
    }

    #[test]
    fn only_what_is_picked_counts() {
        let groups = [group("a", Some("from:a")), group("b", Some("from:b"))];
        let found = picked(&groups, &["b".to_owned()]);
        assert_eq!((found.mails, found.bytes), (3, 10));
        assert_eq!(picked(&groups, &[]), Picked::default());
    }
}
