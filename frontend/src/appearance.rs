//! How the app looks in this browser, as somebody chose it. `early.js` puts it on before anything is seen.

use bulkhead_words::Says;
use web_sys::{Element, Event, Storage};

use crate::words;

/// The event of the window by which everybody learns that it looks otherwise.
pub const CHANGED: &str = "bulkhead-look";

/// Something that can be chosen.
pub struct Look {
    /// What it is called in the page and where it is kept.
    pub name: &'static str,
    /// What a person calls it.
    pub label: Says,
    /// What it can be, each with what a person calls it. The empty one holds where nothing was chosen.
    pub options: [(&'static str, Says); 3],
}

/// All that can be chosen.
pub static LOOKS: [Look; 2] = [
    Look {
        name: "theme",
        label: Says(words::appearance_theme),
        options: [
            ("", Says(words::appearance_system)),
            ("light", Says(words::appearance_light)),
            ("dark", Says(words::appearance_dark)),
        ],
    },
    Look {
        name: "density",
        label: Says(words::appearance_rows),
        options: [
            ("compact", Says(words::appearance_tight)),
            ("", Says(words::appearance_normal)),
            ("roomy", Says(words::appearance_roomy)),
        ],
    },
];

impl Look {
    /// What holds now.
    pub fn chosen(&self) -> String {
        let chosen = page().and_then(|page| page.get_attribute(&self.attribute()));
        chosen.unwrap_or_default()
    }

    /// Puts it on, and keeps it for the next time.
    pub fn choose(&self, option: &str) {
        let key = format!("bulkhead.{}", self.name);
        if let (Some(page), false) = (page(), option.is_empty()) {
            // Every name is fit for an attribute. A browser that keeps nothing forgets it with the page.
            let _ = page.set_attribute(&self.attribute(), option);
            let _ = storage().map(|kept| kept.set_item(&key, option));
        } else if let Some(page) = page() {
            let _ = page.remove_attribute(&self.attribute());
            let _ = storage().map(|kept| kept.remove_item(&key));
        }
        // Lists measure their rows anew at the second.
        for name in [CHANGED, "resize"] {
            if let (Some(window), Ok(event)) = (web_sys::window(), Event::new(name)) {
                let _ = window.dispatch_event(&event);
            }
        }
    }

    fn attribute(&self) -> String {
        format!("data-{}", self.name)
    }
}

fn page() -> Option<Element> {
    web_sys::window()?.document()?.document_element()
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}
