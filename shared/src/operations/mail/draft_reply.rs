//! Replies to mails, drafted and never sent.

use bulkhead_words::Says;
use serde::{Deserialize, Serialize};

use crate::api::check_template_name;
use crate::kinds::Kind;
use crate::limits::REPLY_BYTES;
use crate::operations::{
    About, Aspect, Field, Input, MailTarget, OperationSpec, Risk, Target, Task,
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
}

impl DraftReply {
    /// Replies with this text.
    pub fn saying(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            template: None,
        }
    }
}

/// How the text of a reply is asked for, wherever a form does.
pub(super) const TEXT_HINT: Option<Says> = Some(Says(words::draft_reply_text_hint));
/// How a kept template is asked for.
pub(super) const TEMPLATE_HINT: Option<Says> = Some(Says(words::draft_reply_template_hint));

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
        ],
    };

    fn validate(&self) -> Result<(), Invalid> {
        match (&self.text, &self.template) {
            (Some(text), None) => check_text("operation.text", text),
            (None, Some(name)) => check_template("operation.template", name),
            (Some(_), Some(_)) => Err(Invalid::new(
                "operation.template",
                words::draft_reply_both(),
            )),
            (None, None) => Err(Invalid::new("operation.text", words::draft_reply_neither())),
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

/// What the text of a reply has to be, as far as that is told without reading it as a template.
pub(super) fn check_text(field: &str, text: &str) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new(field, words::draft_reply_empty()));
    }
    if text.len() > REPLY_BYTES {
        return Err(Invalid::new(
            field,
            words::draft_reply_too_long(&REPLY_BYTES.to_string()),
        ));
    }
    Ok(())
}

pub(super) fn check_template(field: &str, name: &str) -> Result<(), Invalid> {
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
}
