//! The XML of WebDAV: what is asked, and what the answers say.
//!
//! Text is taken as it stands, line ends included: a parser that turns CRLF into LF, as XML asks,
//! would not give a card byte for byte.

use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use quick_xml::reader::NsReader;

use super::fault::Fault;

/// Elements inside elements, most.
const DEPTH: usize = 32;

/// What discovery asks of each address.
pub(super) const ABOUT: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav" xmlns:S="http://calendarserver.org/ns/"><prop><resourcetype/><displayname/><current-user-principal/><C:addressbook-home-set/><current-user-privilege-set/><sync-token/><S:getctag/></prop></propfind>"#;

/// What tells whether a card changed.
pub(super) const ETAGS: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<propfind xmlns="DAV:"><prop><getetag/><resourcetype/></prop></propfind>"#;

/// What changed since a token; since the beginning of time where it is empty (RFC 6578).
pub(super) fn sync_collection(token: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<sync-collection xmlns=\"DAV:\"><sync-token>{}\
         </sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>",
        escape(token)
    )
}

/// The cards at these addresses (RFC 6352, section 8.7).
pub(super) fn multiget<'a>(hrefs: impl Iterator<Item = &'a str>) -> String {
    let hrefs: String = hrefs
        .map(|href| format!("<href>{}</href>", escape(href)))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<C:addressbook-multiget xmlns=\"DAV:\" \
         xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><prop><getetag/><C:address-data/></prop>{hrefs}\
         </C:addressbook-multiget>"
    )
}

fn escape(text: &str) -> std::borrow::Cow<'_, str> {
    quick_xml::escape::escape(text)
}

/// An ETag as it is sent back. Without the mark of a weak one: what stands between us and a server and
/// compresses answers puts it there, and the server knows nothing of it.
pub(super) fn etag(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix("W/").unwrap_or(text);
    (!text.is_empty()).then(|| text.to_owned())
}

/// What an answer says about several addresses.
#[derive(Debug, Default)]
pub(super) struct Multistatus {
    pub(super) responses: Vec<Response>,
    pub(super) sync_token: Option<String>,
}

/// What it says about one of them.
#[derive(Debug, Default)]
pub(super) struct Response {
    /// As it stood.
    pub(super) href: String,
    /// Where it is about the address as a whole.
    pub(super) status: Option<u16>,
    pub(super) properties: Properties,
}

/// Those that the server has of the properties asked for.
#[derive(Debug, Default)]
pub(super) struct Properties {
    pub(super) etag: Option<String>,
    pub(super) card: Option<String>,
    pub(super) name: Option<String>,
    pub(super) is_collection: bool,
    pub(super) is_book: bool,
    pub(super) principal: Option<String>,
    pub(super) homes: Vec<String>,
    pub(super) sync_token: Option<String>,
    /// None: the server does not say.
    pub(super) writable: Option<bool>,
}

/// Reads an answer of status 207.
pub(super) fn multistatus(body: &[u8]) -> Result<Multistatus, Fault> {
    let root = parse(body)?;
    let multistatus = root
        .child(Space::Dav, "multistatus")
        .ok_or(Fault::Senseless("it says nothing about any address"))?;
    let mut read = Multistatus::default();
    for child in &multistatus.children {
        match (child.space, child.name.as_str()) {
            (Space::Dav, "response") => responses(child, &mut read.responses)?,
            (Space::Dav, "sync-token") => read.sync_token = non_empty(&child.text),
            _ => {}
        }
    }
    Ok(read)
}

/// The condition that a refusal names; none if it names none.
pub(super) fn condition(body: &[u8]) -> Option<String> {
    let root = parse(body).ok()?;
    let error = root.child(Space::Dav, "error")?;
    let named = error.children.iter();
    let named = named.filter(|child| matches!(child.space, Space::Dav | Space::CardDav));
    named.map(|child| child.name.clone()).next()
}

