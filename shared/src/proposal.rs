//! What is proposed to be done with a mail, by what it is about: the pipeline's rules as data. A proposal does
//! nothing; accepting it drafts an ordinary job.

use serde::{Deserialize, Serialize};

use crate::class::Class;
use crate::kinds::mail::{ANSWERED, FLAGGED};
use crate::operations::{Archive, Label, Operation, Trash};
use crate::words;

/// What is proposed for a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Proposal {
    /// Out of the inbox.
    Archive,
    /// Into the trash.
    Trash,
    /// The label for receipts.
    LabelReceipt,
    /// Nothing.
    Keep,
    /// A person has to look: how sure it is does not reach what they ask for.
    Review,
    /// A reply among the drafts, with the text that was given for it.
    Reply,
}

/// How sure a proposal has to be at the least that hides a mail for good, whatever a person asks for.
const TRASH_PERCENT: u8 = 95;
/// The label for receipts.
const RECEIPTS: &str = "receipts";

/// What protects a mail from being hidden, whatever it is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Marks {
    /// It has a star.
    pub starred: bool,
    /// It was answered.
    pub answered: bool,
    /// Somebody gave it a label.
    pub labelled: bool,
    /// The account's owner wrote it, under whatever address. It protects from nothing, and gets no reply.
    pub own: bool,
}

impl Marks {
    /// Those among a mail's flags. Keywords that begin with `$` and those of spam filters are put on by programs
    /// (RFC 5788): they are nobody's label.
    pub fn among<'a>(flags: impl Iterator<Item = &'a str>) -> Self {
        let mut marks = Self::default();
        for flag in flags {
            match flag {
                FLAGGED => marks.starred = true,
                ANSWERED => marks.answered = true,
                flag if flag.starts_with(['\\', '$']) => {}
                flag if BY_PROGRAMS
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(flag)) => {}
                _ => marks.labelled = true,
            }
        }
        marks
    }

    /// Whether one of them protects it.
    pub fn protect(self) -> bool {
        self.starred || self.answered || self.labelled
    }
}

/// Keywords that programs put on.
const BY_PROGRAMS: [&str; 4] = ["Junk", "NonJunk", "NotJunk", "Old"];

impl Proposal {
    /// Every proposal.
    pub const ALL: [Self; 6] = [
        Self::Archive,
        Self::Trash,
        Self::LabelReceipt,
        Self::Keep,
        Self::Review,
        Self::Reply,
    ];

    /// The rules: for a mail of a class that is so sure, of which a person asks to be so sure.
    pub fn of(class: Class, percent: u8, asked: u8, marks: Marks) -> Self {
        let proposal = match class {
            Class::Newsletter | Class::Promotion | Class::Notification | Class::Delivery => {
                Self::Archive
            }
            Class::Spam => Self::Trash,
            Class::Receipt => Self::LabelReceipt,
            Class::Request
            | Class::Question
            | Class::Meeting
            | Class::Personal
            | Class::ListDiscussion
            | Class::Other => Self::Keep,
        };
        let bar = match proposal {
            Self::Trash => asked.max(TRASH_PERCENT),
            _ => asked,
        };
        match proposal {
            _ if proposal.hides() && marks.protect() => Self::Keep,
            _ if percent < bar => Self::Review,
            proposal => proposal,
        }
    }

    /// Whether a person does not see the mails in the inbox any more.
    pub fn hides(self) -> bool {
        matches!(self, Self::Archive | Self::Trash)
    }

    /// The same where replies are drafted: to what somebody else asks and was not answered yet, if it is not to be dealt
    /// with otherwise.
    pub fn or_reply(self, class: Class, marks: Marks) -> Self {
        let asks = matches!(class, Class::Request | Class::Question | Class::Meeting);
        match self {
            Self::Keep if asks && !marks.answered && !marks.own => Self::Reply,
            other => other,
        }
    }

