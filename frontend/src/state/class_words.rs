//! Searches by class, put together from words: narrowed to one, and for the mails that nobody has looked at yet.

/// Before a class in a search.
const FIELD: &str = "class:";
/// What stands for no class.
const NONE: &str = "none";

/// The class that a search is narrowed to by a word of its own.
pub fn class_in(query: &str) -> Option<&str> {
    let mut words = query.split_whitespace();
    words.find_map(|word| word.strip_prefix(FIELD))
}

/// The search narrowed to this class instead of any other; or not any more, where it was.
pub fn narrowed(query: &str, class: &str) -> String {
    let others = query
        .split_whitespace()
        .filter(|word| !word.starts_with(FIELD));
    let mut words: Vec<&str> = others.collect();
    let term = format!("{FIELD}{class}");
    if class_in(query) != Some(class) {
        words.push(&term);
    }
    words.join(" ")
}

/// The search for those mails of a search that nobody has looked at. Of one whose words hang together only where it looks
/// is kept: more mails are looked at then, and none too few.
pub fn not_looked_at(query: &str) -> String {
    let hangs_together = query.contains(['(', ')', '"']) || query.split(' ').any(|it| it == "OR");
    let stays = |word: &&str| match hangs_together {
        true => word.starts_with("in:") && !word.contains(['(', ')', '"']),
        false => !word.trim_start_matches('-').starts_with(FIELD),
    };
    let mut words: Vec<&str> = query.split_whitespace().filter(stays).collect();
    let term = format!("{FIELD}{NONE}");
    words.push(&term);
    words.join(" ")
}

/// A search that is being typed with each class in the place of the one that was begun; none where none is.
pub fn completed(text: &str, classes: &[&str]) -> Vec<String> {
    let begun = text.rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let (before, word) = text.split_at_checked(begun).unwrap_or(("", text));
    let bare = word.trim_start_matches(['-', '(']);
    let Some(class) = bare.strip_prefix(FIELD) else {
        return Vec::new();
    };
    let signs = &word[..word.len() - bare.len()];
    let classes = classes.iter().chain(&[NONE]);
    let fitting = classes.filter(|known| known.starts_with(class) && **known != class);
    fitting
        .map(|known| format!("{before}{signs}{FIELD}{known}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bulkhead_shared::query::Query;

    #[test]
    fn a_search_has_one_class_or_none() {
        let one = narrowed("in:inbox is:unread", "receipt");
        assert_eq!(one, "in:inbox is:unread class:receipt");
        let other = narrowed(&one, "newsletter");
        assert_eq!(other, "in:inbox is:unread class:newsletter");
        assert_eq!(class_in(&other), Some("newsletter"));
        assert_eq!(narrowed(&other, "newsletter"), "in:inbox is:unread");
    }

    #[test]
    fn what_was_not_looked_at_is_looked_for_in_the_same_place() {
        for (query, expected) in [
            ("in:inbox class:spam", "in:inbox class:none"),
            ("-class:spam from:ann", "from:ann class:none"),
            ("", "class:none"),
            ("in:inbox (class:spam OR from:ann)", "in:inbox class:none"),
            ("class:spam OR class:other", "class:none"),
            ("subject:\"a b\" class:spam", "class:none"),
        ] {
            let found = not_looked_at(query);
            assert_eq!(found, expected, "{query}");
            assert!(Query::parse(&found).is_ok(), "{found}");
        }
    }

    #[test]
    fn a_class_is_completed_where_one_is_begun() {
        let classes = ["newsletter", "notification", "receipt"];
        let offered = |text: &str| completed(text, &classes);
        assert_eq!(offered("in:inbox class:re"), ["in:inbox class:receipt"]);
        assert_eq!(
            offered("-class:n"),
            ["-class:newsletter", "-class:notification", "-class:none"]
        );
        assert_eq!(offered("class:").len(), 4);
        assert_eq!(offered("class:receipt"), [""; 0]);
        assert_eq!(offered("class:re "), [""; 0]);
        assert_eq!(offered("ä clas"), [""; 0]);
    }
}
