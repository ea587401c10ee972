//! A text that says what some HTML says, for who reads mail without it.

use mail_parser::decoders::html::html_to_text;

/// Ends of these begin a new line.
const BLOCKS: [&str; 14] = [
    "div",
    "tr",
    "table",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "section",
    "li",
];

/// The text of some HTML: paragraphs and list items on lines of their own, links with their addresses.
pub(super) fn text_of(html: &str) -> String {
    let text = html_to_text(&marked(html));
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.dedup_by(|one, before| one.is_empty() && before.is_empty());
    let text = lines.join("\n");
    format!("{}\n", text.trim())
}

/// The HTML with what the reader does not know put in words that it knows.
fn marked(html: &str) -> String {
    let mut out = String::with_capacity(html.len() + 64);
    let mut rest = html;
    let mut link: Option<(String, usize)> = None;
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('>') else {
            rest = &rest[open..];
            break;
        };
        let tag = &rest[open..=open + close];
        rest = &rest[open + close + 1..];
        let name = name_of(tag);
        if name == "/a"
            && let Some((href, begin)) = link.take()
            && !out
                .get(begin..)
                .is_some_and(|words| words.contains(bare(&href)))
        {
            out.push_str(&format!(" ({href})"));
        }
        out.push_str(tag);
        if name == "a" {
            link = href(tag).map(|href| (href, out.len()));
        }
        if name == "li" {
            out.push_str("- ");
        }
        if name == "td" || name == "th" {
            out.push(' ');
        }
        if name
            .strip_prefix('/')
            .is_some_and(|name| BLOCKS.contains(&name))
        {
            out.push_str("<br>");
        }
    }
    out.push_str(rest);
    out
}

/// The tag's name in lower case, with its slash.
fn name_of(tag: &str) -> String {
    let inside = tag.trim_start_matches('<').trim_end_matches('>');
    let name = inside.split_whitespace().next().unwrap_or_default();
    let name = name.strip_suffix('/').unwrap_or(name);
    name.to_ascii_lowercase()
}

/// Where a link leads that leads to a page.
fn href(tag: &str) -> Option<String> {
    let at = tag.to_ascii_lowercase().find("href=")?;
    let value = tag.get(at + 5..)?;
    let quote = value.chars().next()?;
    let value = match quote {
        '"' | '\'' => value[1..].split(quote).next()?,
        _ => value.split([' ', '>']).next()?,
    };
    let leads = value.starts_with("http://") || value.starts_with("https://");
    leads.then(|| value.to_owned())
}

/// An address without what is before its host.
fn bare(href: &str) -> &str {
    let bare = href.split_once("://").map_or(href, |(_, rest)| rest);
    bare.trim_end_matches('/')
}
