//! What to do with mails, proposed by what they are about. They are left as they are.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use super::draft_reply::{
    DraftReply, INSTRUCTION_HINT, LANGUAGES, ReplyLanguage, Said, TEMPLATE_HINT, TEXT_HINT,
};
use crate::class::Class;
use crate::kinds::Kind;
use crate::operations::{
    About, Aspect, Choice, Field, Input, OperationSpec, Risk, RiskLevel, Task,
};
use crate::outcome::ItemResult;
use crate::problem::Invalid;
use crate::proposal::{Marks, Proposal};
use crate::words;

/// What to do with mails, proposed by what they are about. They are left as they are: what was proposed for each
/// is among the job's items, and what is not certain enough is left for a person to look at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Process {
    /// How sure a proposal has to be.
    pub certainty: Certainty,
    /// What becomes of those that are as sure.
    #[serde(default, skip_serializing_if = "Then::waits")]
    pub then: Then,
    /// The text of a reply that is proposed to what asks for an answer, as *draft reply* takes it. Without one no reply
    /// is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<String>,
    /// A template that is kept with the account, by its name, instead of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_template: Option<String>,
    /// What the chosen model is told to write instead, into each reply anew once one is accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_instruction: Option<String>,
    /// In which language it writes.
    #[serde(default, skip_serializing_if = "ReplyLanguage::is_of_the_mail")]
    pub reply_language: ReplyLanguage,
}

/// What becomes of proposals that are as sure as they have to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Then {
    /// They wait for a person, beside those that are less sure.
    #[default]
    Wait,
    /// They are done, where that comes back exactly: by a job of its own for each kind of proposal, with its undo.
    Act,
}

impl Then {
    /// Whether all of them wait.
    fn waits(&self) -> bool {
        *self == Self::Wait
    }
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
    /// As sure as its owner has set for the account; a job is drafted with the number.
    #[serde(rename = "as_set")]
    AsSet,
}

impl Certainty {
    /// As a number: nine in ten as long as nobody has set anything.
    pub fn percent(self) -> u8 {
        match self {
            Self::Percent80 => 80,
            Self::Percent90 | Self::AsSet => 90,
            Self::Percent95 => 95,
        }
    }
}

impl Process {
    /// Without any replies.
    pub fn new(certainty: Certainty, then: Then) -> Self {
        Self {
            certainty,
            then,
            reply: None,
            reply_template: None,
            reply_instruction: None,
            reply_language: ReplyLanguage::AsMail,
        }
    }

    /// What drafts the replies that it proposes; none where it proposes none.
    pub fn replies(&self) -> Option<DraftReply> {
        match (&self.reply, &self.reply_instruction) {
            (Some(text), _) => Some(DraftReply::saying(text)),
            (None, Some(told)) => Some(DraftReply::written(told, self.reply_language)),
            (None, None) => None,
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
        label: Says(words::process_label),
        order: words::process_order,
        report: words::process_report,
        icon: "M4.5 6h15M4.5 12h9M4.5 18h6M15.5 16.5l2 2 4-4.5",
        keys: &[],
        fields: &[
            Field {
                name: "certainty",
                label: Says(words::process_certainty),
                hint: Some(Says(words::process_certainty_hint)),
                input: Input::Choice(&[
                    Choice {
                        value: "as_set",
                        label: Says(words::process_as_set),
                        text: Says(words::process_as_set_text),
                    },
                    Choice {
                        value: "90",
                        label: Says(|| "90 %"),
                        text: Says(words::process_90_text),
                    },
                    Choice {
                        value: "95",
                        label: Says(|| "95 %"),
                        text: Says(words::process_95_text),
                    },
                    Choice {
                        value: "80",
                        label: Says(|| "80 %"),
                        text: Says(words::process_80_text),
                    },
                ]),
            },
            Field {
                name: "then",
                label: Says(words::process_then),
                hint: Some(Says(words::process_then_hint)),
                input: Input::Choice(&[
                    Choice {
                        value: "wait",
                        label: Says(words::process_wait),
                        text: Says(words::process_wait_text),
                    },
                    Choice {
                        value: "act",
                        label: Says(words::process_act),
                        text: Says(words::process_act_text),
                    },
                ]),
            },
            Field {
                name: "reply",
                label: Says(words::process_reply),
                hint: TEXT_HINT,
                input: Input::Lines,
            },
            Field {
                name: "reply_template",
                label: Says(words::draft_reply_template),
                hint: TEMPLATE_HINT,
                input: Input::Text,
            },
            Field {
                name: "reply_instruction",
                label: Says(words::draft_reply_instruction),
                hint: INSTRUCTION_HINT,
                input: Input::Lines,
            },
            Field {
                name: "reply_language",
                label: Says(words::draft_reply_language),
                hint: None,
                input: LANGUAGES,
            },
        ],
    };

    fn validate(&self) -> Result<(), Invalid> {
        let said = Said {
            text: ("operation.reply", &self.reply),
            template: ("operation.reply_template", &self.reply_template),
            instruction: ("operation.reply_instruction", &self.reply_instruction),
        };
        said.check().map(|_| ())
    }

    fn order(&self, items: &str) -> String {
        match self.then {
            Then::Wait => words::process_order(items),
            Then::Act => words::process_order_act(items),
        }
    }

    fn risk(&self, _total: u64) -> Option<Risk> {
        (self.then == Then::Act).then(|| Risk {
            level: RiskLevel::Medium,
            reasons: vec![words::process_act_risk().to_owned()],
        })
    }

    fn weighs_marks(&self) -> bool {
        true
    }

    fn conclude(&self, found: ItemResult, marks: Marks) -> ItemResult {
        let percent = found.percent.unwrap_or(0);
        let class = Class::named(&found.class);
        let proposal = class.map_or(Proposal::Review, |class| {
            let proposal = Proposal::of(class, percent, self.certainty.percent(), marks);
            match self.replies() {
                Some(_) => proposal.or_reply(class, marks),
                None => proposal,
            }
        });
        let label = class.map_or_else(words::process_no_class, Class::label);
        let because = found.detail.unwrap_or_default();
        let protected = match marks {
            Marks { starred: true, .. } => words::process_starred(),
            Marks { answered: true, .. } => words::process_answered(),
            Marks { labelled: true, .. } => words::process_labelled(),
            Marks { own: true, .. } => words::process_own(),
            _ => "",
        };
        let mut said = vec![format!("{label}."), protected.to_owned(), because];
        said.retain(|text| !text.is_empty());
        let detail = said.join(" ");
        ItemResult {
            class: proposal.name().to_owned(),
            percent: found.percent,
            detail: Some(detail.trim_end().to_owned()),
            about: class.map(|class| class.name().to_owned()),
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
            about: None,
        };
        let process = |certainty| Process::new(certainty, Then::Wait);
        let concluded = |certainty, marks| process(certainty).conclude(found.clone(), marks);
        let plain = concluded(Certainty::Percent90, Marks::default());
        assert_eq!(plain.class, "archive");
        assert_eq!(plain.about.as_deref(), Some("newsletter"));
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
