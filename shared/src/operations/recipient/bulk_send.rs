//! A mail to each of many people, written from a template.

use std::collections::BTreeMap;

use bulkhead_words::Says;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::row::{CellFault, Recipient};
use crate::address::Mailbox;
use crate::attached_file::{self, AttachedFile};
use crate::kinds::Kind;
use crate::limits;
use crate::operations::{About, Aspect, Field, Input, OperationSpec, Risk, RiskLevel, Task};
use crate::problem::Invalid;
use crate::words;

/// A mail to each of many people. Subject, text and HTML are templates: `{{ name }}` stands for a column of
/// the recipient's row, and whatever its cell holds goes out as those letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkSend {
    /// Who sends it: `Ann Lee <ann@example.org>`.
    pub from: String,
    /// Where answers go; to whoever sends it if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// A template for the subject.
    pub subject: String,
    /// A template for the text; made of the HTML if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// A template for the HTML; no HTML is sent if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// The column with the address, or with name and address: `to` if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address_column: Option<String>,
    /// The column with the name that stands before the address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_column: Option<String>,
    /// What stands in for an empty cell, by column.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fallbacks: BTreeMap<String, String>,
    /// Files that go along with every mail.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachedFile>,
    /// The column that names, for each row, one of `files` that goes along with its mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_column: Option<String>,
    /// The files that a column can name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachedFile>,
    /// What the template is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Where somebody says that they want no more of these: an address, or a page that takes a `POST`
    /// (RFC 8058). Left out where it is no bulk mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// Seconds after the confirmation in which all of it can still be stopped, 0 to 300. Default: 10.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_seconds: Option<u32>,
    /// Not sent before this time.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::moment::read_optional"
    )]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub not_before: Option<Timestamp>,
}

/// The column with the address where none is named.
const ADDRESS_COLUMN: &str = "to";
/// So many may get a mail before that is much.
const MANY: u64 = 100;

impl BulkSend {
    /// The column with the address.
    pub fn address_column(&self) -> &str {
        self.address_column.as_deref().unwrap_or(ADDRESS_COLUMN)
    }

    /// Whoever gets this row's mail, and what is known of them.
    pub fn recipient(&self, row: &Value) -> Result<Recipient, CellFault> {
        Recipient::read(row, self.address_column(), self.name_column.as_deref())
    }

    fn hold(&self) -> SignedDuration {
        let seconds = self.hold_seconds.unwrap_or(limits::HOLD_SECONDS_DEFAULT);
        SignedDuration::from_secs(seconds.into())
    }
}

impl OperationSpec for BulkSend {
    const ABOUT: About = About {
        name: "bulk_send",
        prefix: "snd",
        kind: Some(Kind::Recipient),
        task: Task::Deliver,
        aspect: Aspect::Nothing,
        label: Says(words::bulk_send_label),
        order: words::bulk_send_order,
        report: words::bulk_send_report,
        icon: "M3.5 11.5 20.5 4l-5 16-4-6.5zM11.5 13.5 20.5 4",
        keys: &[],
        fields: &[
            Field {
                name: "from",
                label: Says(words::bulk_send_from),
                hint: None,
                input: Input::Text,
            },
            Field {
                name: "subject",
                label: Says(words::bulk_send_subject),
                hint: None,
                input: Input::Text,
            },
            Field {
                name: "text",
                label: Says(words::bulk_send_text),
                hint: None,
                input: Input::Text,
            },
        ],
    };
    const MAKES_ITEMS: bool = true;

    fn input(&self, row: &Value) -> Result<Vec<u8>, String> {
        let recipient = self.recipient(row).map_err(|fault| fault.to_string())?;
        recipient.bytes().map_err(|fault| fault.to_string())
    }

