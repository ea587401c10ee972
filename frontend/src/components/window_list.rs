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
/// No browser takes an element of any height: 16 million pixels are what all of them take.
const ROWS_MOST: usize = 400_000;
/// Until a row was measured.
const ROW_HEIGHT: usize = 36;

#[derive(Properties, PartialEq)]
pub struct WindowListProps {
    /// Rows there are.
    pub total: usize,
    /// Draws the row at a place.
    pub row: Callback<usize, Html>,
    /// Where the keyboard is: brought into sight when it moves.
    pub cursor: Option<usize>,
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
    /// Rows that fit.
    fit: usize,
    /// Pixels of a row.
    height: usize,
}

impl View {
    /// The rows that are drawn: with `beyond` what is seen so many more above and below, and without only those.
    fn drawn(self, total: usize, beyond: Option<usize>) -> Range<usize> {
        let (margin, step) = beyond.map_or((0, 0), |margin| (margin, STEP));
        let end = (self.first + self.fit + step + margin).min(total);
        self.first.saturating_sub(margin).min(end)..end
    }
}

/// The list.
#[component]
pub fn WindowList(props: &WindowListProps) -> Html {
    let node = use_node_ref();
    let view = use_state_eq(|| View {
        first: 0,
        fit: browser::height() / ROW_HEIGHT,
        height: ROW_HEIGHT,
    });
    // Who waits for a list sees its first rows before anything is done about those beyond them.
    let stands = use_state_eq(|| false);
    {
        let stands = stands.setter();
        use_effect_with((), move |()| {
            spawn_local(async move {
                browser::drawn().await;
                stands.set(true);
            });
        });
    }
    let look = {
        let (node, view) = (node.clone(), view.clone());
        Callback::from(move |()| {
            if let Some(list) = node.cast::<Element>() {
                view.set(looked_at(&list));
            }
        })
    };
    use_window_event("resize", look.reform(|_| ()));
    let total = props.total.min(ROWS_MOST);
    let drawn = view.drawn(total, stands.then_some(props.margin));
    {
        // Rows are as high as the style says, which is known once one is drawn.
        let look = look.clone();
        use_effect_with(total, move |_| look.emit(()));
    }
    {
        let on_show = props.on_show.clone();
        use_effect_with(drawn.clone(), move |drawn| on_show.emit(drawn.clone()));
    }
    {
        let (node, height) = (node.clone(), view.height);
        use_effect_with(props.cursor, move |cursor| {
            if let (Some(cursor), Some(list)) = (cursor, node.cast::<Element>()) {
                bring_into_sight(&list, *cursor, height);
            }
        });
    }
    let gap = |rows: usize| {
        html! {
            <li class="gap" aria-hidden="true"><svg width="1" height={(rows * view.height).to_string()} /></li>
        }
    };
    html! {
        <div ref={node} class="list-scroll" onscroll={look.reform(|_| ())} data-testid={props.testid.clone()}>
            <ul class="mail-rows" aria-label={props.label.clone()}>
                { gap(drawn.start) }
                { for drawn.clone().map(|place| props.row.emit(place)) }
                { gap(total - drawn.end) }
            </ul>
            { props.end.clone() }
        </div>
    }
}

fn looked_at(list: &Element) -> View {
    let row = list.query_selector("li:not(.gap)").ok().flatten();
    let height = row.map(|row| row.get_bounding_client_rect().height().round() as usize);
    let height = height.filter(|height| *height > 0).unwrap_or(ROW_HEIGHT);
    let pixels = |number: i32| usize::try_from(number).unwrap_or(0);
    let first = pixels(list.scroll_top()) / height;
    View {
        first: first / STEP * STEP,
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
            fit: 40,
            height: 36,
        };
        let beyond = Some(MARGIN);
        assert_eq!(view(0).drawn(100_000, beyond), 0..64);
        assert_eq!(view(50_000).drawn(100_000, beyond), 49_984..50_064);
        assert_eq!(view(99_992).drawn(100_000, beyond), 99_976..100_000);
        assert_eq!(view(0).drawn(5, beyond), 0..5);
        assert_eq!(view(0).drawn(100_000, None), 0..40, "at first");
        assert_eq!(
            view(800).drawn(5, beyond),
            5..5,
            "until the list has moved up"
        );
    }
}
