//! What was proposed for single mails, told as suggestions: one for each proposal and sender, with how sure it is
//! on average, why, and the mails it is about.

use std::collections::BTreeMap;

use bulkhead_shared::api::ItemOutcome;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::proposal::Proposal;

/// What to do with the mails of a sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// As a list shows the sender.
    pub sender: String,
    /// The mails.
    pub ids: Vec<ItemId>,
    /// How sure the model is of them, on average.
    pub percent: u64,
    /// Why, said of the first of them.
    pub why: String,
}

/// Everything that was proposed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Suggestions(BTreeMap<Proposal, BTreeMap<String, Suggestion>>);

impl Suggestions {
    /// Takes in how items ended. Those without a proposal are left out.
    pub fn add(&mut self, items: Vec<ItemOutcome>) {
        for item in items {
            let Some(result) = item.result else {
                continue;
            };
            let Some(proposal) = Proposal::named(&result.class) else {
                continue;
            };
            let sender = item.card.map_or_else(String::new, |card| card.title);
            let of_proposal = self.0.entry(proposal).or_default();
            let suggestion = of_proposal
                .entry(sender.clone())
                .or_insert_with(|| Suggestion {
                    sender,
                    ids: Vec::new(),
                    percent: 0,
                    why: result.detail.unwrap_or_default(),
                });
            // A sum until it is asked for.
            suggestion.percent += u64::from(result.percent.unwrap_or(0));
            suggestion.ids.push(item.id);
        }
    }

    /// Mails for which something was proposed.
    pub fn total(&self) -> usize {
        self.0
            .values()
            .flat_map(|of| of.values())
            .map(|one| one.ids.len())
            .sum()
    }

    /// Each proposal with its suggestions, those about most mails first.
    pub fn by_proposal(&self) -> Vec<(Proposal, Vec<Suggestion>)> {
        let all = self.0.iter().map(|(proposal, by_sender)| {
            let mut suggestions: Vec<Suggestion> = by_sender
                .values()
                .map(|one| Suggestion {
                    percent: one.percent / (one.ids.len() as u64).max(1),
                    ..one.clone()
                })
                .collect();
            suggestions.sort_by_key(|one| std::cmp::Reverse(one.ids.len()));
            (*proposal, suggestions)
        });
        all.collect()
    }
}

#[cfg(test)]
mod tests {
    use bulkhead_shared::kinds::Card;
    use bulkhead_shared::outcome::{ItemResult, Outcome};

    use super::*;

    fn item(number: u32, sender: &str, class: &str, percent: u8) -> ItemOutcome {
        let id: ItemId = number.to_string().parse().unwrap();
        ItemOutcome {
            id: id.clone(),
            outcome: Some(Outcome::Succeeded),
            reason: None,
            at: None,
            started_at: None,
            row: None,
            result: Some(ItemResult {
                class: class.to_owned(),
                percent: Some(percent),
                detail: Some(format!("Because {number}.")),
                about: None,
            }),
            result_unreadable: false,
            under_way: false,
            evidence: None,
            card: Some(Card {
                id,
                title: sender.to_owned(),
                second: String::new(),
                facts: Vec::new(),
                time: None,
                marks: Vec::new(),
            }),
        }
    }

    #[test]
    fn mails_of_a_sender_with_the_same_proposal_are_one_suggestion() {
        let mut suggestions = Suggestions::default();
        suggestions.add(vec![
            item(1, "Digest", "archive", 90),
            item(2, "Shop", "archive", 95),
            item(3, "Digest", "archive", 96),
            item(4, "Digest", "review", 50),
            item(5, "Digest", "newsletter", 99),
        ]);
        assert_eq!(suggestions.total(), 4);
        let all = suggestions.by_proposal();
        let (proposal, of_archive) = &all[0];
        assert_eq!(
            (*proposal, of_archive.len(), all.len()),
            (Proposal::Archive, 2, 2)
        );
        let digest = &of_archive[0];
        assert_eq!(
            (digest.sender.as_str(), digest.ids.len(), digest.percent),
            ("Digest", 2, 93)
        );
        assert_eq!(digest.why, "Because 1.");
    }
}
