//! That a list was asked to write no more, and what helps where it writes all the same.

use bulkhead_shared::unsubscribe::Unsubscribed;
use yew::prelude::*;

use crate::browser;
use crate::words;

/// The tag; a warning where mails still come.
pub fn unsubscribed_tag(unsubscribed: Unsubscribed) -> Html {
    let since = browser::short(unsubscribed.at);
    let (text, more) = match unsubscribed {
        Unsubscribed {
            still_comes: true, ..
        } => (
            words::senders_still_comes(&since),
            words::senders_still_comes_why(),
        ),
        Unsubscribed { answered: true, .. } => (
            words::senders_unsubscribed(&since),
            words::senders_unsubscribed_why(),
        ),
        Unsubscribed {
            answered: false, ..
        } => (words::senders_asked(&since), words::senders_asked_why()),
    };
    html! {
        <span class={classes!("tag", unsubscribed.still_comes.then_some("warn"))} title={more} data-testid="group-unsubscribed"
            data-still={unsubscribed.still_comes.to_string()}>{ text }</span>
    }
}
