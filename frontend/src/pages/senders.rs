//! Who fills this mailbox: everybody with counts, by sender, list, domain, year or size; and from there to a
//! preview of taking all of some of them away.

mod groups;

use bulkhead_shared::api::{Account, GroupBy, GroupOrder, Job, NewJob, Scan, ScanState, Senders};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::mail::size;
use bulkhead_shared::operations::{Archive, MarkRead, Operation, Trash, Unsubscribe};
use bulkhead_shared::selection::Selection;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::drafting::{Wish, drafting};
use crate::components::icon::{Glyph, Icon};
use crate::components::job::frame::JobDialog;
use crate::components::later::{Drawn, later};
use crate::components::link::open;
use crate::components::problem_note::ProblemNote;
use crate::components::sender_views::{LEARNED, SHEET, SUGGESTIONS, SenderView, fetched};
use crate::components::sheet::Sheet;
use crate::copy::numbers::items;
use crate::hooks::loading::use_loading;
use crate::hooks::watching::use_watching;
use crate::pages::advice::{AdvicePage, LearnedPage, Strip};
use crate::remote::Remote;
use crate::router::{use_navigator, use_place};
use crate::routes::{Route, Search};
use crate::state::picked_groups::picked;
use crate::words;
use bulkhead_words::Says;
use groups::Groups;

/// What mails are put together by, and what that is called.
const BY: [(GroupBy, &str, Says); 5] = [
    (GroupBy::Sender, "sender", Says(words::senders_by_sender)),
    (GroupBy::List, "list", Says(words::senders_by_list)),
    (GroupBy::Domain, "domain", Says(words::senders_by_domain)),
    (GroupBy::Year, "year", Says(words::senders_by_year)),
    (GroupBy::Size, "size", Says(words::senders_by_size)),
];
const ORDERS: [(GroupOrder, &str, Says); 6] = [
    (GroupOrder::Mails, "mails", Says(words::senders_order_mails)),
    (
        GroupOrder::Unread,
        "unread",
        Says(words::senders_order_unread),
    ),
    (
        GroupOrder::UnreadShare,
        "unread_share",
        Says(words::senders_order_share),
    ),
    (GroupOrder::Bytes, "bytes", Says(words::senders_order_bytes)),
    (
        GroupOrder::Latest,
        "latest",
        Says(words::senders_order_latest),
    ),
    (GroupOrder::Name, "name", Says(words::senders_order_name)),
];

/// The page, once its part is here.
#[wasm_split(senders, fallible, preload(fetch))]
pub fn senders(account: Account) -> Drawn {
    Ok(html! { <SendersPage {account} /> })
}

#[derive(Properties, PartialEq)]
struct SendersPageProps {
    account: Account,
}

/// One of its views.
#[component]
fn SendersPage(props: &SendersPageProps) -> Html {
    let view = use_place().and_then(|place| place.search.state);
    let account = props.account.clone();
    let view = match view.as_deref() {
        Some(SUGGESTIONS) => html! { <AdvicePage {account} /> },
        Some(LEARNED) => html! { <LearnedPage {account} /> },
        _ => html! { <Everybody {account} /> },
    };
    html! { <Sheet href={SHEET}>{ view }</Sheet> }
}

