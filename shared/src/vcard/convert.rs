//! A card in another version, for exports. What the other version has no word for goes along under the
//! name it has: readers pass by what they do not know.

use super::property::{Parameter, Property};
use super::{Card, Version, text, write};

impl Card {
    /// The card in this version, written anew. Itself where it is of that version already.
    #[must_use]
    pub fn in_version(&self, version: Version) -> Self {
        match self.version() == version {
            true => self.clone(),
            false => self.anew(version),
        }
    }

    /// The card with each of its properties written anew, in this version.
    fn anew(&self, version: Version) -> Self {
        let mut card = Self {
            before: Vec::new(),
            lines: Vec::new(),
            after: Vec::new(),
        };
        card.lines.push(write::line(version, "BEGIN", &[], "VCARD"));
        card.lines
            .push(write::line(version, "VERSION", &[], version.as_str()));
        for property in self.properties().filter(|p| !p.is("VERSION")) {
            card.lines.push(rewritten(property, version));
        }
        card.lines.push(write::line(version, "END", &[], "VCARD"));
        card.complete();
        card
    }

    /// The card as servers take it: itself, with what its version requires; written anew in version 3.0
    /// where it is of 2.1, which RFC 6352 does not know, in another character set, or encoded as 2.1 did it.
    pub fn for_server(&self) -> Vec<u8> {
        let is_encoded = |property: &Property| {
            let mut encodings = property.parameter("ENCODING");
            encodings.any(|name| name.eq_ignore_ascii_case("QUOTED-PRINTABLE"))
        };
        let is_old = self.version() == Version::V2_1
            || std::str::from_utf8(&self.bytes()).is_err()
            || self.properties().any(is_encoded);
        let mut card = match is_old {
            true => self.anew(Version::V3_0),
            false => self.clone(),
        };
        card.complete();
        card.exported(card.version())
    }

    /// The card in this version as a file has it beside others: nothing before it, and a line end after it.
    pub fn exported(&self, version: Version) -> Vec<u8> {
        let mut card = self.in_version(version);
        card.before.clear();
        card.after.clear();
        let mut bytes = card.bytes();
        if !bytes.ends_with(b"\n") {
            bytes.extend_from_slice(b"\r\n");
        }
        bytes
    }

    /// Adds the properties that the card's version requires: FN, and N before 4.0.
    pub fn complete(&mut self) {
        if self.text("FN").trim().is_empty() {
            let title = self.shown().title;
            self.lines
                .retain(|line| !line.property.as_ref().is_some_and(|p| p.is("FN")));
            self.push("FN", &[], &text::escape(&title));
        }
        if self.version() != Version::V4_0 && self.main("N").is_none() {
            // Which part of a name is which cannot be told from the whole: all of it is the family's.
            let name = format!("{};;;;", text::escape(&self.text("FN")));
            self.push("N", &[], &name);
        }
    }
}

fn rewritten(property: &Property, version: Version) -> super::Line {
    let name = match &property.group {
        Some(group) => format!("{group}.{}", property.name),
        None => property.name.clone(),
    };
    let (kept, value) = if property.is_base64() {
        binary(property, version)
    } else {
        readable(property, version)
    };
    let kept: Vec<(&str, &str)> = kept.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    write::line(version, &name, &kept, &value)
}

type Parameters = Vec<(String, String)>;

/// Text: without the encodings of old, the preferred one said the way this version says it.
fn readable(property: &Property, version: Version) -> (Parameters, String) {
    let value = property.value();
    let value = value.unwrap_or_else(|| text::escape(&property.text_or_marks()));
    let mut kept = parameters(property, version);
    let data = value.strip_prefix("data:").and_then(|rest| {
        let (media_type, data) = rest.split_once(";base64,")?;
        Some((media_type.to_owned(), data.to_owned()))
    });
    if let (Version::V3_0, Some((media_type, data))) = (version, data) {
        let kind = media_type.rsplit('/').next().unwrap_or_default();
        kept.retain(|(name, _)| name != "VALUE" && name != "MEDIATYPE");
        kept.push(("ENCODING".to_owned(), "b".to_owned()));
        kept.push(("TYPE".to_owned(), kind.to_ascii_uppercase()));
        return (kept, data);
    }
    (kept, value)
}

/// Base 64: a `data:` address in 4.0 (RFC 6350, section 6.2.4), an encoding before.
fn binary(property: &Property, version: Version) -> (Parameters, String) {
    let bytes = property.raw_value().iter().copied();
    let data = bytes.filter(|byte| byte.is_ascii_graphic()).map(char::from);
    let data: String = data.collect();
    let mut kept = parameters(property, version);
    if version != Version::V4_0 {
        kept.push(("ENCODING".to_owned(), "b".to_owned()));
        return (kept, data);
    }
    let kind = property.types().into_iter().next().unwrap_or_default();
    let media_type = match (property.name.to_ascii_uppercase().as_str(), kind.as_str()) {
        ("PHOTO" | "LOGO", "") => "image/jpeg".to_owned(),
        ("PHOTO" | "LOGO", kind) => format!("image/{kind}"),
        ("SOUND", kind) if !kind.is_empty() => format!("audio/{kind}"),
        _ => "application/octet-stream".to_owned(),
    };
    kept.retain(|(name, _)| name != "TYPE" && name != "VALUE");
    (kept, format!("data:{media_type};base64,{data}"))
}

fn parameters(property: &Property, version: Version) -> Parameters {
    let mut kept = Parameters::new();
    for Parameter { name, values, .. } in &property.parameters {
        for value in values.iter().flat_map(|value| value.split(',')) {
            let is_pref = name == "TYPE" && value.eq_ignore_ascii_case("pref");
            match (name.as_str(), version) {
                ("ENCODING" | "CHARSET", _) => {}
                ("TYPE", Version::V4_0) if is_pref => {
                    kept.push(("PREF".to_owned(), "1".to_owned()));
                }
                ("PREF", Version::V3_0) => {
                    if value == "1" {
                        kept.push(("TYPE".to_owned(), "pref".to_owned()));
                    }
                }
                _ => kept.push((name.clone(), value.to_owned())),
            }
        }
    }
    kept
}
