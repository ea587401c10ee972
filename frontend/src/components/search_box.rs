//! The search box: says at once what cannot be read, and explains the language.

pub mod language;

use std::cell::Cell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use bulkhead_shared::class::Class;
use bulkhead_shared::kinds::Kind;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::later;
use crate::hooks::window_event::use_window_event;
use crate::state::class_words::completed;
use crate::words;

use language::{complaint, help_sheet};

/// The element that `/` puts the keyboard into.
pub const SEARCH_ID: &str = "search";

/// The wait for what a search finds; whether it came soon.
pub type Beginning = Pin<Box<dyn Future<Output = bool>>>;

#[derive(Properties, PartialEq)]
pub struct SearchBoxProps {
    /// The search that holds.
    pub query: AttrValue,
    /// What is looked for.
    #[prop_or(Kind::Mail)]
    pub kind: Kind,
    /// What this account cannot search for.
    #[prop_or_default]
    pub cannot: Vec<String>,
    /// Milliseconds that the last search took; none if that is not known.
    #[prop_or_default]
    pub took: Option<u32>,
    /// Asks for what this search finds, and waits for it, though not for long.
    pub begin: Callback<String, Beginning>,
    /// A new one is wanted; the flag says that Back skips the one before, because it was still being typed.
    pub on_search: Callback<(String, bool)>,
    /// The list of what this search finds is wanted.
    #[prop_or_default]
    pub on_enter: Callback<String>,
}

/// Milliseconds of rest after which what was typed is looked for, at the most.
const REST: u32 = 180;
/// A mailbox that answers within so many milliseconds is searched with every letter, another one when the fingers
/// rest for as long as it takes.
const QUICK: u32 = 120;
/// Milliseconds of rest after which what cannot be read is complained about.
const LONG_REST: u32 = 900;

/// Milliseconds for which the fingers rest before they are believed to have stopped.
fn rest(took: Option<u32>) -> u32 {
    match took {
        Some(..=QUICK) => 0,
        Some(took) => took.min(REST),
        None => REST,
    }
}

