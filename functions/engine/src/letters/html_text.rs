//! A text that says what some HTML says, for who reads mail without it.

use crate::reading::{rewritten, text_of_html};

/// The text of some HTML, with the addresses of links.
pub(super) fn text_of(html: &str) -> String {
    format!("{}\n", text_of_html(&with_addresses(html)))
}

/// The HTML with the address of each link behind it, unless what the link says has it.
fn with_addresses(html: &str) -> String {
    let mut link: Option<(String, usize)> = None;
    rewritten(html, |out, name, tag| {
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
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_keep_their_addresses() {
        for (html, text) in [
            ("", "\n"),
            ("<div>one</div>two", "one\ntwo\n"),
            (
                "see <a href=\"https://x.example/a\">this</a>.",
                "see this (https://x.example/a).\n",
            ),
            (
                "see <a class=b HREF='http://x.example'>this</a>",
                "see this (http://x.example)\n",
            ),
            (
                "see <a href=https://x.example/a class=b>this</a>",
                "see this (https://x.example/a)\n",
            ),
            (
                "see <a href=https://x.example/a>this</a>",
                "see this (https://x.example/a)\n",
            ),
            // What says its address itself is not told it again, with or without what stands around a host.
            (
                "<a href=\"https://x.example/\">x.example</a>",
                "x.example\n",
            ),
            (
                "<a href=\"https://x.example/a\">https://x.example/a</a>",
                "https://x.example/a\n",
            ),
            // It has to say it within the link.
            (
                "x.example: <a href=\"https://x.example/\">here</a>",
                "x.example: here (https://x.example/)\n",
            ),
            // These lead to no page.
            ("<a href=\"mailto:a@x.example\">write</a>", "write\n"),
            ("<a name=\"top\">top</a>", "top\n"),
            ("<a href=>empty</a>", "empty\n"),
            ("<a href=", "\n"),
            // The address of one link is not that of the next.
            (
                "<a href=\"https://x.example\">one</a> <a>two</a>",
                "one (https://x.example) two\n",
            ),
        ] {
            assert_eq!(text_of(html), text, "{html}");
        }
    }
}