fn responses(element: &Element, into: &mut Vec<Response>) -> Result<(), Fault> {
    let status = match element.child(Space::Dav, "status") {
        Some(status) => Some(status_code(status)?),
        None => None,
    };
    let hrefs = element.children.iter();
    let hrefs = hrefs.filter(|child| child.is(Space::Dav, "href"));
    for href in hrefs {
        let mut properties = Properties::default();
        for propstat in element
            .children
            .iter()
            .filter(|c| c.is(Space::Dav, "propstat"))
        {
            let status = propstat.child(Space::Dav, "status");
            let status = status.ok_or(Fault::Senseless("a property without a status"))?;
            if !(200..300).contains(&status_code(status)?) {
                continue;
            }
            let all = propstat.child(Space::Dav, "prop").into_iter();
            for property in all.flat_map(|prop| &prop.children) {
                properties.take(property);
            }
        }
        into.push(Response {
            href: href.text.trim().to_owned(),
            status,
            properties,
        });
    }
    Ok(())
}

impl Properties {
    fn take(&mut self, property: &Element) {
        let href = || {
            let hrefs = property.children.iter();
            hrefs
                .filter(|child| child.is(Space::Dav, "href"))
                .map(|href| href.text.trim().to_owned())
        };
        match (property.space, property.name.as_str()) {
            (Space::Dav, "getetag") => self.etag = etag(&property.text),
            (Space::CardDav, "address-data") => self.card = Some(property.text.clone()),
            (Space::Dav, "displayname") => self.name = non_empty(&property.text),
            (Space::Dav, "resourcetype") => {
                self.is_collection = property.child(Space::Dav, "collection").is_some();
                self.is_book = property.child(Space::CardDav, "addressbook").is_some();
            }
            (Space::Dav, "current-user-principal") => self.principal = href().next(),
            (Space::CardDav, "addressbook-home-set") => self.homes = href().collect(),
            (Space::Dav, "sync-token") => self.sync_token = non_empty(&property.text),
            (Space::CalendarServer, "getctag") if self.sync_token.is_none() => {
                self.sync_token = non_empty(&property.text);
            }
            (Space::Dav, "current-user-privilege-set") => {
                let granted = property
                    .children
                    .iter()
                    .flat_map(|privilege| &privilege.children);
                let writes = ["all", "write", "write-content", "bind"];
                let mut granted = granted.filter(|g| g.space == Space::Dav);
                self.writable = Some(granted.any(|g| writes.contains(&g.name.as_str())));
            }
            _ => {}
        }
    }
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The code in `HTTP/1.1 200 OK`.
fn status_code(element: &Element) -> Result<u16, Fault> {
    let code = element.text.split_ascii_whitespace().nth(1);
    code.and_then(|code| code.parse().ok())
        .ok_or(Fault::Senseless("a status that is none"))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Space {
    Dav,
    CardDav,
    CalendarServer,
    Other,
}

#[derive(Debug)]
struct Element {
    space: Space,
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn new(space: Space, name: String) -> Self {
        Self {
            space,
            name,
            text: String::new(),
            children: Vec::new(),
        }
    }

    fn is(&self, space: Space, name: &str) -> bool {
        self.space == space && self.name == name
    }

    fn child(&self, space: Space, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(space, name))
    }
}

/// The whole as one element around the root. What is cut off or no XML is an error.
fn parse(body: &[u8]) -> Result<Element, Fault> {
    const NO_XML: Fault = Fault::Senseless("it is no XML");
    let mut reader = NsReader::from_reader(body);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::new(Space::Other, String::new())];
    loop {
        let (space, event) = reader.read_resolved_event().map_err(|_| NO_XML)?;
        let text = match event {
            Event::Start(start) => {
                if open.len() > DEPTH {
                    return Err(NO_XML);
                }
                let name = String::from_utf8_lossy(start.local_name().into_inner()).into_owned();
                open.push(Element::new(space_of(&space), name));
                continue;
            }
            Event::End(_) => {
                let done = open.pop().ok_or(NO_XML)?;
                open.last_mut().ok_or(NO_XML)?.children.push(done);
                continue;
            }
            Event::Text(text) => text.decode().map_err(|_| NO_XML)?.into_owned(),
            Event::CData(text) => text.decode().map_err(|_| NO_XML)?.into_owned(),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(character)) => character.to_string(),
                Ok(None) => {
                    let name = reference.decode().map_err(|_| NO_XML)?;
                    let known = quick_xml::escape::resolve_predefined_entity(&name);
                    known.ok_or(NO_XML)?.to_owned()
                }
                Err(_) => return Err(NO_XML),
            },
            // No server needs one, and entities of its own are how XML grows without end.
            Event::DocType(_) => return Err(NO_XML),
            Event::Eof => break,
            _ => continue,
        };
        if let Some(element) = open.last_mut() {
            element.text.push_str(&text);
        }
    }
    match open.pop() {
        Some(root) if open.is_empty() && !root.children.is_empty() => Ok(root),
        _ => Err(NO_XML),
    }
}

