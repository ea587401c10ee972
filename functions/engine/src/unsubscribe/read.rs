//! The list that a mail came by, and how it is asked to write no more, by the mail's header.

use bulkhead_shared::address::{Address, Mailbox};
use bulkhead_shared::unsubscribe::{Distrust, MailingList, Way};
use mail_parser::{Addr, Address as Addresses, HeaderName, HeaderValue, Message, MessageParser};
use url::Url;

use super::mailto::{self, MailTo};
use super::uris::{page, uris};
use super::vouched::{stands_once, vouched};
use crate::header::{field, fields, list_id};

/// What says that a page takes one request (RFC 8058, section 3.1).
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";
/// Characters of a name that are kept.
const NAME_CHARS: usize = 100;
/// Fields in which the account's own server says for which address a mail came, the most telling one first.
const DELIVERED: [&str; 2] = ["Delivered-To", "X-Original-To"];
/// Fields in which its sender does, who names others beside it.
const ADDRESSED: [&str; 2] = ["To", "Cc"];

/// Who is to unsubscribe.
#[derive(Debug, Clone, Copy, Default)]
pub struct Subscriber<'a> {
    /// The name under which the account signs in, which is its address with most providers.
    pub user: Option<&'a str>,
    /// Whether the account sends mails.
    pub sends: bool,
}

/// The list that a mail with this header came by.
pub fn read(header: &[u8], who: Subscriber<'_>) -> MailingList {
    let parsed = MessageParser::default().parse_headers(header);
    let from = parsed.as_ref().and_then(Message::from);
    let from = from.and_then(Addresses::first);
    let address = from
        .and_then(Addr::address)
        .unwrap_or_default()
        .to_lowercase();
    let id = field(header, "List-Id").map(list_id);
    let key = id.filter(|id| !id.is_empty());
    let name = from.and_then(Addr::name).map(one_line);
    let name = name.filter(|name| !name.is_empty());
    let key = key.unwrap_or_else(|| address.clone());
    MailingList {
        name: name.unwrap_or_else(|| match address.is_empty() {
            true => key.clone(),
            false => address.clone(),
        }),
        way: way(header, parsed.as_ref(), who),
        key,
        address,
        mails: 1,
        asked_at: None,
    }
}

/// One request before a mail, because it asks for no sending; whatever can be asked before what cannot.
fn way(header: &[u8], parsed: Option<&Message<'_>>, who: Subscriber<'_>) -> Way {
    let said = fields(header).filter(|(name, _)| name.eq_ignore_ascii_case(b"List-Unsubscribe"));
    let uris: Vec<String> = said.flat_map(|(_, value)| uris(value)).collect();
    let pages: Vec<(&String, Url)> = uris
        .iter()
        .filter_map(|uri| Some((uri, page(uri)?)))
        .collect();
    let mut secure = pages.iter().filter(|(_, url)| url.scheme() == "https");
    let one_click = secure.next().filter(|_| takes_one_click(header));
    let one_click = one_click.map(|(uri, url)| trusted(header, uri, url, who));
    if let Some(Ok(way)) = one_click {
        return way;
    }
    let mail = uris.iter().find_map(|uri| mailto::read(uri));
    match (mail, one_click, pages.first()) {
        (Some(mail), ..) if who.sends => by_mail(parsed, mail, who),
        (_, Some(Err(distrusted)), _) => distrusted,
        (Some(MailTo { to, .. }), ..) => Way::CannotSend { to },
        (None, _, Some((uri, _))) => Way::WebPage {
            url: (*uri).clone(),
        },
        (None, None | Some(Ok(_)), None) => Way::NotTold,
    }
}

fn takes_one_click(header: &[u8]) -> bool {
    let mut said = fields(header)
        .filter(|(name, _)| name.eq_ignore_ascii_case(b"List-Unsubscribe-Post"))
        .map(|(_, value)| String::from_utf8_lossy(value).into_owned());
    let bare = |text: String| text.split_whitespace().collect::<String>();
    said.any(|value| bare(value).eq_ignore_ascii_case(ONE_CLICK))
}

/// The way by one request, or why it is none.
fn trusted(header: &[u8], uri: &str, url: &Url, who: Subscriber<'_>) -> Result<Way, Way> {
    let not = |why| Way::NotTrusted {
        url: uri.to_owned(),
        why,
    };
    // A signature covers the last one, and anybody may have written another before it.
    let once = |name| stands_once(header, name);
    if !once("List-Unsubscribe") || !once("List-Unsubscribe-Post") {
        return Err(not(Distrust::Ambiguous));
    }
    let domain = who.user.and_then(|user| user.rsplit_once('@'));
    let by = vouched(header, domain.map(|(_, domain)| domain)).map_err(not)?;
    Ok(Way::OneClick {
        url: uri.to_owned(),
        host: url.host_str().unwrap_or_default().to_owned(),
        vouched_by: by.by,
        signed_by: by.signed_by,
    })
}

