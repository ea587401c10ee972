//! What the history is narrowed to: a state, which is in the address, and of what is loaded an operation, an account,
//! a sender and a time.

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::OperationName;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::state::filters::Filters;
use crate::words;
use bulkhead_words::Says;

/// Days, and what a person calls them.
const TIMES: [(i64, Says); 3] = [
    (7, Says(words::history_last_7_days)),
    (30, Says(words::history_last_30_days)),
    (365, Says(words::history_last_year)),
];

/// The fields: for the operations that these jobs have, and for the accounts, if there are several.
pub(super) fn fields(
    filters: &UseStateHandle<Filters>,
    jobs: &[Job],
    accounts: &[(AccountId, String)],
) -> Html {
    let mut operations: Vec<OperationName> = jobs.iter().map(|job| job.operation.name()).collect();
    operations.sort();
    operations.dedup();
    let operations = operations.iter().map(|name| {
        let about = name.about();
        (
            about.name.to_owned(),
            about.label.to_string(),
            filters.operation == Some(*name),
        )
    });
    let named = accounts.iter().map(|(id, name)| {
        (
            id.to_string(),
            name.clone(),
            filters.account.as_ref() == Some(id),
        )
    });
    let times = TIMES.iter().map(|(days, label)| {
        (
            days.to_string(),
            label.say().to_owned(),
            filters.days == Some(*days),
        )
    });
    let set = |change: fn(&mut Filters, &str)| {
        let filters = filters.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let mut next = (*filters).clone();
                change(&mut next, &select.value());
                filters.set(next);
            }
        })
    };
    let typed = {
        let filters = filters.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                filters.set(Filters {
                    sender: input.value(),
                    ..(*filters).clone()
                });
            }
        })
    };
    html! {
        <>
            { field(words::history_what(), "history-operation", operations.collect(), set(|it, value| {
                it.operation = OperationName::ALL.iter().copied().find(|name| name.as_str() == value);
            })) }
            if accounts.len() > 1 {
                { field(words::history_account(), "history-account", named.collect(), set(|it, value| {
                    it.account = value.parse().ok();
                })) }
            }
            <label class="filter"><span>{ words::history_sender() }</span>
                <input type="text" value={filters.sender.clone()} oninput={typed} placeholder={words::history_all()} data-testid="history-sender" />
            </label>
            { field(words::history_time(), "history-time", times.collect(), set(|it, value| it.days = value.parse().ok())) }
        </>
    }
}

/// A choice among all and these, each with its value, its name and whether it holds.
fn field(
    label: &'static str,
    testid: &'static str,
    options: Vec<(String, String, bool)>,
    onchange: Callback<Event>,
) -> Html {
    let all = !options.iter().any(|(_, _, holds)| *holds);
    html! {
        <label class="filter"><span>{ label }</span>
            <select {onchange} data-testid={testid}>
                <option value="" selected={all}>{ words::history_all() }</option>
                { for options.into_iter().map(|(value, name, holds)| html! { <option {value} selected={holds}>{ name }</option> }) }
            </select>
        </label>
    }
}