fn space_of(space: &ResolveResult<'_>) -> Space {
    match space {
        ResolveResult::Bound(Namespace(b"DAV:")) => Space::Dav,
        ResolveResult::Bound(Namespace(b"urn:ietf:params:xml:ns:carddav")) => Space::CardDav,
        ResolveResult::Bound(Namespace(b"http://calendarserver.org/ns/")) => Space::CalendarServer,
        _ => Space::Other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_card_comes_as_it_stands() {
        let body = "<d:multistatus xmlns:d=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\">\
            <d:response><d:href>/a%20b.vcf</d:href><d:propstat><d:prop><d:getetag>W/&quot;1&quot;</d:getetag>\
            <c:address-data>BEGIN:VCARD\r\nFN:&lt;ä&#13;\n<![CDATA[&amp;\r\n]]></c:address-data></d:prop>\
            <d:status>HTTP/1.1 200 OK</d:status></d:propstat><d:propstat><d:prop><d:displayname>no</d:displayname></d:prop>\
            <d:status>HTTP/1.1 404 Not Found</d:status></d:propstat></d:response>\
            <d:response><d:href>/gone</d:href><d:href>/too</d:href><d:status>HTTP/1.1 404 Not Found</d:status></d:response>\
            <d:sync-token> t </d:sync-token></d:multistatus>";
        let read = multistatus(body.as_bytes()).unwrap();
        assert_eq!(read.sync_token.as_deref(), Some("t"));
        let first = &read.responses[0];
        assert_eq!(first.href, "/a%20b.vcf");
        assert_eq!(
            first.properties.card.as_deref(),
            Some("BEGIN:VCARD\r\nFN:<ä\r\n&amp;\r\n")
        );
        assert_eq!(first.properties.etag.as_deref(), Some("\"1\""));
        assert_eq!(first.properties.name, None);
        let gone: Vec<_> = read.responses[1..]
            .iter()
            .map(|r| (r.href.as_str(), r.status))
            .collect();
        assert_eq!(gone, [("/gone", Some(404)), ("/too", Some(404))]);
    }

    #[test]
    fn what_is_cut_off_or_something_else_is_an_error() {
        let whole = "<multistatus xmlns=\"DAV:\"><response><href>/a</href><status>HTTP/1.1 404 x</status></response></multistatus>";
        assert!(multistatus(whole.as_bytes()).is_ok());
        for end in 0..whole.len() - 1 {
            assert!(multistatus(&whole.as_bytes()[..end]).is_err(), "{end}");
        }
        for body in [
            "<html><body>Sign in</body></html>",
            "<multistatus xmlns=\"other:\"/>",
            "<!DOCTYPE x [<!ENTITY e \"x\">]><multistatus xmlns=\"DAV:\">&e;</multistatus>",
            "<multistatus xmlns=\"DAV:\">&e;</multistatus>",
            "<multistatus xmlns=\"DAV:\"><response><href>/a</href><status>fine</status></response></multistatus>",
            "<multistatus xmlns=\"DAV:\"><response><href>/a</href><propstat><prop/></propstat></response></multistatus>",
        ] {
            assert!(multistatus(body.as_bytes()).is_err(), "{body}");
        }
        let deep = "<a>".repeat(DEPTH + 1) + &"</a>".repeat(DEPTH + 1);
        assert!(multistatus(deep.as_bytes()).is_err());
    }

    #[test]
    fn a_refusal_names_its_condition() {
        let body = "<D:error xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:carddav\"><C:no-uid-conflict/></D:error>";
        assert_eq!(
            condition(body.as_bytes()).as_deref(),
            Some("no-uid-conflict")
        );
        assert_eq!(condition(b"<html/>"), None);
        assert_eq!(condition(b""), None);
    }

    #[test]
    fn what_is_asked_is_escaped() {
        assert!(multiget(["/a&<b>"].into_iter()).contains("<href>/a&amp;&lt;b&gt;</href>"));
        assert!(sync_collection("data:,1&2").contains("<sync-token>data:,1&amp;2</sync-token>"));
    }
}
