//! What an error of SES means for the mail that was refused: by the errors of `SendEmail` and those that all of AWS
//! has in common (Amazon SES API v2 reference).

use bulkhead_engine::ports::{CallError, Delivery};
use bulkhead_shared::outcome::ItemReason;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A sending rate is one of seconds.
const TOO_FAST: SignedDuration = SignedDuration::from_secs(2);
/// A daily quota is one of 24 rolling hours, and somebody has to end a pause.
const LATER: SignedDuration = SignedDuration::from_hours(1);

/// What becomes of a mail with this answer, which is no success. `named` is what the header says of the error.
pub(super) fn judge(
    status: u16,
    named: &str,
    body: &Value,
    now: Timestamp,
) -> Result<Delivery, CallError> {
    let text = |names: [&str; 2]| names.iter().find_map(|name| body[*name].as_str());
    let named = match named {
        "" => text(["__type", "code"]).unwrap_or_default(),
        named => named,
    };
    // Before it stands a name space, after it an address.
    let code = named.rsplit('#').next().unwrap_or_default();
    let code = code.split(':').next().unwrap_or_default();
    let said = text(["message", "Message"]).unwrap_or_default();
    let said = said.to_lowercase();
    let wait = |wait: SignedDuration| {
        Err(CallError::Throttled {
            until: Some(now + wait),
        })
    };
    let refused = |reason| Ok(Delivery::Refused(reason));
    let stops = |text: &str| Err(CallError::Unsupported(text.to_owned()));
    match code {
        "TooManyRequestsException" | "ThrottlingException" | "Throttling" => {
            wait(match said.contains("daily") {
                true => LATER,
                false => TOO_FAST,
            })
        }
        "LimitExceededException" | "SendingPausedException" => wait(LATER),
        "AccountSuspendedException" => stops("Amazon SES has stopped this deployment's sending."),
        "MailFromDomainNotVerifiedException" => {
            stops("Amazon SES has not verified the domain that mails are sent from.")
        }
        "AccessDeniedException" => {
            stops("This deployment's role may not send from that address by Amazon SES.")
        }
        "NotFoundException" => stops("Amazon SES does not know what this deployment sends with."),
        // In its sandbox SES also takes mails to verified addresses alone.
        "MessageRejected" if said.contains("not verified") || said.contains("authority") => {
            refused(ItemReason::AgainstRules)
        }
        "MessageRejected" => refused(ItemReason::ContentRefused),
        "BadRequestException" if said.contains("length") || said.contains("size") => {
            refused(ItemReason::TooLarge)
        }
        "BadRequestException" | "ValidationException" => refused(ItemReason::ContentRefused),
        // It says itself that it did nothing.
        "ServiceUnavailable" | "ServiceUnavailableException" => Ok(Delivery::Unavailable),
        _ if status == 429 => wait(TOO_FAST),
        // Refused, for a reason that may pass: a signature that is too old, a token that has ended.
        _ if (400..500).contains(&status) => Ok(Delivery::Unavailable),
        _ => Ok(Delivery::Unknown),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn judged(status: u16, named: &str, said: &str) -> String {
        let now = Timestamp::UNIX_EPOCH;
        let body = match said {
            "" => Value::Null,
            said => json!({ "message": said }),
        };
        match judge(status, named, &body, now) {
            Ok(delivery) => format!("{delivery:?}"),
            Err(CallError::Throttled { until }) => {
                format!("in {} s", until.unwrap().duration_since(now).as_secs())
            }
            Err(CallError::Unsupported(_)) => "stops".to_owned(),
            Err(error) => format!("{error:?}"),
        }
    }

    /// Answers as Amazon documents them, in its words.
    #[test]
    fn an_error_is_a_wait_a_refusal_or_an_open_question() {
        for (status, named, said, meant) in [
            (
                429,
                "TooManyRequestsException",
                "Maximum sending rate exceeded.",
                "in 2 s",
            ),
            (
                429,
                "TooManyRequestsException",
                "Daily message quota exceeded.",
                "in 3600 s",
            ),
            (400, "ThrottlingException", "Rate exceeded", "in 2 s"),
            (429, "", "", "in 2 s"),
            (400, "LimitExceededException", "", "in 3600 s"),
            (
                400,
                "SendingPausedException:http://internal.amazon.com/coral/",
                "",
                "in 3600 s",
            ),
            (400, "AccountSuspendedException", "", "stops"),
            (400, "MailFromDomainNotVerifiedException", "", "stops"),
            (
                403,
                "AccessDeniedException",
                "User is not authorized to perform `ses:SendRawEmail`",
                "stops",
            ),
            (404, "NotFoundException", "", "stops"),
            (
                400,
                "MessageRejected",
                "Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: x",
                "Refused(AgainstRules)",
            ),
            (
                400,
                "MessageRejected",
                "Message contains a virus.",
                "Refused(ContentRefused)",
            ),
            (
                400,
                "com.amazonaws.ses#MessageRejected",
                "",
                "Refused(ContentRefused)",
            ),
            (
                400,
                "BadRequestException",
                "Message length is more than 10485760 bytes long",
                "Refused(TooLarge)",
            ),
            (
                400,
                "BadRequestException",
                "Invalid header",
                "Refused(ContentRefused)",
            ),
            (403, "ExpiredTokenException", "", "Unavailable"),
            (403, "", "", "Unavailable"),
            (503, "ServiceUnavailable", "", "Unavailable"),
            (500, "InternalFailure", "", "Unknown"),
            (502, "", "", "Unknown"),
            (302, "", "", "Unknown"),
        ] {
            assert_eq!(
                judged(status, named, said),
                meant,
                "{status} {named} {said}"
            );
        }
        let in_body =
            json!({"__type": "MessageRejected", "Message": "Did not have authority to send"});
        let told = judge(400, "", &in_body, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(told, Delivery::Refused(ItemReason::AgainstRules));
    }
}
