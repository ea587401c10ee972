//! Replies to mails, drafted and never sent.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::api::check_template_name;
use crate::kinds::Kind;
use crate::limits::{INSTRUCTION_BYTES, REPLY_BYTES};
use crate::operations::{
    About, Aspect, Choice, Field, Input, MailTarget, OperationSpec, Risk, Target, Task,
};
use crate::problem::Invalid;
use crate::words;

/// A reply to each mail is put into the account's folder for drafts, where its owner reads, changes and sends it, or
/// not. Nothing is sent. Lists, programs and addresses that take no answers get none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DraftReply {
    /// What it says, above what it answers: a template that knows `name`, `first_name`, `address`, `subject` and
    /// `date` of the mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A template that is kept with the account, by its name, instead: its text as it is when the job is drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// What the chosen model is told to write instead, into each reply anew. Only where one may be sent the beginnings of
    /// this account's mails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    /// In which language it writes.
    #[serde(default, skip_serializing_if = "ReplyLanguage::is_of_the_mail")]
    pub language: ReplyLanguage,
}

/// In which language a model writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum ReplyLanguage {
    /// That of the mail.
    #[default]
    AsMail,
    /// English.
    English,
    /// German.
    German,
}

impl ReplyLanguage {
    pub(super) fn is_of_the_mail(&self) -> bool {
        *self == Self::AsMail
    }
}

impl DraftReply {
    /// Replies with this text.
    pub fn saying(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            template: None,
            instruction: None,
            language: ReplyLanguage::AsMail,
        }
    }

    /// Replies with what a model writes that is told this.
    pub fn written(instruction: impl Into<String>, language: ReplyLanguage) -> Self {
        Self {
            text: None,
            template: None,
            instruction: Some(instruction.into()),
            language,
        }
    }
}

/// How the text of a reply is asked for, wherever a form does.
pub(super) const TEXT_HINT: Option<Says> = Some(Says(words::draft_reply_text_hint));
/// How a kept template is asked for.
pub(super) const TEMPLATE_HINT: Option<Says> = Some(Says(words::draft_reply_template_hint));
/// How an instruction is asked for.
pub(super) const INSTRUCTION_HINT: Option<Says> = Some(Says(words::draft_reply_instruction_hint));
/// Languages that a model can be told to write.
pub(super) const LANGUAGES: Input = Input::Choice(&[
    Choice {
        value: "as_mail",
        label: Says(words::draft_reply_as_mail),
        text: Says(words::draft_reply_as_mail_text),
    },
    Choice {
        value: "english",
        label: Says(words::draft_reply_english),
        text: Says(|| ""),
    },
    Choice {
        value: "german",
        label: Says(words::draft_reply_german),
        text: Says(|| ""),
    },
]);

impl OperationSpec for DraftReply {
    const ABOUT: About = About {
        name: "draft_reply",
        prefix: "rpl",
        kind: Some(Kind::Mail),
        task: Task::Change,
        aspect: Aspect::Existence,
        label: Says(words::draft_reply_label),
        order: words::draft_reply_order,
        report: words::draft_reply_report,
        icon: "M9.5 6.5 4.5 11l5 4.5M5 11h8.5a6 6 0 0 1 6 6v1.5",
        keys: &[],
        fields: &[
            Field {
                name: "text",
                label: Says(words::draft_reply_text),
                hint: TEXT_HINT,
                input: Input::Lines,
            },
            Field {
                name: "template",
                label: Says(words::draft_reply_template),
                hint: TEMPLATE_HINT,
                input: Input::Text,
            },
            Field {
                name: "instruction",
                label: Says(words::draft_reply_instruction),
                hint: INSTRUCTION_HINT,
                input: Input::Lines,
            },
            Field {
                name: "language",
                label: Says(words::draft_reply_language),
                hint: None,
                input: LANGUAGES,
            },
        ],
    };

