//! What is no part of the first download: it is fetched when it is first shown, or before that when the browser
//! has nothing else to do.
//!
//! The build cuts the app at every function with `#[wasm_split]`. Such a function gives back what it draws; until
//! its part is here there is a placeholder, and once it is, it is drawn at once.

use std::future::Future;
use std::pin::Pin;

use wasm_bindgen_futures::spawn_local;
use wasm_split_helpers::SplitLoaderError;
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::hooks::at_once::at_once;
use crate::words;

/// Something drawn, or that its part could not be fetched.
pub type Drawn = Result<Html, SplitLoaderError>;
/// What a part does, once it is here.
pub type Doing<T> = Pin<Box<dyn Future<Output = T>>>;
type Drawing = Pin<Box<dyn Future<Output = Drawn>>>;

/// Draws what may have to be fetched first; `part` names its part.
pub fn later<F: Future<Output = Drawn> + 'static>(
    part: &'static str,
    draw: impl Fn() -> F + 'static,
) -> Html {
    let draw = Callback::from(move |()| Box::pin(draw()) as Drawing);
    html! { <Later key={part} {draw} /> }
}

#[derive(Properties, PartialEq)]
struct LaterProps {
    draw: Callback<(), Drawing>,
}

#[component]
fn Later(props: &LaterProps) -> Html {
    let again = use_force_update();
    let failed = use_state(|| false);
    if *failed {
        let retry = Callback::from(move |()| failed.set(false));
        return html! { <NotFetched {retry} /> };
    }
    let mut drawing = props.draw.emit(());
    match at_once(&mut drawing) {
        Some(Ok(drawn)) => drawn,
        Some(Err(_)) => {
            let retry = Callback::from(move |()| again.force_update());
            html! { <NotFetched {retry} /> }
        }
        None => {
            spawn_local(async move {
                match drawing.await {
                    Ok(_) => again.force_update(),
                    Err(_) => failed.set(true),
                }
            });
            html! { <div class="later" aria-busy="true"><progress class="busy" aria-label={words::loading()} /></div> }
        }
    }
}

#[derive(Properties, PartialEq)]
struct NotFetchedProps {
    retry: Callback<()>,
}

#[component]
fn NotFetched(props: &NotFetchedProps) -> Html {
    let retry = props.retry.reform(|_: MouseEvent| ());
    let reload = Callback::from(|_: MouseEvent| browser::reload());
    html! {
        <div class="note note-error" role="alert" data-testid="problem">
            <Icon glyph={Glyph::Alert} />
            <div class="note-text">
                <strong>{ words::later_not_fetched() }</strong>
                <p>{ words::later_why() }</p>
            </div>
            <button type="button" class="button" onclick={retry} data-testid="try-again">{ words::try_again() }</button>
            <button type="button" class="button" onclick={reload}>{ words::reload() }</button>
        </div>
    }
}