    /// What is proposed where something is done that this does.
    pub fn doing(operation: &Operation) -> Option<Self> {
        if matches!(operation, Operation::DraftReply(_)) {
            return Some(Self::Reply);
        }
        let does = |proposal: &Self| proposal.operation().as_ref() == Some(operation);
        Self::ALL.into_iter().find(does)
    }

    /// The name on the wire. Stored: never change one.
    pub fn name(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Trash => "trash",
            Self::LabelReceipt => "label_receipt",
            Self::Keep => "keep",
            Self::Review => "review",
            Self::Reply => "reply",
        }
    }

    /// The proposal of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|proposal| proposal.name() == name)
    }

    /// As an order.
    pub fn label(self) -> &'static str {
        match self {
            Self::Archive => words::proposal_archive(),
            Self::Trash => words::proposal_trash(),
            Self::LabelReceipt => words::proposal_label_receipt(),
            Self::Keep => words::proposal_keep(),
            Self::Review => words::proposal_review(),
            Self::Reply => words::proposal_reply(),
        }
    }

    /// What accepting it drafts where this proposed it; none where there is nothing to do, or nothing to say.
    pub fn operation_of(self, proposed_by: &Operation) -> Option<Operation> {
        match (self, proposed_by) {
            (Self::Reply, Operation::Process(process)) => process.replies().map(Operation::from),
            _ => self.operation(),
        }
    }

    /// The same for what says all by itself, as a reply does not.
    pub fn operation(self) -> Option<Operation> {
        match self {
            Self::Archive => Some(Archive {}.into()),
            Self::Trash => Some(Trash {}.into()),
            Self::LabelReceipt => Some(
                Label {
                    add: vec![RECEIPTS.to_owned()],
                    remove: Vec::new(),
                }
                .into(),
            ),
            Self::Keep | Self::Review | Self::Reply => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Marks = Marks {
        starred: false,
        answered: false,
        labelled: false,
        own: false,
    };

    #[test]
    fn names_are_what_is_stored() {
        for proposal in Proposal::ALL {
            assert_eq!(serde_json::to_value(proposal).unwrap(), proposal.name());
            assert_eq!(Proposal::named(proposal.name()), Some(proposal));
            assert_eq!(
                proposal
                    .operation()
                    .map(|one| one.validate())
                    .unwrap_or(Ok(())),
                Ok(())
            );
        }
    }

    #[test]
    fn what_hides_a_mail_needs_more() {
        assert_eq!(
            Proposal::of(Class::Newsletter, 90, 90, NONE),
            Proposal::Archive
        );
        assert_eq!(
            Proposal::of(Class::Newsletter, 89, 90, NONE),
            Proposal::Review
        );
        assert_eq!(Proposal::of(Class::Spam, 94, 80, NONE), Proposal::Review);
        assert_eq!(Proposal::of(Class::Spam, 95, 80, NONE), Proposal::Trash);
        assert_eq!(Proposal::of(Class::Request, 95, 80, NONE), Proposal::Keep);
    }

    #[test]
    fn a_reply_is_proposed_to_what_asks_and_was_not_answered() {
        let keep = |class, marks| Proposal::Keep.or_reply(class, marks);
        for class in [Class::Request, Class::Question, Class::Meeting] {
            assert_eq!(keep(class, NONE), Proposal::Reply);
            let answered = Marks {
                answered: true,
                ..NONE
            };
            assert_eq!(keep(class, answered), Proposal::Keep);
            assert_eq!(keep(class, Marks { own: true, ..NONE }), Proposal::Keep);
        }
        assert_eq!(keep(Class::Newsletter, NONE), Proposal::Keep);
        let unsure = Proposal::Review.or_reply(Class::Question, NONE);
        assert_eq!(unsure, Proposal::Review);
        let by: Operation = serde_json::from_str(r#"{"type":"process","certainty":"90"}"#).unwrap();
        assert_eq!(Proposal::Reply.operation_of(&by), None);
        assert_eq!(
            Proposal::Archive.operation_of(&by),
            Proposal::Archive.operation()
        );
    }

    #[test]
    fn each_is_an_order_and_drafts_what_does_it() {
        let read = |text: &str| serde_json::from_str::<Operation>(text).unwrap();
        for (proposal, label, text) in [
            (Proposal::Archive, "Archive", Some(r#"{"type":"archive"}"#)),
            (
                Proposal::Trash,
                "Move to Trash",
                Some(r#"{"type":"trash"}"#),
            ),
            (
                Proposal::LabelReceipt,
                "Label “receipts”",
                Some(r#"{"type":"label","add":["receipts"]}"#),
            ),
            (Proposal::Keep, "Keep", None),
            (Proposal::Review, "Look at it", None),
            (Proposal::Reply, "Draft a reply", None),
        ] {
            assert_eq!(proposal.label(), label);
            assert_eq!(proposal.operation(), text.map(read), "{label}");
            assert_eq!(proposal.operation_of(&Archive {}.into()), text.map(read));
            if let Some(text) = text {
                assert_eq!(Proposal::doing(&read(text)), Some(proposal));
            }
        }
        let reply = read(r#"{"type":"draft_reply","text":"Thanks"}"#);
        assert_eq!(Proposal::doing(&reply), Some(Proposal::Reply));
        let replying = read(r#"{"type":"process","certainty":"90","reply":"Thanks"}"#);
        assert_eq!(Proposal::Reply.operation_of(&replying), Some(reply));
        for other in [r#"{"type":"star"}"#, r#"{"type":"label","add":["other"]}"#] {
            assert_eq!(Proposal::doing(&read(other)), None, "{other}");
        }
    }

    #[test]
    fn each_class_has_its_proposal() {
        let of = |class| Proposal::of(class, 95, 95, NONE).name();
        assert_eq!(
            Class::ALL.map(of),
            [
                "keep",
                "keep",
                "keep",
                "keep",
                "keep",
                "archive",
                "archive",
                "archive",
                "label_receipt",
                "archive",
                "trash",
                "keep",
            ]
        );
        // A label hides nothing, so what protects a mail does not keep it away.
        let starred = Marks {
            starred: true,
            ..NONE
        };
        let labelled = Proposal::of(Class::Receipt, 90, 90, starred);
        assert_eq!(labelled, Proposal::LabelReceipt);
        // Whoever asks to be surer than that is asked for it.
        assert_eq!(Proposal::of(Class::Spam, 96, 97, NONE), Proposal::Review);
    }

    #[test]
    fn marks_are_told_by_flags() {
        let of = |flag: &str| Marks::among([flag].into_iter());
        assert_eq!(
            of(FLAGGED),
            Marks {
                starred: true,
                ..NONE
            }
        );
        assert_eq!(
            of(ANSWERED),
            Marks {
                answered: true,
                ..NONE
            }
        );
        assert_eq!(
            of("Older"),
            Marks {
                labelled: true,
                ..NONE
            }
        );
        let own = Marks { own: true, ..NONE };
        assert!(!own.protect() && of("todo").protect() && of(ANSWERED).protect());
    }

    #[test]
    fn what_programs_put_on_protects_nothing() {
        let flags = [
            "\\Seen",
            "\\Recent",
            "$Forwarded",
            "$Junk",
            "nonjunk",
            "Old",
        ];
        assert_eq!(Marks::among(flags.into_iter()), NONE);
    }

    #[test]
    fn protected_mail_wins_over_every_score() {
        for class in Class::ALL {
            for flag in [FLAGGED, ANSWERED, "todo"] {
                let marks = Marks::among([flag, "\\Seen", "$Forwarded", "NonJunk"].into_iter());
                let proposal = Proposal::of(class, 100, 80, marks);
                assert!(
                    !matches!(proposal, Proposal::Archive | Proposal::Trash),
                    "{class:?}"
                );
            }
        }
    }
}
