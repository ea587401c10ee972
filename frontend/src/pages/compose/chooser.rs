//! Which mail is shown: one after the other, any by its row or by whom it is for, and only those worth a look.

use bulkhead_shared::api::LettersSeen;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::state::preview_rows::{Which, rows};
use crate::state::recipients::Recipients;
use crate::words;
use bulkhead_words::Says;

#[derive(Properties, PartialEq)]
pub struct ChooserProps {
    pub seen: LettersSeen,
    pub recipients: Recipients,
    /// The row that is shown, counted from 1.
    pub row: u32,
    pub on_show: Callback<u32>,
}

/// The fields.
#[component]
pub fn Chooser(props: &ChooserProps) -> Html {
    let which = use_state(Which::default);
    let typed = use_state(String::new);
    let found = rows(*which, &typed, &props.seen, &props.recipients);
    // Whoever narrows them sees the first of those that are left.
    let narrow = {
        let (seen, recipients, on_show) = (
            props.seen.clone(),
            props.recipients.clone(),
            props.on_show.clone(),
        );
        let row = props.row;
        move |which: Which, words: &str| {
            let found = rows(which, words, &seen, &recipients);
            if let Some(first) = found.first().filter(|_| !found.contains(&row)) {
                on_show.emit(*first);
            }
        }
    };
    let on_words = {
        let (typed, which, narrow) = (typed.clone(), *which, narrow.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                narrow(which, &input.value());
                typed.set(input.value());
            }
        })
    };
    let tab = |(to, label): (Which, Says)| {
        let (which, typed, narrow) = (which.clone(), typed.clone(), narrow.clone());
        let checked = *which == to;
        let onchange = Callback::from(move |_: Event| {
            narrow(to, &typed);
            which.set(to);
        });
        html! { <label><input type="radio" name="which" {checked} {onchange} data-testid={format!("which-{}", testid(to))} /><span>{ label.say() }</span></label> }
    };
    html! {
        <>
            <div class="segmented" role="radiogroup" aria-label={words::compose_chooser_label()}>{ for Which::ALL.into_iter().map(tab) }</div>
            <div class="compose-chooser">
                { steps(props, &found) }
                <input type="search" class="compose-find" value={(*typed).clone()} oninput={on_words} placeholder={words::compose_chooser_find()} aria-label={words::compose_chooser_find()}
                    autocomplete="off" data-testid="compose-find" />
                <span class="muted" role="status" data-testid="compose-found" data-count={found.len().to_string()}>{ place(&found, props) }</span>
            </div>
        </>
    }
}

fn testid(which: Which) -> &'static str {
    match which {
        Which::All => "all",
        Which::FirstThree => "first",
        Which::Longest => "longest",
        Which::Warnings => "warnings",
    }
}

/// The mail before, the one of a row, and the next.
fn steps(props: &ChooserProps, found: &[u32]) -> Html {
    let before = found.iter().rev().find(|row| **row < props.row);
    let next = found.iter().find(|row| **row > props.row);
    let step = |to: Option<&u32>, label: &'static str, glyph: &'static str| {
        let row = to.copied().unwrap_or(props.row);
        let onclick = props.on_show.reform(move |_: MouseEvent| row);
        html! { <button type="button" class="button small" {onclick} disabled={to.is_none()} aria-label={label}>{ glyph }</button> }
    };
    let oninput = {
        let (on_show, total) = (props.on_show.clone(), props.seen.total);
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let typed = input.and_then(|input| input.value().parse().ok());
            if let Some(row) = typed.filter(|row| (1..=total).contains(row)) {
                on_show.emit(row);
            }
        })
    };
    html! {
        <>
            { step(before, words::compose_chooser_before(), "‹") }
            <input type="number" min="1" max={props.seen.total.to_string()} value={props.row.to_string()} {oninput} aria-label={words::compose_chooser_row()} data-testid="compose-row" />
            { step(next, words::compose_chooser_next(), "›") }
        </>
    }
}

fn place(found: &[u32], props: &ChooserProps) -> String {
    let total = props.seen.total as usize;
    match (found.len(), found.iter().position(|row| *row == props.row)) {
        (0, _) => words::compose_chooser_none().to_owned(),
        (count, _) if count == total => words::compose_chooser_of_all(count as u64),
        (count, Some(place)) => words::compose_chooser_of_found(place as u64 + 1, count as u64),
        (count, None) => words::compose_chooser_found(count as u64),
    }
}