/// The box. What is typed is looked for as soon as the fingers rest.
#[component]
pub fn SearchBox(props: &SearchBoxProps) -> Html {
    let text = use_state(|| props.query.to_string());
    let kind = props.kind;
    let help = use_state(|| false);
    let wrong = use_state_eq(|| None::<String>);
    // What came late was waited for with each letter. The next time is measured.
    let is_quick = use_memo((), |()| Cell::new(true));
    {
        let text = text.clone();
        use_effect_with(props.query.clone(), move |query| {
            // A space that was typed just now is the beginning of the next word.
            if text.trim() != query.trim() {
                text.set(query.to_string());
            }
        });
    }
    {
        let (on_search, query) = (props.on_search.clone(), props.query.clone());
        let (begin, wrong) = (props.begin.clone(), wrong.clone());
        let is_quick = is_quick.clone();
        let rest = match is_quick.get() {
            true => rest(props.took),
            false => REST,
        };
        use_effect_with((*text).clone(), move |text| {
            let resting = Rc::new(Cell::new(true));
            let (text, still) = (text.clone(), resting.clone());
            wrong.set(None);
            spawn_local(async move {
                if text.trim() == query.trim() {
                    // Nothing is looked for, and no list waits for what knows the language.
                    is_quick.set(true);
                    browser::sleep(LONG_REST).await;
                    let refused = refused(kind, &text).await;
                    if still.get() {
                        wrong.set(refused);
                    }
                    return;
                }
                let refused = refused(kind, &text).await;
                let is_wanted = refused.is_none();
                match is_wanted && rest == 0 {
                    // What it found is here when the list is drawn.
                    true => {
                        let came = begin.emit(text.trim().to_owned()).await;
                        is_quick.set(came);
                    }
                    false => {
                        browser::sleep(rest).await;
                        is_quick.set(true);
                    }
                }
                if is_wanted && still.get() {
                    on_search.emit((text.trim().to_owned(), true));
                }
                browser::sleep(LONG_REST - rest).await;
                if still.get() {
                    wrong.set(refused);
                }
            });
            move || resting.set(false)
        });
    }
    let oninput = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                text.set(input.value());
            }
        })
    };
    let onsubmit = {
        let (text, help, wrong) = (text.clone(), help.clone(), wrong.clone());
        let (on_search, on_enter, query) = (
            props.on_search.clone(),
            props.on_enter.clone(),
            props.query.clone(),
        );
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (on_search, on_enter, query) = (on_search.clone(), on_enter.clone(), query.clone());
            let (text, help, wrong) = (text.clone(), help.clone(), wrong.clone());
            spawn_local(async move {
                let refused = refused(kind, &text).await;
                if refused.is_some() {
                    return wrong.set(refused);
                }
                help.set(false);
                let mut searched = query.to_string();
                if text.trim() != query.trim() {
                    searched = text.trim().to_owned();
                    on_search.emit((searched.clone(), false));
                }
                on_enter.emit(searched);
            });
        })
    };
    let onkeydown = {
        let (text, query, help) = (text.clone(), props.query.clone(), help.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                // Taken here: the mailbox behind it would let go of what is picked.
                event.prevent_default();
                text.set(query.to_string());
                help.set(false);
                if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                    // Leaving the field is a courtesy; failing that the person is still in it.
                    let _ = input.blur();
                }
            }
        })
    };
    use_window_event("pointerdown", {
        let help = help.clone();
        Callback::from(move |event: Event| {
            let target = event.target_dyn_into::<Element>();
            let inside = target.and_then(|target| target.closest(".search").ok().flatten());
            if *help && inside.is_none() {
                help.set(false);
            }
        })
    });
    let toggle_help = {
        let help = help.clone();
        Callback::from(move |_: MouseEvent| help.set(!*help))
    };
    let clear = {
        let text = text.clone();
        Callback::from(move |_: MouseEvent| {
            text.set(String::new());
            browser::focus(SEARCH_ID);
        })
    };
    html! {
        <form class={classes!("search", wrong.is_some().then_some("wrong"))} role="search" {onsubmit} {onkeydown}>
            <Icon glyph={Glyph::Search} class="search-icon" />
            <input id={SEARCH_ID} type="text" value={(*text).clone()} {oninput} data-testid="search"
                placeholder={words::search_box_search_all(kind.plural())} aria-label={words::search_box_search(kind.plural())}
                autocomplete="off" spellcheck="false" list="search-words"
                aria-invalid={wrong.is_some().to_string()} aria-describedby="search-error" />
            { completions(kind, &text) }
            if !text.is_empty() {
                <button type="button" class="icon-button" onclick={clear} aria-label={words::search_box_empty()}
                    title={words::search_box_empty()}><Icon glyph={Glyph::Close} /></button>
            }
            <button type="button" class="icon-button" onclick={toggle_help} aria-expanded={help.to_string()}
                aria-label={words::search_box_help()} title={words::search_box_help()} data-testid="search-help"><Icon glyph={Glyph::Help} /></button>
            <div id="search-error" class="search-error" role="status" data-testid="search-error">
                { (*wrong).clone() }
            </div>
            if *help { { sheet(kind, &props.cannot) } }
        </form>
    }
}

/// What the word that is being typed can become.
fn completions(kind: Kind, text: &str) -> Html {
    let known: Vec<&str> = match kind {
        Kind::Mail => Class::ALL.into_iter().map(Class::name).collect(),
        _ => Vec::new(),
    };
    let searches = completed(text, &known).into_iter();
    html! { <datalist id="search-words">{ for searches.map(|value| html! { <option {value} /> }) }</datalist> }
}

fn sheet(kind: Kind, cannot: &[String]) -> Html {
    let cannot = cannot.to_vec();
    later("search-help", move || help_sheet(kind, cannot.clone()))
}

/// What is wrong with a search. Where the part that knows is not to be had, the server will say.
async fn refused(kind: Kind, text: &str) -> Option<String> {
    complaint(kind, text.to_owned()).await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_answers_quickly_is_asked_with_every_letter_and_nobody_waits_long() {
        assert_eq!(rest(Some(0)), 0);
        assert_eq!(rest(Some(QUICK)), 0);
        assert_eq!(rest(Some(QUICK + 1)), QUICK + 1);
        assert_eq!(rest(Some(5_000)), REST);
        assert_eq!(rest(None), REST, "not known yet");
    }
}
