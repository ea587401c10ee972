//! The contacts of an account: search, list, selection, and what is done with it.

mod add;

use std::rc::Rc;

use bulkhead_shared::api::Account;
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::kinds::{Card, Kind};
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::contact_row::ContactRow;
use crate::components::help::help_sheet;
use crate::components::icon::{Glyph, Icon};
use crate::components::item_list::{ItemList, LIST};
use crate::components::item_row::RowAt;
use crate::components::job::Around;
use crate::components::later::Drawn;
use crate::components::link::{open, open_instead};
use crate::components::search_box::{Beginning, SearchBox};
use crate::components::toolbar::Toolbar;
use crate::copy::numbers::items;
use crate::hooks::cursor::use_cursor;
use crate::hooks::keys::use_keys;
use crate::hooks::picking::{Tick, use_picking};
use crate::hooks::rows::{FIRST, Fetch, Page, use_rows};
use crate::pages::mailbox::draft_flow::{ListOf, use_draft_flow};
use crate::pages::mailbox::keyboard::Keyboard;
use crate::pages::mailbox::matching::MatchingBanner;
use crate::pages::mailbox::meant::for_what_is_meant;
use crate::router::use_navigator;
use crate::routes::{Route, Search};
use crate::words;

use add::AddDialog;

/// The page, once its part is here.
#[wasm_split(contacts, fallible, preload(fetch_part))]
pub fn contacts(page: ContactsPageProps) -> Drawn {
    Ok(html! { <ContactsPage ..page /> })
}

#[derive(Properties, PartialEq, Clone)]
pub struct ContactsPageProps {
    pub account: Account,
    /// The search.
    pub query: String,
    /// The job in front of them.
    pub job: Option<JobId>,
    /// Grows whenever a job that changed this account has ended.
    pub changes: u32,
}

/// The page.
#[component]
pub fn ContactsPage(props: &ContactsPageProps) -> Html {
    let account = &props.account;
    let list = (account.id.clone(), props.query.clone());
    let contacts = use_rows(list.clone(), fetch(&account.id, &props.query));
    let picking = use_picking(list.clone(), &contacts);
    let (picks, tick) = (picking.picks, picking.tick);
    let begin = use_callback(account.id.clone(), |query: String, account| {
        Box::pin(api::begin_contacts(account.clone(), query, FIRST)) as Beginning
    });
    let cursor = use_cursor(list, &contacts.rows);
    let contacts = cursor.going_on(contacts);
    let help = use_state(|| false);
    let adding = use_state(|| false);
    let ways = use_ways(&account.id, &props.query);
    let total = contacts.rows.total();
    let around = Around {
        in_dialog: true,
        close: ways.show.reform(|()| (None, false)),
        open: ways.show.reform(|(job, instead)| (Some(job), instead)),
        confirmed: tick.reform(|()| Tick::Nothing),
    };
    let of = ListOf {
        account: account.clone(),
        kind: Kind::Contact,
        query: props.query.clone(),
    };
    let draft_flow = use_draft_flow(&of, props.job.clone(), picks.clone(), &contacts, around);
    {
        let reload = contacts.reload.clone();
        use_effect_with(props.changes, move |changes| {
            if *changes > 0 {
                reload.emit(());
            }
        });
    }
    let title = format!("{} – {} – Bulkhead", words::contacts_title(), account.name);
    use_effect_with((title, props.job.clone()), |(title, _)| {
        browser::set_title(title)
    });
    let abilities = account.abilities(Kind::Contact).cloned();
    use_keys({
        let keyboard = Keyboard {
            kind: Kind::Contact,
            list: LIST,
            total,
            cursor: cursor.place,
            abilities: abilities.clone(),
            on_cursor: cursor.go.clone(),
            opening: None,
            on_tick: tick.clone(),
            on_want: for_what_is_meant(&picks, cursor.place, &tick, &draft_flow.want),
            on_help: help.clone(),
            on_refresh: contacts.reload.clone(),
        };
        move |event| keyboard.press(&event)
    });
    let known = contacts.first.ready().map(|()| total as u64);
    let add = {
        let adding = adding.clone();
        Callback::from(move |_: MouseEvent| adding.set(true))
    };
    let header = if picks.is_empty() {
        idle_header(known, contacts.reload.reform(|_: MouseEvent| ()), add)
    } else {
        html! {
            <Toolbar picks={picks.clone()} {total} kind={Kind::Contact} on_want={draft_flow.want}
                {abilities} on_tick={tick.clone()} />
        }
    };
    let row = use_callback((), |at: RowAt<Card>, ()| {
        let place = at.place;
        html! { <ContactRow key={place} {at} /> }
    });
    let banner = html! { <MatchingBanner picks={picks.clone()} total={total as u64} kind={Kind::Contact} /> };
    let close = Callback::from({
        let adding = adding.clone();
        move |()| adding.set(false)
    });
    let on_job = {
        let (adding, draft) = (adding.clone(), draft_flow.draft);
        Callback::from(move |job| {
            adding.set(false);
            draft.emit(job);
        })
    };
    html! {
        <div class="mailbox">
            <h1 class="unseen">{ words::contacts_of(&account.name) }</h1>
            <header class="topbar">
                <SearchBox query={props.query.clone()} took={contacts.took} kind={Kind::Contact} {begin}
                    on_search={ways.search} />
            </header>
            <ItemList<Card> key={format!("{} {}", account.id, props.query)} kind={Kind::Contact} first={contacts.first}
                rows={contacts.rows} {row} failed={contacts.failed} on_show={contacts.show} reload={contacts.reload}
                {picks} on_tick={tick} cursor={cursor.place} steps={cursor.steps} on_cursor={cursor.go} {header} {banner} />
            { draft_flow.dialogs }
            if *help { { help_sheet(Kind::Contact, help) } }
            if *adding { <AddDialog account={account.id.clone()} on_close={close} {on_job} /> }
        </div>
    }
}

