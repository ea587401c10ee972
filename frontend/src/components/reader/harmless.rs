//! The HTML of a mail, made anew of what may be shown: the browser reads it, where nothing runs and nothing is
//! fetched, and what comes of that is walked through. No attribute comes along but where a link leads and how
//! wide a cell is.

use js_sys::Reflect;
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};

use crate::components::reader::quiet::{STYLE, quiet};
use crate::components::reader::tags::{Fate, escape, fate, is_hidden, may_lead_to};

/// Before what is shown. The policy holds beside the app's own, and the frame's sandbox beside both.
const HEAD: &str = "><meta charset=\"utf-8\">\
    <meta name=\"color-scheme\" content=\"light dark\">\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self'\">\
    <title>Mail</title><link rel=\"stylesheet\" href=\"/reading.css\"><body>";
/// Where a theme is named that somebody chose.
const THEME: &str = "data-theme";
/// Tags inside tags that are followed. Browsers nest no deeper.
const DEPTH: usize = 512;

/// What is shown of a mail's HTML.
pub struct Page {
    /// All of it, for a frame.
    pub document: String,
    /// Pictures that are not shown.
    pub pictures: u32,
}

/// Makes it of a mail's HTML; none where the browser cannot read that without acting on it.
pub fn page(html: &str) -> Option<Page> {
    let document = web_sys::window()?.document()?;
    // What is in a template is no part of any page: nothing in it runs or is fetched.
    let template = document.create_element("template").ok()?;
    template.set_inner_html(&quiet(html));
    let content = Reflect::get(&template, &"content".into()).ok()?;
    let content: Node = content.dyn_into().ok()?;
    // As the app looks.
    let theme = document.document_element();
    let theme = theme.and_then(|root| root.get_attribute(THEME));
    let theme = theme.unwrap_or_default();
    let root = format!("<!doctype html><html lang=\"\" {THEME}=\"");
    let mut page = Page {
        document: root,
        pictures: 0,
    };
    escape(&theme, &mut page.document);
    page.document.push('"');
    page.document.push_str(HEAD);
    page.all_in(&content, DEPTH);
    Some(page)
}

impl Page {
    fn all_in(&mut self, node: &Node, depth: usize) {
        let mut child = node.first_child();
        while let Some(node) = child {
            if node.node_type() == Node::TEXT_NODE {
                escape(&node.node_value().unwrap_or_default(), &mut self.document);
            } else if let Some(element) = node.dyn_ref::<Element>().filter(|_| depth > 0) {
                self.one(element, depth - 1);
            }
            child = node.next_sibling();
        }
    }

    fn one(&mut self, element: &Element, depth: usize) {
        if element
            .get_attribute(STYLE)
            .is_some_and(|style| is_hidden(&style))
        {
            return;
        }
        match fate(&element.local_name()) {
            Fate::Goes => {}
            Fate::Opens => self.all_in(element, depth),
            Fate::Empty(name) => self.open(name, &[]),
            Fate::Stays(name) => self.around(name, &[], element, depth),
            Fate::Cell(name) => {
                let wide = element.get_attribute("colspan");
                let wide = wide.filter(|wide| wide.parse::<u16>().is_ok());
                let wide = wide.as_deref().map(|wide| ("colspan", wide));
                self.around(name, wide.as_slice(), element, depth);
            }
            Fate::Link => match element.get_attribute("href").filter(|to| may_lead_to(to)) {
                // Where it leads is told: words can say something else.
                Some(to) => self.around(
                    "a",
                    &[
                        ("href", &to),
                        ("title", &to),
                        ("target", "_blank"),
                        ("rel", "noopener noreferrer"),
                    ],
                    element,
                    depth,
                ),
                None => self.all_in(element, depth),
            },
            Fate::Picture => {
                self.pictures += 1;
                let words = element.get_attribute("alt").unwrap_or_default();
                if !words.trim().is_empty() {
                    self.document.push_str("<span class=\"picture\">");
                    escape(&words, &mut self.document);
                    self.document.push_str("</span>");
                }
            }
        }
    }

    fn around(&mut self, name: &str, attributes: &[(&str, &str)], element: &Element, depth: usize) {
        self.open(name, attributes);
        self.all_in(element, depth);
        self.document.push_str("</");
        self.document.push_str(name);
        self.document.push('>');
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.document.push('<');
        self.document.push_str(name);
        for (attribute, value) in attributes {
            self.document.push(' ');
            self.document.push_str(attribute);
            self.document.push_str("=\"");
            escape(value, &mut self.document);
            self.document.push('"');
        }
        self.document.push('>');
    }
}
