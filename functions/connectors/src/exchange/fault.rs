//! What can go wrong with a command, and what it means for us.

use bulkhead_engine::ports::CallError;
use bulkhead_shared::outcome::ItemReason;
use jiff::Timestamp;
use serde_json::Value;

/// A command without the answer that was hoped for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// It never went out.
    NotSent(&'static str),
    /// It went out, and no whole answer came: it may be done or not.
    Lost(&'static str),
    /// Asked to wait. Nothing was done.
    Throttled(Option<Timestamp>),
    /// The token is not taken, or the application may not administer this organisation.
    SignIn,
    /// An answer that is not understood: it may be done or not.
    Senseless,
    /// The command was refused. Nothing was done.
    Refused(Refusal),
}

/// Why a command was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// What it names is not there.
    NotFound,
    /// Another recipient has the address or sign-in name.
    Taken,
    /// The application has no role that has this command, or one of its parameters.
    Forbidden,
    /// A request of this name is there already.
    Exists,
    /// For another reason.
    Other,
}

impl Refusal {
    /// As the reason of an item.
    pub(super) fn reason(self) -> ItemReason {
        match self {
            Self::NotFound => ItemReason::Missing,
            Self::Taken => ItemReason::AddressTaken,
            Self::Forbidden => ItemReason::Forbidden,
            Self::Exists | Self::Other => ItemReason::Refused,
        }
    }

    /// Reads the body of an answer that says no: `{"error": {"code", "message", "details": [{"message":
    /// "Ex…|Microsoft.Exchange.….ManagementObjectNotFoundException|The operation …"}]}}`. The exception's
    /// name says it in every language.
    pub(super) fn read(status: u16, body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let error = body.get("error")?;
        let mut words = String::new();
        let mut add = |value: Option<&Value>| {
            words.push_str(value.and_then(Value::as_str).unwrap_or_default());
            words.push('\n');
        };
        add(error.get("code"));
        add(error.get("message"));
        let details = error.get("details").and_then(Value::as_array);
        for detail in details.into_iter().flatten() {
            add(detail.get("message"));
        }
        let has = |names: &[&str]| names.iter().any(|name| words.contains(name));
        Some(
            if has(&[
                "ManagementObjectNotFoundException",
                "MapiObjectNotFoundException",
            ]) {
                Self::NotFound
            } else if has(&[
                "ProxyAddressExistsException",
                "AlreadyExistsException",
                "UserPrincipalNameExistsException",
                "WLCDManagedMemberExistsException",
            ]) {
                Self::Taken
            } else if has(&[
                "NameMustBeUniquePermanentException",
                "RequestNameAlreadyExists",
            ]) {
                Self::Exists
            } else if status == 403
                || has(&["CmdletAccessDeniedException", "CommandNotFoundException"])
            {
                Self::Forbidden
            } else {
                Self::Other
            },
        )
    }
}

impl From<Fault> for CallError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotSent(why) => Self::Unavailable(why.to_owned()),
            Fault::Lost(why) => Self::Unavailable(why.to_owned()),
            Fault::Throttled(until) => Self::Throttled { until },
            Fault::SignIn => Self::SignIn,
            Fault::Senseless => Self::Unavailable("Exchange's answer is not understood".to_owned()),
            Fault::Refused(refusal) => Self::Refused(refusal.reason()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_known_by_its_exception_whatever_its_language() {
        let body = |exception: &str| {
            format!(
                r#"{{"error":{{"code":"BadRequest","message":"Fehler","details":[{{"code":"Context","message":"Ex6F9304|{exception}|Vorgang nicht möglich"}}]}}}}"#
            )
        };
        let read = |status, exception: &str| Refusal::read(status, body(exception).as_bytes());
        let tasks = "Microsoft.Exchange.Configuration.Tasks";
        let directory = "Microsoft.Exchange.Data.Directory";
        assert_eq!(
            read(404, &format!("{tasks}.ManagementObjectNotFoundException")),
            Some(Refusal::NotFound)
        );
        assert_eq!(
            read(400, &format!("{directory}.ADObjectAlreadyExistsException")),
            Some(Refusal::Taken)
        );
        assert_eq!(
            read(
                400,
                "Microsoft.Exchange.MailboxReplicationService.NameMustBeUniquePermanentException"
            ),
            Some(Refusal::Exists)
        );
        assert_eq!(read(403, "x"), Some(Refusal::Forbidden));
        assert_eq!(read(400, "x"), Some(Refusal::Other));
        // What is no such answer is none, and not a refusal.
        for body in ["", "<html>", "[]", "{}", r#"{"value":[]}"#] {
            assert_eq!(Refusal::read(400, body.as_bytes()), None, "{body}");
        }
    }
}
