//! A mail that unsubscribes (RFC 6068): to one address, with a subject and a body, and nothing else of what such an
//! address may ask for.

use bulkhead_shared::address::Mailbox;
use percent_encoding::percent_decode_str;

/// What is written where nothing else is asked for.
const SUBJECT: &str = "unsubscribe";
/// Characters of a subject and of a body, most.
const SUBJECT_CHARS: usize = 500;
const BODY_CHARS: usize = 5_000;

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MailTo {
    pub(super) to: String,
    /// One line.
    pub(super) subject: String,
    pub(super) body: String,
}

/// Reads such an address; none if it is none, or asks for a mail to nobody or to several.
pub(super) fn read(uri: &str) -> Option<MailTo> {
    let rest = uri.get(7..).filter(|_| is_mailto(uri))?;
    let (to, fields) = rest.split_once('?').unwrap_or((rest, ""));
    let fields = fields.split('#').next().unwrap_or_default();
    let mut recipients = vec![decoded(to)?];
    let (mut subject, mut body) = (None, None);
    for field in fields.split('&') {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        // Written as in a page, which some do in mails too.
        let name = name
            .strip_prefix("amp;")
            .unwrap_or(name)
            .to_ascii_lowercase();
        match name.as_str() {
            "to" => recipients.push(decoded(value)?),
            "subject" if subject.is_none() => subject = Some(one_line(&decoded(value)?)),
            "body" if body.is_none() => body = Some(lines(&decoded(value)?)),
            _ => {}
        }
    }
    let subject = subject.filter(|subject| !subject.is_empty());
    Some(MailTo {
        to: only(&recipients)?,
        subject: subject.unwrap_or_else(|| SUBJECT.to_owned()),
        body: body.unwrap_or_default(),
    })
}

/// Whether it is an address of this kind.
pub(super) fn is_mailto(uri: &str) -> bool {
    let scheme = uri.get(..7);
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
}

/// The only address among these; none if there are several.
fn only(recipients: &[String]) -> Option<String> {
    let mut named = recipients.iter().filter(|one| !one.trim().is_empty());
    let only = named.next().filter(|_| named.next().is_none())?;
    let read = Mailbox::read(only).ok()?;
    read.name.is_empty().then(|| read.address.to_string())
}

/// A `+` stands for itself.
fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// No line of a header ends in it.
fn one_line(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(visible).take(SUBJECT_CHARS).collect();
    text.trim().to_owned()
}

/// Without what is no text.
fn lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let is_text = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    text.chars().filter(is_text).take(BODY_CHARS).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn told(uri: &str) -> Option<(String, String, String)> {
        read(uri).map(|it| (it.to, it.subject, it.body))
    }

    fn mail(to: &str, subject: &str, body: &str) -> Option<(String, String, String)> {
        Some((to.to_owned(), subject.to_owned(), body.to_owned()))
    }

    #[test]
    fn only_to_subject_and_body_are_heard() {
        assert_eq!(
            told("mailto:u@x.example"),
            mail("u@x.example", "unsubscribe", "")
        );
        assert_eq!(
            told(
                "MAILTO:u%2Bann@x.example?Subject=Leave%20me&body=a%0D%0Ab&cc=boss@x.example&bcc=c@x.example&attach=/etc/passwd&In-Reply-To=1"
            ),
            mail("u+ann@x.example", "Leave me", "a\nb")
        );
        // A plus is a plus.
        assert_eq!(
            told("mailto:u+t-1=2@x.example?subject=a+b"),
            mail("u+t-1=2@x.example", "a+b", "")
        );
        assert_eq!(
            told("mailto:?to=u@x.example&amp;subject=x"),
            mail("u@x.example", "x", "")
        );
    }

    #[test]
    fn no_line_of_a_header_is_split() {
        let split = "mailto:u@x.example?subject=a%0D%0ABcc:%20all@x.example%0d%0a%0d%0aHi%00";
        assert_eq!(
            told(split),
            mail("u@x.example", "a  Bcc: all@x.example    Hi", "")
        );
        assert_eq!(told("mailto:u@x.example%0d%0aBcc:b@x.example"), None);
    }

    #[test]
    fn what_is_sent_to_nobody_or_to_several_is_not_sent() {
        for uri in [
            "mailto:",
            "mailto:?subject=x",
            "mailto:a@x.example,b@x.example",
            "mailto:a@x.example?to=b@x.example",
            "mailto:nobody",
            "mailto:%FF@x.example",
            "https://x.example",
            "mailt",
        ] {
            assert_eq!(told(uri), None, "{uri}");
        }
    }

    #[test]
    fn what_is_said_twice_or_behind_the_end_is_not_heard() {
        let first = "mailto:u@x.example?subject=a&subject=b&body=c&body=d#&subject=e";
        assert_eq!(told(first), mail("u@x.example", "a", "c"));
        // A name of a field without a value says nothing, and an empty subject is none.
        assert_eq!(
            told("mailto:u@x.example?subject&body"),
            mail("u@x.example", "unsubscribe", "")
        );
        assert_eq!(
            told("mailto:u@x.example?subject=%20%09"),
            mail("u@x.example", "unsubscribe", "")
        );
        // One that is empty is no second one.
        assert_eq!(
            told("mailto:%20?to=u@x.example&to="),
            mail("u@x.example", "unsubscribe", "")
        );
        for damaged in ["?subject=%FF", "?body=%FF", "?to=%FF"] {
            assert_eq!(told(&format!("mailto:u@x.example{damaged}")), None);
        }
        assert_eq!(told("mailto:Ann%20%3Cu@x.example%3E"), None, "has a name");
    }

    #[test]
    fn a_subject_and_a_body_are_cut_to_what_a_server_takes() {
        let (long, longer) = ("\u{e9}".repeat(500), "\u{e9}".repeat(501));
        for subject in [&long, &longer] {
            let uri = format!("mailto:u@x.example?subject={subject}");
            assert_eq!(told(&uri), mail("u@x.example", &long, ""));
        }
        let (long, longer) = ("\u{e9}".repeat(5_000), "\u{e9}".repeat(5_001));
        for body in [&long, &longer] {
            let uri = format!("mailto:u@x.example?body={body}");
            assert_eq!(told(&uri), mail("u@x.example", "unsubscribe", &long));
        }
        // Tabs and ends of lines are text, and no other character that is no letter is.
        let uri = "mailto:u@x.example?body=a%0Db%09c%00d%0Ae%7F";
        assert_eq!(told(uri), mail("u@x.example", "unsubscribe", "a\nb\tcd\ne"));
    }

    #[test]
    fn an_address_of_this_kind_begins_with_its_scheme() {
        for (uri, is) in [
            ("mailto:", true),
            ("MailTo:u@x.example", true),
            ("mailto", false),
            ("mailtx:u@x.example", false),
            (" mailto:u@x.example", false),
            ("\u{e9}mailto:", false),
        ] {
            assert_eq!(is_mailto(uri), is, "{uri}");
        }
    }
}
