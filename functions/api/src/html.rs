//! HTML being written: everything that is not markup of ours is escaped.

/// HTML being written.
#[derive(Default)]
pub(crate) struct Html(String);

impl Html {
    /// Markup, as it is.
    pub(crate) fn raw(&mut self, markup: &'static str) {
        self.0.push_str(markup);
    }

    /// Text.
    pub(crate) fn text(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
    }

    /// Text in which what stands between backticks is code.
    pub(crate) fn inline(&mut self, text: &str) {
        for (place, part) in text.split('`').enumerate() {
            let code = place % 2 == 1;
            self.raw(if code { "<code>" } else { "" });
            self.text(part);
            self.raw(if code { "</code>" } else { "" });
        }
    }

    /// A link.
    pub(crate) fn link(&mut self, target: &str, text: &str) {
        self.raw("<a href=\"");
        self.text(target);
        self.raw("\">");
        self.text(text);
        self.raw("</a>");
    }

    /// A heading that can be linked to.
    pub(crate) fn heading(&mut self, level: &'static str, id: &str, text: &str) {
        self.raw("<");
        self.raw(level);
        self.raw(" id=\"");
        self.text(id);
        self.raw("\">");
        self.text(text.strip_suffix('.').unwrap_or(text));
        self.raw("</");
        self.raw(level);
        self.raw(">\n");
    }

    /// What was written.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Paragraphs, with empty lines between them in the source.
pub(crate) fn prose(html: &mut Html, text: &str) {
    for paragraph in text.split("\n\n").filter(|text| !text.trim().is_empty()) {
        html.raw("<p>");
        html.inline(paragraph);
        html.raw("</p>\n");
    }
}
