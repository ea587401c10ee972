//! How a page is looked at: the size of its window, the person's theme, and with which keys.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::Element;
use serde_json::json;

use super::Browser;

/// Tabs after which something is taken for out of the keyboard's reach.
const MOST_TABS: usize = 200;

/// The Tab key, as WebDriver writes it.
pub const TAB: char = '\u{E004}';
/// The Enter key.
pub const ENTER: char = '\u{E007}';
/// The Escape key.
pub const ESCAPE: char = '\u{E00C}';

/// The theme that a person's system asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark letters on a light page.
    Light,
    /// Light letters on a dark page.
    Dark,
}

impl Theme {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// As style sheets call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// A window as a person has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Pixels of the style sheet.
    pub width: u32,
    /// Pixels of the style sheet.
    pub height: u32,
    /// Pixels of the screen for each of them: 2 is what a zoom of 200 % makes of a window.
    pub scale: u32,
    /// The theme.
    pub theme: Theme,
}

impl View {
    /// A phone, a narrow window and a wide one.
    pub const SIZES: [(u32, u32); 3] = [(400, 860), (900, 900), (1_400, 900)];

    /// A window of this size, without zoom.
    pub fn of((width, height): (u32, u32), theme: Theme) -> Self {
        Self {
            width,
            height,
            scale: 1,
            theme,
        }
    }
}

impl Browser {
    /// Looks at the page in this way from now on, without anything that moves.
    pub async fn look_in(&self, view: View) {
        let View {
            width,
            height,
            scale,
            theme,
        } = view;
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false,
        });
        self.tell_devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": theme.name()},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        self.tell_devtools("Emulation.setEmulatedMedia", media)
            .await;
        // Two frames: the first one may have been begun before.
        self.run(
            "return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))",
        )
        .await;
    }

    /// Looks at the page as at the beginning.
    pub async fn look_as_before(&self) {
        self.tell_devtools("Emulation.clearDeviceMetricsOverride", json!({}))
            .await;
        self.tell_devtools("Emulation.setEmulatedMedia", json!({"features": []}))
            .await;
    }

    /// A picture of what is seen of the page, as PNG.
    pub async fn picture(&self) -> Vec<u8> {
        self.client.screenshot().await.unwrap()
    }

    /// Presses keys, one after the other, wherever the keyboard is.
    pub async fn press(&self, keys: impl IntoIterator<Item = char>) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys {
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Goes on with Tab until the keyboard is there. A person would have to see where it is, each time.
    pub async fn tab_to(&self, name: &str) -> Element {
        self.see(name).await;
        let mut passed = Vec::new();
        for _ in 0..MOST_TABS {
            self.press([TAB]).await;
            let (at, seen) = self.keyboard().await;
            assert!(seen, "nobody sees that the keyboard is on {at:?}");
            if at == name {
                return self.client.active_element().await.unwrap();
            }
            passed.push(at);
        }
        panic!("no Tab leads to {name}: {passed:?}");
    }

    /// What the keyboard is on, and whether that is seen.
    pub async fn keyboard(&self) -> (String, bool) {
        let found = self.run(KEYBOARD).await;
        let name = found["name"].as_str().unwrap_or_default();
        (name.to_owned(), found["seen"] == true)
    }

    /// What of the page, or of the dialog in front of it, sticks out to the right.
    pub async fn sticks_out(&self) -> Vec<String> {
        serde_json::from_value(self.run(STICKS_OUT).await).unwrap()
    }
}

/// A ring of any kind, or the page itself.
const KEYBOARD: &str = "
    const at = document.activeElement;
    if (!at || at === document.body) return { name: '', seen: true };
    const style = getComputedStyle(at);
    const box = at.getBoundingClientRect();
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
    const inside = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { name: at.dataset.testid ?? at.tagName, seen: (ring || style.boxShadow !== 'none') && inside };";

const STICKS_OUT: &str = "
    const wide = [document.scrollingElement, ...document.querySelectorAll('main, dialog[open], dialog[open] *')];
    return wide.filter(it => {
        const scrolls = ['auto', 'scroll'].includes(getComputedStyle(it).overflowX) || it === document.scrollingElement;
        return scrolls && it.scrollWidth > it.clientWidth + 1;
    }).map(it => `${it.tagName}.${it.className}: ${it.scrollWidth} in ${it.clientWidth}`);";
