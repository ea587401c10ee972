//! The text of some HTML, for who reads mail without it. `mail-parser` reads it, once what it misreads is put in words
//! that it knows: it takes no tag for what it is that has attributes, loses the blank behind the first word of a line
//! where a tag stands between them, and begins lines for paragraphs alone.

use std::borrow::Cow;

use mail_parser::decoders::html::html_to_text;

/// Ends of these begin a new line.
const BLOCKS: [&str; 17] = [
    "/p",
    "/div",
    "/tr",
    "/table",
    "/ul",
    "/ol",
    "/h1",
    "/h2",
    "/h3",
    "/h4",
    "/h5",
    "/h6",
    "/blockquote",
    "/section",
    "/li",
    "br",
    "hr",
];
/// What is in these is no text.
const HIDING: [&str; 8] = [
    "head",
    "/head",
    "style",
    "/style",
    "script",
    "/script",
    "template",
    "/template",
];
/// The first word of each line while it is read. It is no character (Unicode, section 23.7), so it stands in no text.
const BEGINS: &str = "\u{fffe} ";

/// The text: paragraphs, list items and rows of tables on lines of their own, with no more than one empty line between
/// them and none around them.
pub(crate) fn text_of_html(html: &str) -> String {
    let text = html_to_text(&format!("{BEGINS}{}", marked(html)));
    let is_mark = |c| BEGINS.contains(c) || char::is_whitespace(c);
    let mut lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_matches(is_mark))
        .collect();
    lines.dedup_by(|one, before| one.is_empty() && before.is_empty());
    lines.join("\n").trim().to_owned()
}

/// The HTML with each tag as `mail-parser` knows it.
fn marked(html: &str) -> String {
    rewritten(html, |out, name, tag| match name {
        "li" => out.push_str("- "),
        "td" | "th" => out.push(' '),
        name if BLOCKS.contains(&name) => {
            out.push_str("<br>");
            out.push_str(BEGINS);
        }
        name if HIDING.contains(&name) => out.push_str(&format!("<{name}>")),
        _ => out.push_str(tag),
    })
}

/// The HTML with what `write` makes of each tag, of which it gets the name in small letters, with its slash, and all of
/// it. Comments are left out.
pub(crate) fn rewritten(html: &str, mut write: impl FnMut(&mut String, &str, &str)) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((text, tag, after)) = parted(rest) {
        out.push_str(&escaped(text));
        if !tag.starts_with(COMMENT) {
            write(&mut out, &name_of(tag), tag);
        }
        rest = after;
    }
    let (text, unended) = rest.split_at(tag_in(rest).unwrap_or(rest.len()));
    out.push_str(&escaped(text));
    out.push_str(unended);
    out
}

const COMMENT: &str = "<!--";

/// What stands before the first tag, that tag, and what stands behind it; none where no tag ends.
fn parted(html: &str) -> Option<(&str, &str, &str)> {
    let (text, from) = html.split_at(tag_in(html)?);
    let end = if from.starts_with(COMMENT) {
        "-->"
    } else {
        ">"
    };
    let (tag, after) = from.split_at_checked(from.find(end)? + end.len())?;
    Some((text, tag, after))
}

/// Where the first tag begins: with a letter, a slash, or a sign of what is none of the text (HTML Standard, section
/// 13.2.5.6). Before anything else a `<` is one of the text: less than two is `<2`.
fn tag_in(html: &str) -> Option<usize> {
    let begins =
        |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "/!?>".contains(c));
    let mut signs = html.match_indices('<');
    signs.find_map(|(at, sign)| begins(html.get(at + sign.len()..)?).then_some(at))
}

/// Text in which no sign is taken for the begin of a tag.
fn escaped(text: &str) -> Cow<'_, str> {
    match text.contains('<') {
        true => Cow::Owned(text.replace('<', "&lt;")),
        false => Cow::Borrowed(text),
    }
}

fn name_of(tag: &str) -> String {
    let inside = tag.trim_start_matches('<').trim_end_matches('>');
    let name = inside.split_whitespace().next().unwrap_or_default();
    let name = name.strip_suffix('/').unwrap_or(name);
    name.to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_apart_and_blocks_begin_lines() {
        for (html, text) in [
            ("", ""),
            ("one", "one"),
            ("<b>one</b> two", "one two"),
            ("<b>one</b>two", "onetwo"),
            ("<p><b>one</b> two, <i>three</i></p>", "one two, three"),
            ("one<br> a<b>c</b> d", "one\nac d"),
            ("<div>one</div><DIV>two</DIV >", "one\ntwo"),
            ("<div>one</div>\n\t <div>two</div>", "one\ntwo"),
            ("<h1>one</h1>two", "one\ntwo"),
            (
                "one<br>two<BR/>three<br />four<br class=x>five",
                "one\ntwo\nthree\nfour\nfive",
            ),
            ("<p>one</p><br><br><p class=\"x\">two</p>", "one\n\ntwo"),
            (
                "<ul><li>one</li><li class=x>two</li></ul>three",
                "- one\n- two\n\nthree",
            ),
            (
                "<table><tr><th>one</th><td>two</td></tr><tr><td>three</td></tr></table>",
                "one two\nthree",
            ),
            ("a &amp; b&lt;c&gt; d&nbsp;e", "a & b<c> d\u{a0}e"),
            ("<p>&amp; one</p>&amp; two", "& one\n& two"),
        ] {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }

    #[test]
    fn a_sign_that_begins_no_tag_is_one_of_the_text() {
        for (html, text) in [
            (
                "fines (<2%) and (KPI > 95%), <b>all</b> of it",
                "fines (<2%) and (KPI > 95%), all of it",
            ),
            ("there are <10,000 of them", "there are <10,000 of them"),
            ("<p>1 < 2</p>2 << 3<br>", "1 < 2\n2 << 3"),
            ("a<<b>c</b>", "a<c"),
            ("one < <b", "one <"),
            ("one <", "one <"),
            ("mero &lt;and good luck&gt;", "mero <and good luck>"),
            ("I &lt;3 you <3", "I <3 you <3"),
        ] {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }

    #[test]
    fn what_nobody_is_to_read_is_left_out() {
        for (html, text) in [
            ("<head><title>x</title></head>one", "one"),
            ("<style type=\"text/css\">p > a{}</style>one", "one"),
            ("<script src=x>if (a<b) {}</script >one", "one"),
            ("<template>x</template>one", "one"),
            ("<script>if (a < b && b > c) {}</script>one", "one"),
            ("<style>a{}</style>&apos;<br/>", "'"),
            ("<style><!-- p{} --></style>one", "one"),
            ("one<!-- <br> two --->three", "onethree"),
            ("one<!-->two", "onetwo"),
            ("one<!--[if mso]><p>two</p><![endif]-->", "one"),
            ("<!DOCTYPE html>one", "one"),
            ("one<b", "one"),
            ("one<!-- two", "one"),
            ("<>one", "one"),
        ] {
            assert_eq!(text_of_html(html), text, "{html}");
        }
    }
}