#[component]
fn Everybody(props: &SendersPageProps) -> Html {
    let id = &props.account.id;
    let by = use_state(|| 0_usize);
    let order = use_state(|| 0_usize);
    let keys = use_state(Vec::<String>::new);
    let wish = use_state(|| None::<Wish>);
    let navigator = use_navigator();
    let title = format!(
        "{} – {} – Bulkhead",
        words::senders_by_sender(),
        props.account.name
    );
    use_effect_with(title, |title| browser::set_title(title));
    let asked = use_loading(id.clone(), |account| Some(api::read_headers(account)));
    let (by_name, order_name) = (named(&BY, *by), named(&ORDERS, *order));
    let found = use_loading((id.clone(), by_name, order_name), |(account, by, order)| {
        Some(api::senders(account, by, order))
    });
    {
        // As long as headers are read, there is more to see.
        let reload = found.reload.clone();
        let begun = asked.remote.ready().is_some();
        let running = match found.remote.ready().map(|found| &found.scan) {
            Some(Some(scan)) => scan.state == ScanState::Running,
            Some(None) => begun,
            None => false,
        };
        // What was begun just now may not have been told yet.
        use_effect_with(begun, {
            let reload = reload.clone();
            move |begun| {
                if *begun {
                    reload.emit(());
                }
            }
        });
        use_watching(running, reload);
    }
    {
        let keys = keys.clone();
        use_effect_with((id.clone(), *by), move |_| keys.set(Vec::new()));
    }
    let groups = found
        .remote
        .ready()
        .map(|found| found.groups.clone())
        .unwrap_or_default();
    let chosen = picked(&groups, &keys);
    let show = {
        let (navigator, account) = (navigator.clone(), id.clone());
        Callback::from(move |query: String| {
            if let Some(navigator) = &navigator {
                let to = Route::Mailbox {
                    account: account.clone(),
                };
                open(navigator, &to, &Search::mailbox(&query));
            }
        })
    };
    let act = {
        let (wish, account, query) = (wish.clone(), id.clone(), chosen.query.clone());
        Callback::from(move |operation: Operation| {
            if let Some(query) = &query {
                wish.set(Some(wanted(&account, operation, query)));
            }
        })
    };
    let drafted = {
        let (account, wish) = (id.clone(), wish.clone());
        let query = chosen.query.clone().unwrap_or_default();
        Callback::from(move |job: Job| {
            wish.set(None);
            if let Some(navigator) = &navigator {
                let (account, job) = (account.clone(), job.id);
                let to = Route::MailboxJob { account, job };
                open(navigator, &to, &Search::mailbox(&query));
            }
        })
    };
    let on_pick = {
        let keys = keys.clone();
        Callback::from(move |next: Vec<String>| keys.set(next))
    };
    let close = {
        let wish = wish.clone();
        Callback::from(move |()| wish.set(None))
    };
    let up_to_date = html! {
        <button type="button" class="icon-button" onclick={asked.reload.reform(|_: MouseEvent| ())}
            aria-label={words::senders_update()} title={words::senders_update()} data-testid="refresh"><Icon glyph={Glyph::Refresh} /></button>
    };
    let draw = |senders: &Senders| {
        html! {
            <>
                { progress(senders.scan.as_ref()) }
                <div class="senders-head">
                    { choice(&by) }
                    { order_choice(&order) }
                </div>
                if is_begun(senders) {
                } else if keys.is_empty() {
                    <p class="senders-sum muted">{ summary(senders, by_name) }</p>
                } else {
                    <div class="senders-sum" role="toolbar" aria-label={words::senders_picked()} data-testid="picked-senders">
                        <strong data-testid="picked-mails" data-count={chosen.mails.to_string()}>
                            { format!("{} · {}", items(chosen.mails, Kind::Mail), size(chosen.bytes)) }
                        </strong>
                        <span class="spring" />
                        { buttons(&chosen.query, &act, &show) }
                    </div>
                    if chosen.query.is_none() {
                        <p class="note note-warn" role="status">{ words::senders_too_many() }</p>
                    }
                }
                if !is_begun(senders) {
                    <Groups account={id.clone()} groups={groups.clone()} picked={(*keys).clone()} {on_pick} on_show={show.clone()} />
                }
            </>
        }
    };
    html! {
        <SenderView account={id.clone()} view={None::<&'static str>} title={words::senders_who()} button={up_to_date}>
            <Strip account={id.clone()} />
            if let Remote::Failed(error) = &asked.remote {
                <ProblemNote error={error.clone()} retry={asked.reload.clone()} />
            }
            { fetched(&found, 6, draw) }
            if let Some(wanted) = (*wish).clone() {
                <JobDialog on_close={close}>
                    { later("drafting", move || drafting(wanted.clone(), drafted.clone())) }
                </JobDialog>
            }
        </SenderView>
    }
}

/// Whether headers are read for the first time: there is nothing to show yet.
fn is_begun(senders: &Senders) -> bool {
    let running = |scan: &Scan| scan.state == ScanState::Running;
    senders.groups.is_empty() && senders.scan.as_ref().is_none_or(running)
}

fn named<T>(of: &[(T, &'static str, Says)], place: usize) -> &'static str {
    of.get(place).map_or("", |(_, name, _)| name)
}

fn wanted(account: &AccountId, operation: Operation, query: &str) -> Wish {
    let selection = Selection::Query {
        query: query.to_owned(),
        except: Vec::new(),
    };
    Wish::sent(NewJob::with_care(account.clone(), operation, selection))
}

/// How far the reading of headers is, as long as that goes on; why it ended, if it failed.
fn progress(scan: Option<&Scan>) -> Html {
    let Some(scan) = scan else {
        return html! { <p class="muted" role="status">{ words::senders_about_to_read() }</p> };
    };
    match scan.state {
        ScanState::Done => Html::default(),
        ScanState::Failed => html! {
            <div class="note note-warn" role="alert"><div class="note-text">
                <strong>{ words::senders_not_all() }</strong>
                <p>{ scan.problem.clone().unwrap_or_default() }</p>
            </div></div>
        },
        ScanState::Running => {
            let text = match scan.total {
                Some(total) => words::senders_reading_of(scan.scanned, total),
                None => words::senders_reading(scan.scanned),
            };
            let max = scan.total.unwrap_or(0).max(1).to_string();
            html! {
                <div class="scanning" role="status" data-testid="scanning">
                    <progress value={scan.scanned.to_string()} {max} aria-label={words::senders_read()} />
                    <span class="muted">{ text }</span>
                </div>
            }
        }
    }
}

fn summary(senders: &Senders, by: &str) -> String {
    let (mails, size) = (items(senders.mails, Kind::Mail), size(senders.bytes));
    let groups = words::senders_groups(by, senders.total);
    match senders.groups.len() as u64 {
        shown if shown < senders.total => words::senders_sum_first(&mails, &size, &groups, shown),
        _ => words::senders_sum(&mails, &size, &groups),
    }
}

/// What is put together by what.
fn choice(by: &UseStateHandle<usize>) -> Html {
    let one = |(place, (_, name, label)): (usize, &(GroupBy, &'static str, Says))| {
        let onchange = {
            let by = by.clone();
            Callback::from(move |_: Event| by.set(place))
        };
        html! {
            <label><input type="radio" name="senders-by" checked={**by == place} {onchange} data-testid={format!("by-{name}")} />
                <span>{ label.say() }</span></label>
        }
    };
    html! {
        <div class="segmented" role="radiogroup" aria-label={words::senders_by()}>{ for BY.iter().enumerate().map(one) }</div>
    }
}

fn order_choice(order: &UseStateHandle<usize>) -> Html {
    let onchange = {
        let order = order.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let place = ORDERS
                    .iter()
                    .position(|(_, name, _)| *name == select.value());
                order.set(place.unwrap_or(0));
            }
        })
    };
    let option = |(place, (_, name, label)): (usize, &(GroupOrder, &'static str, Says))| {
        html! { <option value={*name} selected={**order == place}>{ label.say() }</option> }
    };
    html! {
        <label class="filter"><span>{ words::senders_order() }</span>
            <select {onchange} data-testid="senders-order">{ for ORDERS.iter().enumerate().map(option) }</select>
        </label>
    }
}

/// What can be done with all of what is picked: each leads to a preview first.
fn buttons(query: &Option<String>, act: &Callback<Operation>, show: &Callback<String>) -> Html {
    let disabled = query.is_none();
    let one = |label: &'static str,
               class: &'static str,
               testid: &'static str,
               operation: Operation| {
        let onclick = act.reform(move |_: MouseEvent| operation.clone());
        html! { <button type="button" class={classes!("button", "small", class)} {onclick} {disabled} data-testid={testid}>{ label }</button> }
    };
    let onclick = {
        let query = query.clone().unwrap_or_default();
        show.reform(move |_: MouseEvent| query.clone())
    };
    html! {
        <>
            <button type="button" class="button small" {onclick} {disabled} data-testid="show-mails">{ words::show() }</button>
            { one(words::senders_mark_read(), "", "senders-mark_read", MarkRead {}.into()) }
            { one(words::senders_unsubscribe(), "", "senders-unsubscribe", Unsubscribe {}.into()) }
            { one(words::senders_archive(), "primary", "senders-archive", Archive {}.into()) }
            { one(words::senders_trash(), "quiet-danger", "senders-trash", Trash {}.into()) }
        </>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_names_its_groups_as_what_they_are_put_together_by() {
        for (_, name, label) in BY {
            let groups = format!("1,204 {}", label.say().to_lowercase());
            assert_eq!(words::senders_groups(name, 1_204), groups);
        }
        assert_eq!(words::senders_groups("list", 1), "1 list");
    }
}
