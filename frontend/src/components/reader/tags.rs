//! Which tags of a mail's HTML are shown, and which addresses it may link to. What is not named here does not
//! come through.

/// What becomes of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Stays, under this name, without its attributes.
    Stays(&'static str),
    /// Stays, and has nothing in it.
    Empty(&'static str),
    /// A link: stays where it leads to a place that a link may lead to.
    Link,
    /// A cell of a table, which may be as wide as several.
    Cell(&'static str),
    /// A picture: its words are shown.
    Picture,
    /// Goes; what is in it stays.
    Opens,
    /// Goes with all that is in it.
    Goes,
}

const STAY: [&str; 43] = [
    "abbr",
    "address",
    "b",
    "big",
    "blockquote",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "thead",
    "tr",
    "ul",
];
const GO: [&str; 22] = [
    "applet", "audio", "base", "button", "canvas", "datalist", "embed", "frameset", "head",
    "iframe", "link", "math", "meta", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title",
];

/// What becomes of the tag with this name.
pub fn fate(name: &str) -> Fate {
    match name {
        "a" => Fate::Link,
        "br" => Fate::Empty("br"),
        "hr" => Fate::Empty("hr"),
        "td" => Fate::Cell("td"),
        "th" => Fate::Cell("th"),
        "img" => Fate::Picture,
        "center" | "article" | "section" | "header" | "footer" | "main" => Fate::Stays("div"),
        _ => {
            let stays = STAY.iter().find(|stays| **stays == name);
            match stays {
                Some(&name) => Fate::Stays(name),
                None if GO.contains(&name) => Fate::Goes,
                None => Fate::Opens,
            }
        }
    }
}

/// Whether a link may lead there: to a page or a mail, spelled out.
pub fn may_lead_to(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| address.starts_with(scheme))
}

/// Whether a style says that nobody is to see this: words for the preview in a list.
pub fn is_hidden(style: &str) -> bool {
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    ["display:none", "visibility:hidden", "mso-hide:all"]
        .iter()
        .any(|hidden| style.contains(hidden))
}

/// Text as it stands in HTML, in an attribute too.
pub fn escape(text: &str, into: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            _ => into.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_act_goes_with_all_that_is_in_it() {
        for name in [
            "script", "style", "iframe", "svg", "math", "object", "template", "noscript",
        ] {
            assert_eq!(fate(name), Fate::Goes, "{name}");
        }
        assert_eq!(fate("form"), Fate::Opens);
        assert_eq!(fate("o:p"), Fate::Opens);
        assert_eq!(fate("p"), Fate::Stays("p"));
    }

    #[test]
    fn no_tag_is_in_two_lists() {
        assert!(STAY.iter().all(|name| !GO.contains(name)));
    }

    #[test]
    fn links_lead_to_pages_and_mails_alone() {
        assert!(may_lead_to(" HTTPS://example.org/a"));
        assert!(may_lead_to("mailto:ann@example.org"));
        for bad in [
            "javascript:alert(1)",
            "java\nscript:1",
            "data:text/html,a",
            "//example.org",
            "/jobs",
            "",
            "blob:a",
        ] {
            assert!(!may_lead_to(bad), "{bad}");
        }
    }

    #[test]
    fn a_preheader_is_not_shown() {
        assert!(is_hidden("color:red; DISPLAY : none !important"));
        assert!(!is_hidden("display:block"));
    }

    #[test]
    fn text_stays_text() {
        let mut html = String::new();
        escape("<b> & \"c\"", &mut html);
        assert_eq!(html, "&lt;b&gt; &amp; &quot;c&quot;");
    }
}