fn by_mail(parsed: Option<&Message<'_>>, mail: MailTo, who: Subscriber<'_>) -> Way {
    match sender(parsed, who.user) {
        Some(from) => Way::Mail {
            to: mail.to,
            from,
            subject: mail.subject,
            body: mail.body,
        },
        None => Way::CannotSend { to: mail.to },
    }
}

/// The address that the list writes to: the one that the mail was delivered for, if it is at the account's domain or
/// for its name, or the account's own where its sender named that, with whatever `+tag`. Who else is named at the same
/// domain may be anybody. Otherwise the account's address; none where it has none that is known.
fn sender(parsed: Option<&Message<'_>>, user: Option<&str>) -> Option<String> {
    let user = user?;
    let own = user.rsplit_once('@');
    let (local, domain) = own.map_or((user, None), |(local, domain)| (local, Some(domain)));
    let is_named =
        |address: &Address| untagged(address.local()).eq_ignore_ascii_case(untagged(local));
    let is_at_home = |address: &Address| match domain {
        Some(domain) => address.domain().eq_ignore_ascii_case(domain),
        None => is_named(address),
    };
    let read = |names: &[&str]| {
        let addresses = parsed.map_or_else(Vec::new, |mail| addressed(mail, names));
        let addresses = addresses.into_iter();
        addresses.filter_map(|address| Some(Mailbox::read(&address).ok()?.address))
    };
    let delivered = read(&DELIVERED).find(is_at_home);
    let is_own = |address: &Address| is_at_home(address) && is_named(address);
    let written_to = delivered.or_else(|| read(&ADDRESSED).find(is_own));
    let written_to = written_to.map(|address| address.to_string());
    written_to.or_else(|| own.and_then(|_| Some(Mailbox::read(user).ok()?.address.to_string())))
}

/// The part of an address before its `+tag`.
fn untagged(local: &str) -> &str {
    local.split('+').next().unwrap_or(local)
}

/// The addresses in these fields of a mail.
fn addressed(message: &Message<'_>, names: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for name in names {
        let name = HeaderName::parse(*name);
        let values = message.headers().iter();
        let values = values.filter(|known| name.as_ref() == Some(&known.name));
        for known in values {
            match &known.value {
                HeaderValue::Address(all) => {
                    found.extend(all.iter().filter_map(Addr::address).map(str::to_owned));
                }
                HeaderValue::Text(text) => {
                    found.push(text.trim_matches(['<', '>', ' ']).to_owned())
                }
                _ => {}
            }
        }
    }
    found
}

