//! What to do with mails, proposed by what they are about. They are left as they are.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::kinds::Kind;
use crate::operations::{About, Aspect, Choice, Field, Input, OperationSpec, Task};
use crate::outcome::ItemResult;
use crate::proposal::{Marks, Proposal};

/// What to do with mails, proposed by what they are about. They are left as they are: what was proposed for each
/// is among the job's items, and what is not certain enough is left for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Process {
    /// How sure a proposal has to be.
    pub certainty: Certainty,
}

/// How sure a proposal has to be, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Certainty {
    /// Right four times in five.
    #[serde(rename = "80")]
    Percent80,
    /// Right nine times in ten.
    #[serde(rename = "90")]
    Percent90,
    /// Right nineteen times in twenty.
    #[serde(rename = "95")]
    Percent95,
}

impl Certainty {
    /// As a number.
    pub fn percent(self) -> u8 {
        match self {
            Self::Percent80 => 80,
            Self::Percent90 => 90,
            Self::Percent95 => 95,
        }
    }
}

impl OperationSpec for Process {
    const ABOUT: About = About {
        name: "process",
        prefix: "prc",
        kind: Some(Kind::Mail),
        task: Task::Compute,
        aspect: Aspect::Nothing,
        label: "Process",
        past: "looked through for what to do with them",
        icon: "M4.5 6h15M4.5 12h9M4.5 18h6M15.5 16.5l2 2 4-4.5",
        keys: &[],
        fields: &[Field {
            name: "certainty",
            label: "How sure",
            hint: "What is less certain is left for you to look at. Nothing is done to any mail.",
            input: Input::Choice(&[
                Choice {
                    value: "90",
                    label: "90 %",
                    text: "Right nine times in ten",
                },
                Choice {
                    value: "95",
                    label: "95 %",
                    text: "Fewer proposals, of which fewer are wrong",
                },
                Choice {
                    value: "80",
                    label: "80 %",
                    text: "More proposals, of which more are wrong",
                },
            ]),
        }],
    };

    fn order(&self, items: &str) -> String {
        format!("Propose what to do with {items}")
    }

    fn weighs_marks(&self) -> bool {
        true
    }

    fn conclude(&self, found: ItemResult, marks: Marks) -> ItemResult {
        let percent = found.percent.unwrap_or(0);
        let class = Class::named(&found.class);
        let proposal = class.map_or(Proposal::Review, |class| {
            Proposal::of(class, percent, self.certainty.percent(), marks)
        });
        let label = class.map_or("Of no known class", Class::label);
        let because = found.detail.unwrap_or_default();
        let protected = match marks {
            Marks { starred: true, .. } => " It has a star.",
            Marks { answered: true, .. } => " You answered it.",
            Marks { labelled: true, .. } => " It has a label.",
            _ => "",
        };
        let detail = format!("{label}.{protected} {because}");
        ItemResult {
            class: proposal.name().to_owned(),
            percent: found.percent,
            detail: Some(detail.trim_end().to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_says_what_it_is_about_and_why() {
        let found = ItemResult {
            class: "newsletter".to_owned(),
            percent: Some(93),
            detail: Some("Because it names a mailing list.".to_owned()),
        };
        let process = |certainty| Process { certainty };
        let concluded = |certainty, marks| process(certainty).conclude(found.clone(), marks);
        let plain = concluded(Certainty::Percent90, Marks::default());
        assert_eq!(plain.class, "archive");
        let text = "Newsletter. Because it names a mailing list.";
        assert_eq!(plain.detail.as_deref(), Some(text));
        let unsure = concluded(Certainty::Percent95, Marks::default());
        assert_eq!(
            (unsure.class.as_str(), unsure.percent),
            ("review", Some(93))
        );
        let starred = Marks {
            starred: true,
            ..Marks::default()
        };
        let kept = concluded(Certainty::Percent90, starred);
        assert_eq!(kept.class, "keep");
        assert!(kept.detail.unwrap_or_default().contains("It has a star."));
    }
}
