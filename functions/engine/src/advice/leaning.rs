//! What earlier decisions say of the next suggestion.

use std::collections::{BTreeMap, BTreeSet};

use bulkhead_shared::advice::{Action, Decision};

use crate::records::{LearnedRecord, LessonRecord};

/// What one accepted suggestion adds to the logarithm of the odds, and what others take off it. A refusal says more:
/// who looks at a preview and says yes may still do so because it is good enough.
const ACCEPTED: f64 = 0.3;
const DISMISSED: f64 = -0.6;
const UNDONE: f64 = -0.9;
const LEFT_OUT: f64 = -0.15;
/// No number of decisions shifts it further: a person may come to think otherwise.
const MOST: f64 = 1.5;

/// Decisions about suggestions of one action and class: each suggestion once, however many senders it was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    pub accepted: u64,
    pub dismissed: u64,
    pub undone: u64,
    /// Senders that were left out.
    pub left_out: u64,
}

impl Count {
    fn shift(self) -> f64 {
        let sum = self.accepted as f64 * ACCEPTED
            + self.dismissed as f64 * DISMISSED
            + self.undone as f64 * UNDONE
            + self.left_out as f64 * LEFT_OUT;
        sum.clamp(-MOST, MOST)
    }

    /// How sure something is of which so sure was right before these decisions.
    pub fn applied(self, sure: f64) -> f64 {
        let sure = sure.clamp(0.01, 0.99);
        let odds = (sure / (1.0 - sure)).ln() + self.shift();
        1.0 / (1.0 + (-odds).exp())
    }
}

/// All that was learned, ready to be asked.
#[derive(Debug, Clone, Default)]
pub struct Leanings {
    counts: BTreeMap<(Action, String), Count>,
    refused: BTreeSet<(String, Action)>,
    kept: BTreeSet<String>,
}

impl Leanings {
    /// Of these lessons.
    pub(crate) fn of(learned: &LearnedRecord) -> Self {
        let mut this = Self::default();
        let mut seen = BTreeSet::new();
        for lesson in &learned.lessons {
            if lesson.decision.refuses() {
                let key = (lesson.source.clone(), lesson.action);
                this.refused.insert(key);
            }
            if lesson.decision == Decision::Keep {
                this.kept.insert(lesson.source.clone());
            }
            let key = (lesson.action, lesson.class.clone());
            let count = this.counts.entry(key).or_default();
            if lesson.decision == Decision::LeftOut {
                count.left_out += 1;
            } else if is_first(&mut seen, lesson) {
                match lesson.decision {
                    Decision::Accepted => count.accepted += 1,
                    Decision::Dismissed => count.dismissed += 1,
                    Decision::Undone => count.undone += 1,
                    Decision::Keep | Decision::LeftOut => {}
                }
            }
        }
        this.counts.retain(|_, count| *count != Count::default());
        this
    }

    /// Whether this was refused for this source, or the source was chosen to stay.
    pub fn refuse(&self, source: &str, action: Action) -> bool {
        self.kept.contains(source) || self.refused.contains(&(source.to_owned(), action))
    }

    /// How sure it is after all decisions about the same action and class.
    pub fn applied(&self, action: Action, class: &str, sure: f64) -> f64 {
        let count = self.counts.get(&(action, class.to_owned()));
        count.map_or(sure, |count| count.applied(sure))
    }

    /// By action and class.
    pub fn counts(&self) -> impl Iterator<Item = (Action, &str, Count)> {
        let counts = self.counts.iter();
        counts.map(|((action, class), count)| (*action, class.as_str(), *count))
    }
}

/// Whether this is the first lesson of its suggestion; a correction is one of its own.
fn is_first<'a>(
    seen: &mut BTreeSet<(&'a str, Action, DecisionNumber)>,
    lesson: &'a LessonRecord,
) -> bool {
    let suggestion = lesson.suggestion.as_deref();
    suggestion.is_none_or(|id| seen.insert((id, lesson.action, lesson.decision as DecisionNumber)))
}

