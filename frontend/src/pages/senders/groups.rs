//! The groups, a row each: who, how much, how much of it was never read, when last.

use bulkhead_shared::api::Group;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::mail::size;
use yew::prelude::*;

use crate::browser;
use crate::components::link::Go;
use crate::components::monogram::monogram;
use crate::components::unsubscribed_tag::unsubscribed_tag;
use crate::copy::numbers::{percent, thousands};
use crate::routes::{Route, Search};
use crate::state::rule_of::rule_of_group;
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct GroupsProps {
    pub(super) account: AccountId,
    /// In their order.
    pub(super) groups: Vec<Group>,
    /// Keys of those that are picked.
    pub(super) picked: Vec<String>,
    /// Picks these and no others.
    pub(super) on_pick: Callback<Vec<String>>,
    /// Shows the mails of a search.
    pub(super) on_show: Callback<String>,
}

/// The table.
#[component]
pub(super) fn Groups(props: &GroupsProps) -> Html {
    if props.groups.is_empty() {
        return html! { <div class="empty"><p>{ words::senders_none() }</p></div> };
    }
    html! {
        <ul class="group-rows" data-testid="groups">{ for props.groups.iter().map(|group| row(props, group)) }</ul>
    }
}

fn row(props: &GroupsProps, group: &Group) -> Html {
    let is_picked = props.picked.contains(&group.key);
    let onchange = {
        let (picked, key) = (props.picked.clone(), group.key.clone());
        props.on_pick.reform(move |_: Event| {
            let mut next = picked.clone();
            match next.iter().position(|it| *it == key) {
                Some(place) => drop(next.remove(place)),
                None => next.push(key.clone()),
            }
            next
        })
    };
    let shown = match (group.name.is_empty(), group.key.is_empty()) {
        (false, _) => group.name.as_str(),
        (true, false) => group.key.as_str(),
        (true, true) => words::senders_nobody(),
    };
    let second = (!group.name.is_empty()).then(|| group.key.clone());
    let name = match &group.query {
        Some(query) => {
            let query = query.clone();
            let onclick = props.on_show.reform(move |_: MouseEvent| query.clone());
            html! { <button type="button" class="group-name" {onclick} title={words::senders_show_these()}>{ shown }</button> }
        }
        None => html! { <span class="group-name">{ shown }</span> },
    };
    let label = words::mails_of(shown, group.mails);
    html! {
        <li key={group.key.clone()} class={classes!("group-row", is_picked.then_some("picked"))} data-testid="group-row"
            data-key={group.key.clone()}>
            <label class="tick-area"><input type="checkbox" checked={is_picked} {onchange} disabled={group.query.is_none()}
                aria-label={label} data-testid="group-tick" /></label>
            { monogram(shown, &group.key) }
            <span class="group-who">
                { name }
                <span class="group-second muted small">
                    if let Some(second) = second { <span>{ second }</span> }
                    if group.list_mails > 0 { <span class="tag">{ words::senders_list_mail() }</span> }
                    if let Some(unsubscribed) = group.unsubscribed {
                        { unsubscribed_tag(unsubscribed) }
                        if unsubscribed.still_comes { { by_rule(props, group) } }
                    }
                </span>
            </span>
            <span class="group-count"><strong data-testid="group-mails" data-count={group.mails.to_string()}>{ thousands(group.mails) }</strong>
                <span class="muted small">{ unread_words(group.unread, group.mails) }</span></span>
            <span class="group-size muted">{ size(group.bytes) }</span>
            <time class="group-latest muted" datetime={group.latest.to_string()} title={browser::full(group.latest)}>
                { browser::short(group.latest) }</time>
        </li>
    }
}

/// Where a list writes although it was asked not to: on to the rule that helps.
fn by_rule(props: &GroupsProps, group: &Group) -> Html {
    let rule = rule_of_group(group, &browser::time_zone());
    let rule = rule.and_then(|rule| serde_json::to_string(&rule).ok());
    let to = Route::Rules {
        account: props.account.clone(),
    };
    match rule {
        Some(rule) => html! {
            <Go {to} search={Search { q: Some(rule), state: None }} class="link-button small" testid="group-rule">{ words::senders_rule() }</Go>
        },
        None => Html::default(),
    }
}

/// How much of a group nobody read.
fn unread_words(unread: u64, mails: u64) -> String {
    match unread {
        0 => words::senders_all_read().to_owned(),
        _ if unread == mails => words::senders_none_read().to_owned(),
        _ => words::senders_unread(percent(unread, mails)),
    }
}
