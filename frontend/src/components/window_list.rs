//! A list of any length of which only what is on the screen is drawn. Above and below stand gaps as
//! high as the rows that are not drawn, so that the scroll bar reaches every place at once.

use std::ops::Range;

use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::browser;
use crate::hooks::window_event::use_window_event;

/// Rows drawn above and below what is seen, where a list does not say otherwise.
const MARGIN: usize = 16;
/// What is drawn is moved in steps of so many rows, so that most scrolling draws nothing anew.
const STEP: usize = 8;
/// Rows that are drawn at a time while a screen fills: few enough that a touch meanwhile is answered at once.
const PIECE: usize = 8;
/// The first of them: the browser has to learn first how a row is drawn.
const PIECE_FIRST: usize = 4;
/// The same below the screen, where nobody waits for them.
const PIECE_BELOW: usize = 2;
/// No browser takes an element of any height: 16 million pixels are what all of them take.
const ROWS_MOST: usize = 400_000;
/// Pixels of a page above its list: the search, and the list's tools.
const ABOVE: usize = 150;
/// Until a row was measured: as the style has it where somebody chose no other.
const ROW_HEIGHT: usize = 36;
/// The same where a row has two lines, on a narrow screen.
const NARROW_ROW_HEIGHT: usize = 58;

#[derive(Properties, PartialEq)]
pub struct WindowListProps {
    /// Rows there are.
    pub total: usize,
    /// Draws the row at a place.
    pub row: Callback<usize, Html>,
    /// Where the keyboard is.
    pub cursor: Option<usize>,
    /// Grows with each step of the keyboard, which brings its row into sight.
    #[prop_or_default]
    pub steps: u32,
    /// These rows are looked at.
    pub on_show: Callback<Range<usize>>,
    /// What the list is called.
    pub label: AttrValue,
    /// Rows drawn above and below what is seen.
    #[prop_or(MARGIN)]
    pub margin: usize,
    /// What stands below the last row.
    #[prop_or_default]
    pub end: Html,
    /// For tests.
    pub testid: AttrValue,
}

/// What is seen of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct View {
    /// The first row that is seen, in steps.
    first: usize,
    /// Whether it does not stand at its beginning.
    is_scrolled: bool,
    /// Rows that fit.
    fit: usize,
    /// Pixels of a row.
    height: usize,
}

impl View {
    /// As much as can be known before anything is drawn.
    fn guessed() -> Self {
        let height = match browser::is_narrow() {
            true => NARROW_ROW_HEIGHT,
            false => ROW_HEIGHT,
        };
        Self {
            first: 0,
            is_scrolled: false,
            fit: browser::height().saturating_sub(ABOVE) / height + 1,
            height,
        }
    }

    /// The rows that are drawn: so many of those that are seen and of those below them, and once there are more than are
    /// seen, as many above, but no more than the margin.
    fn drawn(self, total: usize, rows: usize, margin: usize) -> Range<usize> {
        let end = (self.first + rows).min(total);
        let above = rows.saturating_sub(self.fit).min(margin);
        self.first.saturating_sub(above).min(end)..end
    }
}

/// The list.
#[component]
pub fn WindowList(props: &WindowListProps) -> Html {
    let node = use_node_ref();
    let view = use_state_eq(View::guessed);
    let look = {
        let (node, view) = (node.clone(), view.setter());
        use_callback((), move |(), ()| {
            if let Some(list) = node.cast::<Element>() {
                view.set(looked_at(&list));
            }
        })
    };
    let most = view.fit + props.margin + STEP;
    let rows = use_growing(view.fit, most, look.clone());
    // Whoever scrolls wants the others at once.
    let rows = if view.is_scrolled { most } else { rows };
    use_window_event("resize", look.reform(|_| ()));
    let total = props.total.min(ROWS_MOST);
    let drawn = view.drawn(total, rows, props.margin);
    {
        let (look, is_first) = (look.clone(), rows <= view.fit);
        use_effect_with(total, move |_| {
            if !is_first {
                look.emit(());
            }
        });
    }
    {
        let on_show = props.on_show.clone();
        use_effect_with(drawn.clone(), move |drawn| on_show.emit(drawn.clone()));
    }
    {
        let (node, height, cursor) = (node.clone(), view.height, props.cursor);
        use_effect_with(props.steps, move |_| {
            if let (Some(cursor), Some(list)) = (cursor, node.cast::<Element>()) {
                bring_into_sight(&list, cursor, height);
            }
        });
    }
    // With a key, as the rows have: in a list where one has none, all rows are drawn anew when one more comes.
    let gap = |key: &'static str, rows: usize| {
        html! {
            <li {key} class="gap" aria-hidden="true"><svg width="1" height={(rows * view.height).to_string()} /></li>
        }
    };
    html! {
        <div ref={node} class="list-scroll" onscroll={look.reform(|_| ())} data-testid={props.testid.clone()}>
            // As high as all rows, also while those that come are not drawn yet: a list that is lower for a moment is scrolled
            // back by as much.
            <svg class="rail" aria-hidden="true" width="1" height={(total * view.height).to_string()} />
            <ul class="mail-rows" aria-label={props.label.clone()}>
                { gap("above", drawn.start) }
                { for drawn.clone().map(|place| props.row.emit(place)) }
                { gap("below", total - drawn.end) }
            </ul>
            { props.end.clone() }
        </div>
    }
}

