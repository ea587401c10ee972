//! What a mail is about, in a word.

use bulkhead_shared::api::{ItemClass, ToldBy};
use bulkhead_shared::class::Class;
use yew::prelude::*;

use crate::words;

/// A quiet tag with the class, where somebody looked; how sure that is when it is pointed at.
pub fn class_tag(class: Option<&ItemClass>) -> Html {
    let Some(ItemClass { class, percent, by }) = class else {
        return Html::default();
    };
    let title = match (by, percent) {
        (ToldBy::Person, _) => words::class_tag_said().to_owned(),
        (ToldBy::BuiltIn | ToldBy::Endpoint, Some(percent)) => {
            words::percent_sure(u64::from(*percent))
        }
        (ToldBy::BuiltIn | ToldBy::Endpoint, None) => String::new(),
    };
    html! { <span class="tag class" {title} data-testid="class">{ class_word(class) }</span> }
}

/// What a person calls a class; of one that a later version knows its name.
pub fn class_word(name: &str) -> String {
    let known = Class::named(name).map(Class::label);
    known.unwrap_or(name).to_owned()
}
