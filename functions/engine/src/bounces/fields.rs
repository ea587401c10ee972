//! Fields of a delivery report (RFC 3464, section 2.1): groups of header fields with empty lines between them.

/// A group: about the mail, or about one recipient. Names are in small letters.
pub(super) struct Group(Vec<(String, String)>);

impl Group {
    /// What a field says; none where there is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let mut named = self.0.iter().filter(|(known, _)| known == name);
        named.next().map(|(_, value)| value.as_str())
    }
}

/// The groups of a report.
pub(super) fn groups(text: &str) -> Vec<Group> {
    let mut groups = vec![Group(Vec::new())];
    for line in text.lines() {
        let Some(Group(fields)) = groups.last_mut() else {
            break;
        };
        if line.trim().is_empty() {
            if !fields.is_empty() {
                groups.push(Group(Vec::new()));
            }
        } else if line.starts_with([' ', '\t']) {
            // It goes on.
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    groups
}

/// The addresses that a field names: `rfc822;ann@example.org`, with what RFC 3461 (section 4) writes as `+2B` as it is
/// and read.
pub(super) fn addresses(value: &str) -> Vec<String> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    let mut all = vec![address.to_owned()];
    all.extend(plain(address).filter(|plain| plain != address));
    all
}

/// What is written in the form of RFC 3461, read.
fn plain(text: &str) -> Option<String> {
    let mut pieces = text.split('+');
    let mut read = pieces.next()?.to_owned();
    for piece in pieces {
        let code = piece
            .get(..2)
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        let code = code.filter(u8::is_ascii_graphic)?;
        read.push(char::from(code));
        read.push_str(piece.get(2..)?);
    }
    Some(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_parted_by_empty_lines_and_lines_go_on() {
        let read = groups(
            "\nReporting-MTA: dns; a\n\n\nFinal-Recipient: rfc822;b@x\nDiagnostic-Code: smtp;\n\t550 no\n",
        );
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].get("reporting-mta"), Some("dns; a"));
        assert_eq!(read[1].get("diagnostic-code"), Some("smtp; 550 no"));
        assert_eq!(read[1].get("action"), None);
    }

    #[test]
    fn addresses_are_read_in_each_way_to_write_them() {
        assert_eq!(addresses("rfc822; <b@x.example>"), ["b@x.example"]);
        assert_eq!(addresses("b@x.example"), ["b@x.example"]);
        let written = addresses("rfc822;b+2Btag@x.example");
        assert_eq!(written, ["b+2Btag@x.example", "b+tag@x.example"]);
        assert_eq!(addresses("rfc822;b+tag@x.example"), ["b+tag@x.example"]);
        assert_eq!(addresses("a;b;c"), ["b;c"]);
    }

    #[test]
    fn a_code_in_an_address_is_read_where_it_is_one() {
        for (written, read) in [
            ("a+2Bb@x", Some("a+b@x")),
            ("a+2B+3Db@x", Some("a+=b@x")),
            ("a+2", None),
            ("a+20b", None),
            ("a+7Fb", None),
            ("a+zzb", None),
            ("a", Some("a")),
        ] {
            assert_eq!(plain(written).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn what_is_no_field_is_left_out() {
        let read = groups("  goes on\nno field\nName : a:b\nname: second\n \n \n");
        assert_eq!(read[0].get("name"), Some("a:b"));
        assert_eq!(read.len(), 2);
    }
}