    fn validate(&self) -> Result<(), Invalid> {
        check_mailbox("operation.from", &self.from)?;
        if let Some(reply_to) = &self.reply_to {
            check_mailbox("operation.reply_to", reply_to)?;
        }
        if let Some(unsubscribe) = &self.unsubscribe {
            check_unsubscribe(unsubscribe)?;
        }
        check_size("operation.subject", &self.subject, limits::SUBJECT_BYTES)?;
        for (field, part) in [
            ("operation.text", &self.text),
            ("operation.html", &self.html),
        ] {
            if let Some(part) = part {
                check_size(field, part, limits::TEMPLATE_BYTES)?;
            }
        }
        if self.text.is_none() && self.html.is_none() {
            return Err(Invalid::new("operation.text", words::bulk_send_nothing()));
        }
        attached_file::check_all(
            "operation.attachments",
            &self.attachments,
            limits::ATTACHMENTS_MOST,
        )?;
        attached_file::check_together("operation.attachments", &self.attachments)?;
        attached_file::check_all("operation.files", &self.files, limits::NAMED_FILES_MOST)?;
        if self.file_column.is_none() && !self.files.is_empty() {
            return Err(Invalid::new(
                "operation.file_column",
                words::bulk_send_file_column(),
            ));
        }
        if self
            .hold_seconds
            .is_some_and(|hold| hold > limits::HOLD_SECONDS_MOST)
        {
            let most = limits::HOLD_SECONDS_MOST;
            let text = words::bulk_send_hold(&most.to_string());
            return Err(Invalid::new("operation.hold_seconds", text));
        }
        Ok(())
    }

    fn risk(&self, total: u64) -> Option<Risk> {
        Some(Risk {
            level: if total > MANY {
                RiskLevel::High
            } else {
                RiskLevel::Medium
            },
            reasons: vec![words::bulk_send_risk().to_owned()],
        })
    }

    fn begins(&self, confirmed: Timestamp) -> Timestamp {
        let held = confirmed + self.hold();
        self.not_before.map_or(held, |at| at.max(held))
    }
}

fn check_mailbox(field: &str, text: &str) -> Result<(), Invalid> {
    Mailbox::read(text).map_err(|why| Invalid::new(field, why.to_string()))?;
    Ok(())
}

fn check_unsubscribe(text: &str) -> Result<(), Invalid> {
    let is_page = text.starts_with("https://")
        && text.len() <= limits::UNSUBSCRIBE_BYTES
        && text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && !b"<>,\"".contains(&byte));
    if is_page || Mailbox::read(text).is_ok_and(|mailbox| mailbox.name.is_empty()) {
        return Ok(());
    }
    let text = words::bulk_send_unsubscribe();
    Err(Invalid::new("operation.unsubscribe", text))
}