fn idle_header(
    total: Option<u64>,
    refresh: Callback<MouseEvent>,
    add: Callback<MouseEvent>,
) -> Html {
    html! {
        <div class="toolbar idle">
            <span class="match-count" data-testid="match-count" data-count={total.map(|total| total.to_string())}>
                { total.map(|total| items(total, Kind::Contact)).unwrap_or_default() }
            </span>
            <span class="spring" />
            <button type="button" class="button small" onclick={add} data-testid="add-contacts">
                { words::contacts_add() }</button>
            <button type="button" class="icon-button" onclick={refresh} aria-label={words::refresh()} title={words::refresh_key()}
                data-testid="refresh"><Icon glyph={Glyph::Refresh} /></button>
        </div>
    }
}

/// How contacts of a search are fetched.
fn fetch(account: &AccountId, query: &str) -> Fetch<Card> {
    let (account, query) = (account.clone(), query.to_owned());
    Rc::new(move |places| {
        let (account, query) = (account.clone(), query.clone());
        Box::pin(async move {
            let found = api::contacts(account, query, places).await?;
            Ok(Page {
                rows: found.contacts,
                total: found.total,
                unsearched: Vec::new(),
            })
        })
    })
}

/// The ways out of the page.
struct Ways {
    /// Shows this job in front of the contacts, or none; the flag says that Back skips this address.
    show: Callback<(Option<JobId>, bool)>,
    /// Shows another search; the flag says that Back skips the one that was shown.
    search: Callback<(String, bool)>,
}

#[hook]
fn use_ways(account: &AccountId, query: &str) -> Ways {
    let navigator = use_navigator();
    let go = {
        let account = account.clone();
        move |job: Option<JobId>, instead: bool, search: &Search| {
            let account = account.clone();
            let to = match job {
                Some(job) => Route::ContactsJob { account, job },
                None => Route::Contacts { account },
            };
            if let Some(navigator) = &navigator {
                let step = if instead { open_instead } else { open };
                step(navigator, &to, search);
            }
        }
    };
    let show = {
        let (go, search) = (go.clone(), Search::contacts(query));
        Callback::from(move |(job, instead): (Option<JobId>, bool)| go(job, instead, &search))
    };
    let search = Callback::from(move |(query, instead): (String, bool)| {
        go(None, instead, &Search::contacts(&query));
    });
    Ways { show, search }
}
