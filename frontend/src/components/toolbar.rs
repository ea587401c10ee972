//! What can be done with the selection, and the selection in words.

use bulkhead_shared::abilities::Abilities;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{About, Operation, OperationName};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use yew::prelude::*;

use crate::components::icon::{Glyph, Icon};
use crate::copy::keys::shown;
use crate::copy::numbers::items;
use crate::hooks::picking::Tick;
use crate::state::picks::{HeaderTick, Picks, Room, Unticked};
use crate::words;

/// What a button of the toolbar asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// Everything is said.
    Operation(Box<Operation>),
    /// Something has to be named first.
    Ask(OperationName),
}

/// What the button for an operation asks for.
pub fn wanted(name: OperationName) -> Wanted {
    let plain = name.plain().map(Box::new);
    plain.map_or(Wanted::Ask(name), Wanted::Operation)
}

#[derive(Properties, PartialEq)]
pub struct ToolbarProps {
    /// What is picked.
    pub picks: UseReducerHandle<Picks>,
    /// All that match the search.
    pub total: usize,
    /// Items of which kind they are.
    pub kind: Kind,
    /// What can be done with the account's items of this kind.
    pub abilities: Option<Abilities>,
    /// A button was pressed.
    pub on_want: Callback<Wanted>,
    /// Changes what is picked.
    pub on_tick: Callback<Tick>,
}

/// Tools that are always in sight; the others stand behind “More” where there is no room.
const USUAL: usize = 4;

/// The toolbar.
#[component]
pub fn Toolbar(props: &ToolbarProps) -> Html {
    let count = props.picks.count(Some(props.total as u64));
    let blocked = !props.picks.is_ready() || count == Some(0);
    let more = use_state(|| false);
    let button = |(place, name): (usize, OperationName)| {
        let about = name.about();
        let abilities = props.abilities.as_ref();
        let able = abilities.is_some_and(|abilities| abilities.of(name).is_some());
        let onclick = {
            let on_want = props.on_want.clone();
            Callback::from(move |_: MouseEvent| on_want.emit(wanted(name)))
        };
        let text = match about.fields.is_empty() {
            true => about.label.say().to_owned(),
            false => words::asks_more(about.label.say()),
        };
        html! {
            <button key={about.name} type="button" class={classes!("tool", (place >= USUAL).then_some("rare"))} disabled={blocked || !able} {onclick}
                title={title(about, able)} data-testid={format!("action-{}", about.name)}>
                <Icon glyph={Glyph::Of(name)} /><span>{ text }</span>
            </button>
        }
    };
    let toggle = {
        let more = more.clone();
        Callback::from(move |_: MouseEvent| more.set(!*more))
    };
    let offered = OperationName::offered_for(props.kind).filter(|name| !name.makes_items());
    let clear = {
        let on_tick = props.on_tick.clone();
        Callback::from(move |_: MouseEvent| on_tick.emit(Tick::Nothing))
    };
    html! {
        <div class="toolbar" role="toolbar" aria-label={words::toolbar()} data-testid="toolbar">
            <span class="picked-count" aria-live="polite" data-testid="selection-count"
                data-count={count.map(|count| count.to_string())}>{ in_words(&props.picks, props.kind, count) }</span>
            { all_button(props) }
            { note(&props.picks) }
            <span class={classes!("tools", more.then_some("open"))} onkeydown={along_the_row}>
                { for offered.enumerate().map(button) }
                <button type="button" class="tool more" onclick={toggle} aria-expanded={more.to_string()} data-testid="more-actions">
                    <Icon glyph={Glyph::More} /><span>{ if *more { words::toolbar_less() } else { words::toolbar_more() } }</span>
                </button>
            </span>
            <button type="button" class="icon-button" onclick={clear} aria-label={words::toolbar_nothing()}
                title={words::toolbar_nothing_esc()} data-testid="clear-selection"><Icon glyph={Glyph::Close} /></button>
        </div>
    }
}

/// Arrow keys go from button to button, as they do in every toolbar.
fn along_the_row(event: KeyboardEvent) {
    let here = event.target_dyn_into::<Element>();
    let next = match event.key().as_str() {
        "ArrowRight" => here.and_then(|here| here.next_element_sibling()),
        "ArrowLeft" => here.and_then(|here| here.previous_element_sibling()),
        _ => return,
    };
    if let Some(next) = next.and_then(|next| next.dyn_into::<HtmlElement>().ok()) {
        event.prevent_default();
        // One that cannot take the keyboard leaves it where it is.
        let _ = next.focus();
    }
}

fn title(about: &About, able: bool) -> String {
    match (able, about.keys.first()) {
        (false, _) => words::toolbar_unable().to_owned(),
        (true, None) => about.label.to_string(),
        (true, Some(key)) => format!("{} ({})", about.label, shown(key)),
    }
}

fn in_words(picks: &Picks, kind: Kind, count: Option<u64>) -> String {
    let items = |count| items(count, kind);
    if picks.is_awaiting() {
        return words::toolbar_selecting().to_owned();
    }
    let left_out = picks.left_out() as u64;
    match (picks.is_all_matching(), count) {
        (true, Some(count)) if left_out == 0 => words::toolbar_all_selected(&items(count)),
        (_, Some(count)) => words::toolbar_selected(&items(count)),
        (_, None) if left_out == 0 => words::toolbar_all_match().to_owned(),
        (_, None) => words::toolbar_all_except(&items(left_out)),
    }
}

/// The way from some to all, wherever the list stands.
fn all_button(props: &ToolbarProps) -> Html {
    let total = props.total as u64;
    if props.picks.header(props.total) == HeaderTick::All || props.picks.is_awaiting() {
        return Html::default();
    }
    let onclick = props.on_tick.reform(|_: MouseEvent| Tick::All);
    html! {
        <button type="button" class="text-button" {onclick} data-testid="select-all-matching">
            { words::toolbar_select_all(total) }
        </button>
    }
}

/// Why the rows between two ticks stay as they are, or how much more can be picked.
fn note(picks: &Picks) -> Html {
    let (name, text) = match (picks.unticked(), picks.room()) {
        (Some(Unticked::Changed), _) => ("range-not-ticked", words::toolbar_changed().to_owned()),
        (Some(Unticked::Unread), _) => ("range-not-ticked", words::toolbar_unread().to_owned()),
        (Some(Unticked::TooMany), _) => ("limit-blocked", words::toolbar_too_long().to_owned()),
        (None, Room::Over) => ("limit-blocked", words::toolbar_over().to_owned()),
        (None, Room::Near(left)) => {
            let text = words::toolbar_room(left as u64);
            return html! { <span class="room warn" data-testid="limit-warning">{ text }</span> };
        }
        (None, Room::Plenty) => return Html::default(),
    };
    html! { <span class="room over" role="alert" data-testid={name}>{ text }</span> }
}