/// Rows that are drawn from the first one that is seen on, `most` in the end. Those that are seen come first, in pieces;
/// the others a few at a time, when the browser has nothing else to do. Rows are as high as the style says, which is
/// looked at once those that are seen are drawn.
#[hook]
fn use_growing(seen: usize, most: usize, look: Callback<()>) -> usize {
    let rows = use_state(|| PIECE_FIRST.min(seen));
    let setter = rows.setter();
    use_effect_with((*rows, most), move |&(rows, most)| {
        if rows < most {
            spawn_local(async move {
                if rows < seen {
                    browser::give_way().await;
                    return setter.set((rows + PIECE).min(seen));
                }
                browser::idle().await;
                if rows == seen {
                    look.emit(());
                }
                setter.set((rows + PIECE_BELOW).min(most));
            });
        }
    });
    (*rows).min(most)
}

fn looked_at(list: &Element) -> View {
    let row = list.query_selector("li:not(.gap)").ok().flatten();
    let height = row.map(|row| row.get_bounding_client_rect().height().round() as usize);
    let height = height.filter(|height| *height > 0).unwrap_or(ROW_HEIGHT);
    let pixels = |number: i32| usize::try_from(number).unwrap_or(0);
    let above = pixels(list.scroll_top());
    View {
        first: above / height / STEP * STEP,
        is_scrolled: above > 0,
        fit: pixels(list.client_height()) / height + 1,
        height,
    }
}

/// Moves the list no further than needed.
fn bring_into_sight(list: &Element, place: usize, height: usize) {
    let above = i32::try_from(place * height).unwrap_or(i32::MAX);
    let below = above.saturating_add(i32::try_from(height).unwrap_or(0));
    let seen = list.scroll_top()..list.scroll_top() + list.client_height();
    if above < seen.start {
        list.set_scroll_top(above);
    } else if below > seen.end {
        list.set_scroll_top(below - list.client_height());
    }
}

/// Rows that fit on the screen of a list, for keys that turn pages.
pub fn page_of(testid: &str) -> usize {
    use wasm_bindgen::JsCast;
    let document = web_sys::window().and_then(|window| window.document());
    let list = document
        .and_then(|document| {
            let selector = format!("[data-testid=\"{testid}\"]");
            document.query_selector(&selector).ok().flatten()
        })
        .and_then(|list| list.dyn_into::<HtmlElement>().ok());
    list.map_or(1, |list| looked_at(&list).fit.saturating_sub(2).max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rows_are_drawn_wherever_the_list_stands() {
        let view = |first| View {
            first,
            is_scrolled: first > 0,
            fit: 40,
            height: 36,
        };
        let drawn = |first, total| view(first).drawn(total, 40 + MARGIN + STEP, MARGIN);
        assert_eq!(drawn(0, 100_000), 0..64);
        assert_eq!(drawn(50_000, 100_000), 49_984..50_064);
        assert_eq!(drawn(99_992, 100_000), 99_976..100_000);
        assert_eq!(drawn(0, 5), 0..5);
        assert_eq!(drawn(800, 5), 5..5, "until the list has moved up");
        let at_first = |rows| view(800).drawn(100_000, rows, MARGIN);
        assert_eq!(at_first(PIECE), 800..808);
        assert_eq!(at_first(40), 800..840);
        assert_eq!(at_first(48), 792..848);
    }
}
