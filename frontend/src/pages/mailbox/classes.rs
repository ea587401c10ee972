//! What the mails of the list are about: narrowing to it, and looking at those that nobody has looked at.

use std::collections::BTreeSet;

use bulkhead_shared::api::Item;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::unsearched::{Unsearched, UnsearchedWhy, not_looked_at};
use yew::prelude::*;

use crate::components::class_tag::class_word;
use crate::components::icon::{Glyph, Icon};
use crate::copy::numbers::items;
use crate::state::class_words::{class_in, narrowed};
use crate::state::rows::Rows;
use crate::words;

/// A chip for each class that mails of the list have, and for the one that it is narrowed to.
pub(super) fn class_chips(
    query: &str,
    rows: &Rows<Item>,
    search: &Callback<(String, bool)>,
) -> Html {
    let wanted = class_in(query);
    let here = rows.known().filter_map(|(_, item)| item.class.as_ref());
    let mut classes: BTreeSet<&str> = here.map(|class| class.class.as_str()).collect();
    classes.extend(wanted);
    let one = |class: &str| {
        let (query, name) = (query.to_owned(), class.to_owned());
        let onclick = search.reform(move |_: MouseEvent| (narrowed(&query, &name), false));
        html! {
            <button key={class.to_owned()} type="button" class="search-chip class" {onclick} title={format!("class:{class}")}
                aria-pressed={(wanted == Some(class)).to_string()} data-testid={format!("chip-class-{class}")}>{ class_word(class) }</button>
        }
    };
    classes.into_iter().map(one).collect()
}

/// Of what could not be searched, what looking does not help.
pub(super) fn beyond_looking(unsearched: &[Unsearched]) -> Vec<Unsearched> {
    let beyond = unsearched.iter();
    let beyond = beyond.filter(|one| one.why != UnsearchedWhy::NotLookedAt);
    beyond.cloned().collect()
}

#[derive(Properties, PartialEq)]
pub(super) struct LookAtThemProps {
    /// What could not be searched.
    pub(super) unsearched: Vec<Unsearched>,
    /// They are to be looked at.
    pub(super) on_look: Callback<()>,
}

/// How many mails may match that nobody has looked at, and a button that has them looked at; nothing where there are none.
#[component]
pub(super) fn LookAtThem(props: &LookAtThemProps) -> Html {
    let mails = not_looked_at(&props.unsearched);
    if mails == 0 {
        return Html::default();
    }
    let onclick = props.on_look.reform(|_: MouseEvent| ());
    html! {
        <div class="note note-quiet" role="status" data-testid="not-looked-at" data-count={mails.to_string()}>
            <Icon glyph={Glyph::Help} />
            <p class="note-text">{ words::mailbox_not_looked_at(mails, &items(mails, Kind::Mail)) }</p>
            <button type="button" class="button" {onclick} data-testid="look-at-them">{ words::mailbox_look_at_them() }</button>
        </div>
    }
}