/// One line, as long as a person reads it.
fn one_line(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = text.chars().map(visible).take(NAME_CHARS).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
    const ANN: Subscriber<'static> = Subscriber {
        user: Some("ann@mine.example"),
        sends: true,
    };
    /// The same account, where nothing is sent from it.
    const SILENT: Subscriber<'static> = Subscriber {
        sends: false,
        ..ANN
    };

    /// A header that the account's own server vouches for.
    fn vouched_for(lines: &str) -> String {
        format!(
            "Authentication-Results: mx.mine.example; dkim=pass header.d=x.example\r\n\
             Received: from x.example by mx.mine.example; Fri, 27 Nov 2026 00:00:00 +0000\r\n\
             DKIM-Signature: d=x.example; h=list-unsubscribe:list-unsubscribe-post; b=a\r\n\
             From: \"The News\" <News@X.example>\r\nTo: Ann+news@mine.example\r\n{lines}"
        )
    }

    fn way_of(header: &str, who: Subscriber<'_>) -> Way {
        read(header.as_bytes(), who).way
    }

    fn one_click(url: &str) -> Way {
        Way::OneClick {
            url: url.to_owned(),
            host: "x.example".to_owned(),
            vouched_by: "mx.mine.example".to_owned(),
            signed_by: "x.example".to_owned(),
        }
    }

    /// From which address this user asks the list of a mail with these fields; none where no mail can be sent.
    fn from(fields: &str, user: &str) -> Option<String> {
        let list = "From: n@x.example\r\nList-Unsubscribe: <mailto:u@x.example>\r\n";
        let who = Subscriber {
            user: Some(user),
            sends: true,
        };
        match way_of(&format!("{fields}{list}"), who) {
            Way::Mail { from, .. } => Some(from),
            _ => None,
        }
    }

    fn mail(from: &str) -> Way {
        Way::Mail {
            to: "u@x.example".to_owned(),
            from: from.to_owned(),
            subject: "unsubscribe".to_owned(),
            body: String::new(),
        }
    }

    #[test]
    fn a_list_is_known_by_its_id_and_without_one_by_who_writes() {
        let told = |lines: &str| {
            let list = read(vouched_for(lines).as_bytes(), ANN);
            (list.key, list.name, list.address)
        };
        let news = |key: &str| {
            (
                key.to_owned(),
                "The News".to_owned(),
                "news@x.example".to_owned(),
            )
        };
        assert_eq!(
            told("List-Id: News <News.X.example>\r\n"),
            news("news.x.example")
        );
        assert_eq!(told(""), news("news@x.example"));
        assert_eq!(told("List-Id:\r\n"), news("news@x.example"));
        let nobody = read(b"Subject: x\r\n", ANN);
        assert_eq!(
            (nobody.key, nobody.name, nobody.way),
            (String::new(), String::new(), Way::NotTold)
        );
    }

    #[test]
    fn one_request_is_made_where_both_fields_say_so_and_are_signed() {
        let url = "https://x.example/u?t=1";
        let both = format!("List-Unsubscribe: <mailto:u@x.example>,\r\n <{url}>\r\n{POST}");
        assert_eq!(way_of(&vouched_for(&both), ANN), one_click(url));
        // In any letters, folded.
        let other = both.replace(
            "List-Unsubscribe=One-Click",
            "\r\n list-unsubscribe=one-click",
        );
        assert_eq!(way_of(&vouched_for(&other), ANN), one_click(url));
        // Whatever only resembles it says nothing.
        for wrong in [
            "One-Click",
            "List-Unsubscribe=One-Click-Maybe",
            "List-Unsubscribe=Yes",
            "\"List-Unsubscribe=One-Click\"",
            "",
        ] {
            let header = both.replace("List-Unsubscribe=One-Click", wrong);
            let by_mail = mail("Ann+news@mine.example");
            assert_eq!(way_of(&vouched_for(&header), ANN), by_mail, "{wrong}");
        }
        // Without the second field, a mail is sent.
        let only = format!("List-Unsubscribe: <{url}>, <mailto:u@x.example>\r\n");
        assert_eq!(
            way_of(&vouched_for(&only), ANN),
            mail("Ann+news@mine.example")
        );
        // Not by `http`.
        let plain = format!("List-Unsubscribe: <http://x.example/u>\r\n{POST}");
        let page = Way::WebPage {
            url: "http://x.example/u".to_owned(),
        };
        assert_eq!(way_of(&vouched_for(&plain), ANN), page);
    }

    #[test]
    fn what_nobody_vouches_for_is_asked_by_mail_or_not_at_all() {
        let url = "https://x.example/u";
        let header = format!("From: n@x.example\r\nList-Unsubscribe: <{url}>\r\n{POST}");
        let not = |why| Way::NotTrusted {
            url: url.to_owned(),
            why,
        };
        assert_eq!(way_of(&header, ANN), not(Distrust::NotChecked));
        let with_mail = header.replace("<https", "<mailto:u@x.example>, <https");
        assert_eq!(way_of(&with_mail, ANN), mail("ann@mine.example"));
        assert_eq!(way_of(&with_mail, SILENT), not(Distrust::NotChecked));
        // Said twice, it may be anybody's.
        let twice = format!(
            "List-Unsubscribe: <https://evil.example/>\r\nList-Unsubscribe: <{url}>\r\n{POST}"
        );
        let evil = Way::NotTrusted {
            url: "https://evil.example/".to_owned(),
            why: Distrust::Ambiguous,
        };
        assert_eq!(way_of(&vouched_for(&twice), ANN), evil);
    }

    #[test]
    fn the_mail_goes_from_the_address_that_the_list_writes_to() {
        let shop = "Delivered-To: shop@mine.example\r\nTo: list@x.example\r\n";
        for (fields, user, expected) in [
            (shop, "ann@mine.example", Some("shop@mine.example")),
            // Never as somebody else.
            (
                "To: boss@other.example\r\n",
                "ann@mine.example",
                Some("ann@mine.example"),
            ),
            (
                "To: Ann+x@here.example\r\n",
                "ann",
                Some("Ann+x@here.example"),
            ),
            ("To: ANN@here.example\r\n", "ann", Some("ANN@here.example")),
            ("To: bob@here.example\r\n", "ann", None),
            // By a name of another account's, nobody is written for.
            ("To: ann@here.example\r\n", "an", None),
        ] {
            assert_eq!(from(fields, user).as_deref(), expected, "{fields}");
        }
    }

    #[test]
    fn a_list_is_called_by_its_sender_in_one_line_of_a_hundred_characters() {
        let (long, longer) = ("n".repeat(100), "n".repeat(101));
        for (from, name) in [
            ("The News\t<News@X.example>", "The News"),
            ("=?utf-8?Q?a=0Ab?= <news@x.example>", "a b"),
            (&*format!("\"{long}\" <news@x.example>"), &*long),
            (&*format!("\"{longer}\" <news@x.example>"), &*long),
            (&*format!("{longer} <news@x.example>"), &*long),
            // Where there is no name, by the address.
            ("News@X.example", "news@x.example"),
            ("\" \" <News@x.example>", "news@x.example"),
        ] {
            let list = read(format!("From: {from}\r\n").as_bytes(), ANN);
            let told = (&*list.name, &*list.key, list.mails, list.asked_at);
            assert_eq!(told, (name, "news@x.example", 1, None), "{from}");
        }
        let list = read(b"List-Id: <news.x.example>\r\n", ANN);
        let told = [&*list.name, &*list.key, &*list.address];
        assert_eq!(told, ["news.x.example", "news.x.example", ""]);
        assert_eq!((list.mails, list.asked_at), (1, None));
    }

    #[test]
    fn what_can_be_asked_goes_before_what_cannot() {
        let said = |uris: &str| format!("List-Unsubscribe: {uris}\r\n");
        let web_page = |url: &str| Way::WebPage {
            url: url.to_owned(),
        };
        let cannot = Way::CannotSend {
            to: "u@x.example".to_owned(),
        };
        for uris in [
            "<mailto:u@x.example>",
            "<http://x.example/u>, <mailto:u@x.example>",
            "<https://x.example/u>, <mailto:u@x.example>",
        ] {
            let mailto = said(uris);
            assert_eq!(way_of(&mailto, ANN), mail("ann@mine.example"), "{uris}");
            assert_eq!(way_of(&mailto, SILENT), cannot, "{uris}");
            // Who sends, and has no address that is known, cannot either.
            let nameless = Subscriber { user: None, ..ANN };
            assert_eq!(way_of(&mailto, nameless), cannot, "{uris}");
        }
        let pages = said("<http://x.example/1>, <https://x.example/2>");
        assert_eq!(way_of(&pages, ANN), web_page("http://x.example/1"));
        // Of several pages the first secure one is asked.
        let click = said("<http://x.example/1>, <https://x.example/2>, <https://x.example/3>");
        let click = vouched_for(&format!("{click}{POST}"));
        assert_eq!(way_of(&click, ANN), one_click("https://x.example/2"));
        // Of several mails the first that goes to one.
        let mails = said("<mailto:a@x.example,b@x.example>, <mailto:u@x.example>");
        assert_eq!(way_of(&mails, ANN), mail("ann@mine.example"));
        assert_eq!(way_of(&said("<mailto:nobody>"), ANN), Way::NotTold);
        assert_eq!(way_of(&said("<ftp://x.example>"), ANN), Way::NotTold);
    }

    #[test]
    fn that_one_request_is_taken_is_said_once() {
        let url = "https://x.example/u";
        let header = format!("List-Unsubscribe: <{url}>\r\n{POST}{POST}");
        let twice = Way::NotTrusted {
            url: url.to_owned(),
            why: Distrust::Ambiguous,
        };
        assert_eq!(way_of(&vouched_for(&header), ANN), twice);
    }

    #[test]
    fn the_most_telling_field_says_for_whom_a_mail_came() {
        let all = [
            "Cc: four@mine.example\r\n",
            "To: Three <three@mine.example>, Ann+three@mine.example\r\n",
            "X-Original-To: <two@mine.example>\r\n",
            "Delivered-To: one@mine.example\r\n",
        ];
        for (many, expected) in [
            (4, "one@mine.example"),
            (3, "two@mine.example"),
            // Three is somebody else at the same provider, and so is four.
            (2, "Ann+three@mine.example"),
            (1, "ann@mine.example"),
            (0, "ann@mine.example"),
        ] {
            let from = from(&all[..many].concat(), "ann@mine.example");
            assert_eq!(from.as_deref(), Some(expected));
        }
    }
}
