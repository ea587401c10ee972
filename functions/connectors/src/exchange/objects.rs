//! Objects that commands answer with, read as far as they are needed.

use bulkhead_shared::kinds::mailbox::{ConflictRule, Guid, Mailbox, Profile, Status};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use super::fault::Fault;

/// What a command answers with.
pub(super) type Object = Map<String, Value>;

/// A property's text; empty where there is none.
pub(super) fn text<'a>(object: &'a Object, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn is_true(object: &Object, name: &str) -> bool {
    match object.get(name) {
        Some(Value::Bool(value)) => *value,
        Some(Value::String(value)) => value.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

/// Whether something keeps the mailbox when its person is deleted: then it becomes inactive, and is gone
/// after thirty days otherwise.
pub(super) fn is_kept(object: &Object) -> bool {
    let holds = object.get("InPlaceHolds").and_then(Value::as_array);
    is_true(object, "LitigationHoldEnabled") || holds.is_some_and(|holds| !holds.is_empty())
}

/// Whether its archive grows by itself: such a mailbox can neither be recovered nor restored.
pub(super) fn has_growing_archive(object: &Object) -> bool {
    is_true(object, "AutoExpandingArchiveEnabled")
}

/// A mailbox as `Get-Mailbox` tells it. One without a GUID is an answer that is not understood.
pub(super) fn mailbox(object: &Object) -> Result<Mailbox, Fault> {
    let guid: Guid = text(object, "ExchangeGuid")
        .parse()
        .map_err(|_| Fault::Senseless)?;
    let inactive = is_true(object, "IsInactiveMailbox");
    Ok(Mailbox {
        guid,
        profile: Profile {
            upn: text(object, "UserPrincipalName").to_owned(),
            smtp: text(object, "PrimarySmtpAddress").to_owned(),
            display_name: text(object, "DisplayName").to_owned(),
            ..Profile::default()
        },
        status: match inactive {
            true => Status::Inactive {
                deleted_at: time(text(object, "WhenSoftDeleted")),
                retained_until: None,
            },
            false => Status::Active,
        },
        items: None,
        bytes: None,
        quota_bytes: bytes(text(object, "ProhibitSendReceiveQuota")),
        on_hold: false,
    })
}

/// Adds what `Get-User` tells of its person.
pub(super) fn add_person(profile: &mut Profile, object: &Object) {
    for (of, name) in [
        (&mut profile.first_name, "FirstName"),
        (&mut profile.last_name, "LastName"),
        (&mut profile.department, "Department"),
        (&mut profile.company, "Company"),
    ] {
        text(object, name).clone_into(of);
    }
}

/// Adds what `Get-MailboxStatistics` tells.
pub(super) fn add_statistics(mailbox: &mut Mailbox, object: &Object) {
    mailbox.items = object.get("ItemCount").and_then(Value::as_u64);
    mailbox.bytes = bytes(text(object, "TotalItemSize"));
}

/// `49.5 GB (53,150,220,288 bytes)`; none for `Unlimited`.
fn bytes(text: &str) -> Option<u64> {
    let (_, rest) = text.split_once('(')?;
    let (number, _) = rest.split_once(" bytes")?;
    let digits = number.chars().filter(char::is_ascii_digit);
    digits.collect::<String>().parse().ok()
}

/// A time with or without an offset: without one it is UTC.
fn time(text: &str) -> Option<Timestamp> {
    let plain = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
    text.parse()
        .ok()
        .or_else(|| plain().map(|time| time.timestamp()))
}

/// How far a restore request is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Progress {
    /// Exchange works on it, or will.
    UnderWay,
    /// All is there, so many messages.
    Completed(u64),
    /// It ended without success, after so many messages.
    Failed(u64),
}

/// What `Get-MailboxRestoreRequestStatistics` tells. A status that nobody knows is not taken for an end.
pub(super) fn progress(object: &Object) -> Progress {
    let items = object
        .get("ItemsTransferred")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    match text(object, "Status") {
        "Completed" | "CompletedWithWarning" | "CompletedWithSkippedItems" => {
            Progress::Completed(items)
        }
        "Suspended" | "AutoSuspended" => Progress::Failed(items),
        // Some say why: `FailedOther`, `FailedMAPI`.
        failed if failed.starts_with("Failed") => Progress::Failed(items),
        _ => Progress::UnderWay,
    }
}

/// By which rule a request restores, and into which folder.
pub(super) fn how(object: &Object) -> (ConflictRule, Option<String>) {
    // Its own default where nothing is said.
    let rule = ConflictRule::read(text(object, "ConflictResolutionOption"));
    let folder = text(object, "TargetRootFolder").trim_start_matches('/');
    let folder = (!folder.is_empty()).then(|| folder.to_owned());
    (rule.unwrap_or(ConflictRule::KeepSource), folder)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn a_mailbox_is_read_with_whatever_is_told() {
        let told = mailbox(&object(
            r#"{"ExchangeGuid":"3F2504E0-4F89-41D3-9A0C-0305E82C3301","UserPrincipalName":"ann@x.example",
                "IsInactiveMailbox":true,"WhenSoftDeleted":"2026-03-01T10:00:00",
                "ProhibitSendReceiveQuota":"50 GB (53,687,091,200 bytes)","New":[1]}"#,
        ));
        let told = told.unwrap();
        assert_eq!(told.quota_bytes, Some(53_687_091_200));
        let deleted_at = "2026-03-01T10:00:00Z".parse().ok();
        let retained_until = None;
        assert_eq!(
            told.status,
            Status::Inactive {
                deleted_at,
                retained_until
            }
        );
        for text in ["{}", r#"{"ExchangeGuid":"ann"}"#] {
            assert_eq!(mailbox(&object(text)), Err(Fault::Senseless));
        }
        assert_eq!(bytes("Unlimited"), None);
        assert_eq!(
            time("2026-03-01T10:00:00+01:00"),
            "2026-03-01T09:00:00Z".parse().ok()
        );
    }

    #[test]
    fn an_unknown_status_is_no_end() {
        let of = |status: &str| {
            progress(&object(&format!(
                r#"{{"Status":"{status}","ItemsTransferred":7}}"#
            )))
        };
        assert_eq!(of("Completed"), Progress::Completed(7));
        for status in ["Failed", "FailedOther", "AutoSuspended"] {
            assert_eq!(of(status), Progress::Failed(7), "{status}");
        }
        for status in ["Queued", "InProgress", "Synced", "Verwirrt", ""] {
            assert_eq!(of(status), Progress::UnderWay, "{status}");
        }
    }
}