/// The place of a decision, for telling it from others.
type DecisionNumber = u8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::lessons;

    fn lesson(source: &str, decision: Decision, suggestion: &str) -> LessonRecord {
        LessonRecord {
            suggestion: Some(suggestion.to_owned()),
            ..lessons::lesson(source, Action::Archive, decision)
        }
    }

    fn after(lessons: &[(&str, Decision, &str)]) -> Leanings {
        let lessons = lessons
            .iter()
            .map(|(source, decision, of)| lesson(source, *decision, of));
        let lessons = lessons.collect();
        Leanings::of(&LearnedRecord { lessons })
    }

    #[test]
    fn each_decision_moves_it_in_its_direction_and_none_too_far() {
        let sure = |leanings: &Leanings| leanings.applied(Action::Archive, "newsletter", 0.8);
        let none = sure(&Leanings::default());
        assert_eq!(none, 0.8);
        let accepted = sure(&after(&[("a", Decision::Accepted, "1")]));
        let dismissed = sure(&after(&[("a", Decision::Dismissed, "1")]));
        let undone = sure(&after(&[("a", Decision::Undone, "1")]));
        assert!(accepted > none && none > dismissed && dismissed > undone);
        let often: Vec<String> = (0..90).map(|n| n.to_string()).collect();
        let often: Vec<_> = often
            .iter()
            .map(|n| ("a", Decision::Dismissed, n.as_str()))
            .collect();
        assert!(sure(&after(&often)) > 0.4);
        // Of another class nothing was learned.
        let other = after(&often).applied(Action::Archive, "receipt", 0.8);
        assert_eq!(other, 0.8);
    }

    #[test]
    fn what_was_refused_is_not_suggested_again_and_who_was_chosen_never() {
        let leanings = after(&[
            ("a", Decision::Dismissed, "1"),
            ("b", Decision::Accepted, "1"),
            ("c", Decision::Keep, "1"),
        ]);
        assert!(leanings.refuse("a", Action::Archive));
        assert!(!leanings.refuse("a", Action::Label));
        assert!(!leanings.refuse("b", Action::Archive));
        assert!(leanings.refuse("c", Action::Trash));
    }

    /// One refusal takes back what two who said yes made of it, and no number of either makes it certain.
    #[test]
    fn how_sure_something_is_after_decisions() {
        let none = Count::default();
        let accepted = |accepted| Count { accepted, ..none };
        let dismissed = |dismissed| Count { dismissed, ..none };
        let undone = |undone| Count { undone, ..none };
        let left_out = |left_out| Count { left_out, ..none };
        for (count, before, after) in [
            (none, 0.8, 0.8),
            (none, 0.0, 0.01),
            (none, 1.0, 0.99),
            (accepted(1), 0.5, 0.574),
            (dismissed(1), 0.5, 0.354),
            (undone(1), 0.5, 0.289),
            (left_out(1), 0.5, 0.463),
            (left_out(2), 0.5, 0.426),
            (accepted(100), 0.5, 0.818),
            (undone(100), 0.5, 0.182),
            (
                Count {
                    dismissed: 1,
                    ..accepted(2)
                },
                0.7,
                0.7,
            ),
            (
                Count {
                    left_out: 2,
                    ..undone(1)
                },
                0.5,
                0.231_5,
            ),
        ] {
            let told = count.applied(before);
            assert!(
                (told - after).abs() < 0.000_5,
                "{count:?} of {before}: {told}"
            );
        }
    }

    /// A correction belongs to no suggestion, and each of them counts.
    #[test]
    fn a_suggestion_counts_once_however_many_senders_it_was_about() {
        use Decision::{Accepted, Dismissed, Keep, LeftOut, Undone};
        let mut lessons = [
            ("a", Accepted, "1"),
            ("b", Accepted, "1"),
            ("c", Accepted, "2"),
            ("d", LeftOut, "1"),
            ("e", LeftOut, "1"),
            ("f", Dismissed, "1"),
            ("g", Undone, "1"),
            ("h", Keep, "3"),
        ]
        .map(|(source, decision, of)| lesson(source, decision, of))
        .to_vec();
        for source in ["i", "j"] {
            lessons.push(LessonRecord {
                suggestion: None,
                ..lesson(source, Dismissed, "")
            });
        }
        let other = LessonRecord {
            class: "receipt".to_owned(),
            ..lesson("k", Keep, "4")
        };
        lessons.push(other);
        let leanings = Leanings::of(&LearnedRecord { lessons });
        let counts: Vec<_> = leanings.counts().collect();
        let count = Count {
            accepted: 2,
            dismissed: 3,
            undone: 1,
            left_out: 2,
        };
        assert_eq!(counts, [(Action::Archive, "newsletter", count)]);
    }
}
