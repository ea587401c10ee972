//! A job's items as a table shows them: those that a text is in, in the order that was asked for.

use bulkhead_shared::api::ItemOutcome;

use crate::words;
use bulkhead_words::Says;

/// In which order they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As the job has them.
    #[default]
    AsWorked,
    /// By who or what they are.
    Name,
    /// Those that ended last first.
    Latest,
    /// By how they ended, the good ones last.
    Outcome,
}

impl Order {
    /// All of them, each with its name on the wire of a form and what a person calls it.
    pub const ALL: [(Self, &'static str, Says); 4] = [
        (
            Self::AsWorked,
            "as-worked",
            Says(words::items_view_as_worked),
        ),
        (Self::Name, "name", Says(words::items_view_name)),
        (Self::Latest, "latest", Says(words::items_view_latest)),
        (Self::Outcome, "outcome", Says(words::items_view_outcome)),
    ];
}

/// Those items that all words of `text` are in, in this order.
pub fn shown<'a>(items: &'a [ItemOutcome], text: &str, order: Order) -> Vec<&'a ItemOutcome> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let has_all = |item: &&ItemOutcome| {
        let said = said_of(item);
        words.iter().all(|word| said.contains(word.as_str()))
    };
    let mut found: Vec<&ItemOutcome> = items.iter().filter(has_all).collect();
    match order {
        Order::AsWorked => {}
        Order::Name => found.sort_by_key(|item| said_of(item)),
        Order::Latest => found.sort_by_key(|item| std::cmp::Reverse(item.at)),
        // What has not ended stands first, then what did not succeed.
        Order::Outcome => found.sort_by_key(|item| {
            item.outcome
                .map(|outcome| std::cmp::Reverse(outcome as usize))
        }),
    }
    found
}

fn said_of(item: &ItemOutcome) -> String {
    match &item.card {
        Some(card) => format!("{} {}", card.title, card.second).to_lowercase(),
        None => item.id.to_string().to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn items() -> Vec<ItemOutcome> {
        let text = r#"[
            {"id":"1","outcome":"succeeded","reason":null,"at":"2026-11-01T10:00:00Z",
             "card":{"id":"1","title":"Zoe","second":"Invoice 7"}},
            {"id":"2","outcome":"failed","reason":"refused","at":"2026-11-01T12:00:00Z",
             "card":{"id":"2","title":"Ann","second":"An invoice"}},
            {"id":"3","outcome":null,"reason":null,"at":null}]"#;
        serde_json::from_str(text).unwrap()
    }

    fn ids(text: &str, order: Order) -> String {
        let items = items();
        let found = shown(&items, text, order);
        found.iter().map(|item| item.id.as_str()).collect()
    }

    #[test]
    fn every_word_has_to_be_in_it_whatever_its_case() {
        assert_eq!(ids("INVOICE", Order::AsWorked), "12");
        assert_eq!(ids("invoice zoe", Order::AsWorked), "1");
        assert_eq!(ids("nobody", Order::AsWorked), "");
        assert_eq!(ids("  ", Order::AsWorked), "123");
    }

    #[test]
    fn orders_are_by_name_time_and_outcome() {
        assert_eq!(ids("invoice", Order::Name), "21");
        assert_eq!(ids("", Order::Latest), "213");
        assert_eq!(
            ids("", Order::Outcome),
            "321",
            "what failed before what succeeded"
        );
    }
}