fn check_size(field: &str, text: &str, most: usize) -> Result<(), Invalid> {
    if text.trim().is_empty() {
        return Err(Invalid::new(field, words::nothing_in_it()));
    }
    if text.len() > most {
        return Err(Invalid::new(
            field,
            words::bulk_send_too_long(&most.to_string()),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn send(with: Value) -> BulkSend {
        let mut send = json!({"from": "ann@example.org", "subject": "s", "text": "t"});
        for (name, value) in with.as_object().unwrap() {
            send[name] = value.clone();
        }
        serde_json::from_value(send).unwrap()
    }

    fn file(name: &str, bytes: u64) -> Value {
        json!({"name": name, "bytes": bytes, "sha256": "0".repeat(64)})
    }

    #[test]
    fn what_is_wrong_is_named_before_anything_is_read() {
        for (with, field) in [
            (json!({"from": "ann"}), "operation.from"),
            (
                json!({"from": "a@x.example\nBcc: b@x.example"}),
                "operation.from",
            ),
            (json!({"reply_to": "x"}), "operation.reply_to"),
            (json!({"subject": " "}), "operation.subject"),
            (json!({"text": null}), "operation.text"),
            (json!({"html": ""}), "operation.html"),
            (
                json!({"attachments": [file("a/b.pdf", 1)]}),
                "operation.attachments[0].name",
            ),
            (
                json!({"attachments": [file("a.pdf", 1), file("a.pdf", 2)]}),
                "operation.attachments[1].name",
            ),
            (
                json!({"attachments": [file("a.pdf", 4_000_001)]}),
                "operation.attachments[0].bytes",
            ),
            (
                json!({"attachments": [file("a", 3_000_000), file("b", 3_000_000), file("c", 3_000_000)]}),
                "operation.attachments",
            ),
            (
                json!({"files": [file("a.pdf", 1)]}),
                "operation.file_column",
            ),
        ] {
            let refused = send(with.clone()).validate().unwrap_err();
            assert_eq!(refused.field, field, "{with}");
        }
        for good in [
            json!({"hold_seconds": 0}),
            json!({"text": null, "html": "<p>x</p>", "reply_to": "Bob <b@x.example>"}),
        ] {
            assert_eq!(send(good.clone()).validate(), Ok(()), "{good}");
        }
    }

    #[test]
    fn limits_are_kept_to_the_byte_and_the_second() {
        let x = |count: usize| "x".repeat(count);
        let page = |bytes: usize| format!("https://x.example/{}", "x".repeat(bytes - 18));
        let names = |count: usize| {
            (0..count)
                .map(|it| file(&format!("f{it}"), 1))
                .collect::<Vec<_>>()
        };
        for (most, more, field) in [
            (
                json!({"subject": x(1_000)}),
                json!({"subject": x(1_001)}),
                "operation.subject",
            ),
            (
                json!({"text": x(200_000)}),
                json!({"text": x(200_001)}),
                "operation.text",
            ),
            (
                json!({"html": x(200_000)}),
                json!({"html": x(200_001)}),
                "operation.html",
            ),
            (
                json!({"hold_seconds": 300}),
                json!({"hold_seconds": 301}),
                "operation.hold_seconds",
            ),
            (
                json!({"unsubscribe": page(500)}),
                json!({"unsubscribe": page(501)}),
                "operation.unsubscribe",
            ),
            (
                json!({"attachments": names(10)}),
                json!({"attachments": names(11)}),
                "operation.attachments",
            ),
            (
                json!({"file_column": "f", "files": names(1_000)}),
                json!({"file_column": "f", "files": names(1_001)}),
                "operation.files",
            ),
        ] {
            assert_eq!(send(most).validate(), Ok(()), "{field}");
            let refused = send(more).validate().map_err(|wrong| wrong.field);
            assert_eq!(refused, Err(field.to_owned()));
        }
    }

    #[test]
    fn whoever_wants_no_more_says_so_at_an_address_or_on_a_page() {
        let unsubscribe = |text: &str| {
            let send = send(json!({ "unsubscribe": text }));
            send.validate().map_err(|wrong| wrong.field)
        };
        for good in [
            "https://x.example/u",
            "https://x.example/u?a=1",
            "stop@x.example",
        ] {
            assert_eq!(unsubscribe(good), Ok(()), "{good}");
        }
        let refused = Err("operation.unsubscribe".to_owned());
        for bad in [
            "",
            "Ann <stop@x.example>",
            "http://x.example",
            "https://x.example/>, <mailto:y@z",
            "https://x.example/a b",
            "https://x.example/é",
            "https://x.example/<",
            "https://x.example/>",
            "https://x.example/,",
            "https://x.example/\"",
            "ftp://x.example",
            "mailto:a@x.example",
        ] {
            assert_eq!(unsubscribe(bad), refused, "{bad}");
        }
    }

    #[test]
    fn the_address_is_in_the_column_that_is_named_for_it() {
        let row = json!({"to": "a@x.example", "mail": "b@x.example", "name": "Bob"});
        let of = |with: Value| {
            let recipient = send(with).recipient(&row).unwrap();
            recipient.mailbox().unwrap().to_string()
        };
        assert_eq!(of(json!({})), "a@x.example");
        assert_eq!(of(json!({"address_column": "mail"})), "b@x.example");
        assert_eq!(
            of(json!({"address_column": "mail", "name_column": "name"})),
            "Bob <b@x.example>"
        );
    }

    #[test]
    fn it_begins_after_its_hold_or_at_the_time_that_was_named() {
        let confirmed = Timestamp::from_second(1_000).unwrap();
        let begins = |with| send(with).begins(confirmed).as_second();
        assert_eq!(begins(json!({})), 1_010);
        assert_eq!(begins(json!({"hold_seconds": 0})), 1_000);
        let at = |second| Timestamp::from_second(second).unwrap().to_string();
        assert_eq!(begins(json!({"not_before": at(5_000)})), 5_000);
        assert_eq!(begins(json!({"not_before": at(1_001)})), 1_010);
    }
}