    fn validate(&self) -> Result<(), Invalid> {
        let said = Said {
            text: ("operation.text", &self.text),
            template: ("operation.template", &self.template),
            instruction: ("operation.instruction", &self.instruction),
        };
        match said.check()? {
            true => Ok(()),
            false => Err(Invalid::new("operation.text", words::draft_reply_neither())),
        }
    }

    /// A draft is read by whoever sends it: as many as there are, nothing is lost.
    fn risk(&self, _total: u64) -> Option<Risk> {
        None
    }

    fn target(&self) -> Option<Target> {
        Some(Target::Mail(MailTarget::Reply))
    }
}

/// The ways to say what a reply says, each with the field that it stands in.
pub(super) struct Said<'a> {
    pub(super) text: (&'static str, &'a Option<String>),
    pub(super) template: (&'static str, &'a Option<String>),
    pub(super) instruction: (&'static str, &'a Option<String>),
}

impl Said<'_> {
    /// Whether one of them says it; an error if it is more than one, or wrong.
    pub(super) fn check(&self) -> Result<bool, Invalid> {
        let all = [self.text, self.template, self.instruction];
        let mut given = all.into_iter().filter(|(_, given)| given.is_some());
        if let (Some(_), Some((field, _))) = (given.next(), given.next()) {
            return Err(Invalid::new(field, words::draft_reply_both()));
        }
        match (self.text, self.template, self.instruction) {
            ((field, Some(text)), _, _) => check_text(field, text, REPLY_BYTES)?,
            (_, (field, Some(name)), _) => check_template(field, name)?,
            (_, _, (field, Some(text))) => check_text(field, text, INSTRUCTION_BYTES)?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}

/// What the text of a reply has to be, as far as that is told without reading it as a template.
fn check_text(field: &str, text: &str, most: usize) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new(field, words::draft_reply_empty()));
    }
    if text.len() > most {
        return Err(Invalid::new(
            field,
            words::draft_reply_too_long(&most.to_string()),
        ));
    }
    Ok(())
}

fn check_template(field: &str, name: &str) -> Result<(), Invalid> {
    check_template_name(name)
        .map(|_| ())
        .map_err(|wrong| Invalid::new(field, wrong.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_has_one_text() {
        let reply = |text: Option<&str>, template: Option<&str>| {
            let reply = DraftReply {
                text: text.map(str::to_owned),
                template: template.map(str::to_owned),
                ..DraftReply::written("", ReplyLanguage::AsMail)
            };
            let reply = DraftReply {
                instruction: None,
                ..reply
            };
            reply.validate().map_err(|wrong| wrong.field)
        };
        assert_eq!(reply(Some("Hello {{ name }}"), None), Ok(()));
        assert_eq!(reply(None, Some("Thanks")), Ok(()));
        let text = Err("operation.text".to_owned());
        assert_eq!(reply(None, None), text);
        assert_eq!(reply(Some(" \n"), None), text);
        assert_eq!(reply(Some(&"a".repeat(REPLY_BYTES + 1)), None), text);
        let template = Err("operation.template".to_owned());
        assert_eq!(reply(Some("a"), Some("b")), template);
        assert_eq!(reply(None, Some("")), template);
    }

    #[test]
    fn an_instruction_is_short_and_stands_alone() {
        let told = |instruction: &str| {
            let reply = DraftReply::written(instruction, ReplyLanguage::German);
            reply.validate().map_err(|wrong| wrong.field)
        };
        let wrong = Err("operation.instruction".to_owned());
        assert_eq!(told("Say that I come"), Ok(()));
        assert_eq!(told(" "), wrong);
        assert_eq!(told(&"a".repeat(INSTRUCTION_BYTES + 1)), wrong);
        let both = DraftReply {
            text: Some("Hello".to_owned()),
            ..DraftReply::written("Say hello", ReplyLanguage::AsMail)
        };
        assert_eq!(both.validate().map_err(|wrong| wrong.field), wrong);
        let stored = serde_json::to_string(&DraftReply::saying("Hello")).ok();
        assert_eq!(stored.as_deref(), Some(r#"{"text":"Hello"}"#));
    }
}
