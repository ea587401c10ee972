//! The mailbox: search, list, selection, and what is done with it.

mod classes;
mod commands;
pub mod draft_flow;
mod import_flow;
pub mod keyboard;
pub mod matching;
pub mod meant;
mod places;

use std::rc::Rc;

use bulkhead_shared::api::{Account, Item, NewJob};
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Classify, Operation, Unsubscribe};
use bulkhead_shared::selection::Selection;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::browser::{self, MAIN};
use crate::components::help::help_sheet;
use crate::components::icon::{Glyph, Icon};
use crate::components::item_list::{ItemList, LIST};
use crate::components::item_row::RowAt;
use crate::components::job::Around;
use crate::components::later::later;
use crate::components::mail_row::MailRow;
use crate::components::palette::use_page_commands;
use crate::components::reader::{ReaderProps, reader};
use crate::components::search_box::{Beginning, SearchBox};
use crate::components::toolbar::Toolbar;
use crate::components::unsearched_note::UnsearchedNote;
use crate::copy::numbers::items;
use crate::hooks::cursor::use_cursor;
use crate::hooks::keys::use_keys;
use crate::hooks::picking::{Tick, use_picking};
use crate::hooks::reading::use_reading;
use crate::hooks::rows::{FIRST, Fetch, Page, UseRows, use_rows};
use crate::session::Session;
use crate::state::chips::{CHIPS, Chip};
use crate::state::class_words::not_looked_at;
use crate::state::rows::Rows;
use crate::words;

use classes::{LookAtThem, beyond_looking, class_chips};
use draft_flow::{ListOf, use_draft_flow};
use import_flow::use_import_flow;
use keyboard::{Keyboard, Opening};
use matching::MatchingBanner;
use meant::for_what_is_meant;
use places::{Places, use_places};

#[derive(Properties, PartialEq)]
pub struct MailboxPageProps {
    pub account: Account,
    /// The search.
    pub query: String,
    /// The job in front of it.
    pub job: Option<JobId>,
    /// Grows whenever a job that changed this account has ended.
    pub changes: u32,
}

/// The page.
#[component]
pub fn MailboxPage(props: &MailboxPageProps) -> Html {
    let account = &props.account;
    let list = (account.id.clone(), props.query.clone());
    let mails = use_rows(list.clone(), fetch(&account.id, &props.query));
    let picking = use_picking(list.clone(), &mails);
    let (picks, tick) = (picking.picks, picking.tick);
    let cursor = use_cursor(list.clone(), &mails.rows);
    let mails = cursor.going_on(mails);
    let help = use_state(|| false);
    let places = use_places(&account.id, &props.query);
    let total = mails.rows.total();
    let of = ListOf {
        account: account.clone(),
        kind: Kind::Mail,
        query: props.query.clone(),
    };
    let draft_flow = use_draft_flow(
        &of,
        props.job.clone(),
        picks.clone(),
        &mails,
        around(&places, &tick),
    );
    use_reloading(props.changes, &mails.reload);
    use_effect_with(account.id.clone(), |account| {
        let opened = api::mailbox_opened(account.clone());
        spawn_local(async move {
            api::after_the_list().await;
            // Whether it is heard or not: the rules look by themselves as well.
            _ = opened.await;
        });
    });
    let title = format!("{} – {} – Bulkhead", props.query, account.name);
    use_effect_with((title, props.job.clone()), |(title, _)| {
        browser::set_title(title)
    });
    let reading = use_reading(list, cursor.place, &mails.rows);
    let open = use_callback(
        (cursor.go.clone(), reading.open.clone()),
        |place: usize, (go, open)| {
            go.emit(place);
            open.emit(());
        },
    );
    let meant = for_what_is_meant(&picks, cursor.place, &tick, &draft_flow.want);
    use_keys({
        let keyboard = Keyboard {
            kind: Kind::Mail,
            list: LIST,
            total,
            cursor: cursor.place,
            abilities: account.abilities(Kind::Mail).cloned(),
            on_cursor: cursor.go.clone(),
            opening: Some(Opening {
                open: open.clone(),
                close: reading.mail.as_ref().map(|_| reading.close.clone()),
            }),
            on_tick: tick.clone(),
            on_want: meant.clone(),
            on_help: help.clone(),
            on_refresh: mails.reload.clone(),
        };
        move |event| keyboard.press(&event)
    });
    let enter = {
        let (account, enter) = (account.id.clone(), cursor.enter.clone());
        Callback::from(move |query: String| {
            browser::focus(MAIN);
            enter.emit((account.clone(), query));
        })
    };
    let begin = use_callback(account.id.clone(), |query: String, account| {
        Box::pin(api::begin_items(account.clone(), query, FIRST)) as Beginning
    });
    let import_flow = use_import_flow(account);
    use_page_commands(commands::here(
        account,
        &props.query,
        &picks,
        meant.as_ref(),
        &tick,
        &mails.reload,
        &places.search,
    ));
    let header = if picks.is_empty() {
        idle_header(&mails, &help, import_flow.ask.as_ref())
    } else {
        html! {
            <Toolbar picks={picks.clone()} {total} kind={Kind::Mail} on_want={draft_flow.want}
                abilities={account.abilities(Kind::Mail).cloned()} on_tick={tick.clone()} />
        }
    };
    let look = {
        let (account, query) = (account.id.clone(), not_looked_at(&props.query));
        draft_flow.draft.reform(move |()| {
            let except = Vec::new();
            let query = query.clone();
            let selection = Selection::Query { query, except };
            NewJob::with_care(account.clone(), Classify {}.into(), selection)
        })
    };
    let banner = html! {
        <>
            <LookAtThem unsearched={(*mails.unsearched).clone()} on_look={look} />
            <UnsearchedNote unsearched={beyond_looking(&mails.unsearched)}
                meaning={words::mailbox_unsearched()} />
            <MatchingBanner picks={picks.clone()} total={total as u64} kind={Kind::Mail} />
        </>
    };
    let show_folder = *use_memo(mails.rows.clone(), |rows| shows_several_folders(rows));
    let row = use_callback(show_folder, |at: RowAt<Item>, &show_folder| {
        let place = at.place;
        html! { <MailRow key={place} {at} {show_folder} /> }
    });
    let reader = reading.mail.clone().map(|mail| {
        let step = |by: isize| {
            let place = cursor.place.map(|place| place.saturating_add_signed(by));
            let place = place.filter(|place| *place < total && Some(*place) != cursor.place)?;
            Some(cursor.go.reform(move |()| place))
        };
        let leave = {
            let (account, id) = (account.id.clone(), mail.id.clone());
            draft_flow.draft.reform(move |()| {
                let ids = vec![id.clone()];
                let selection = Selection::Ids { ids };
                NewJob::with_care(account.clone(), Unsubscribe {}.into(), selection)
            })
        };
        let props = ReaderProps {
            account: account.id.clone(),
            mail,
            on_unsubscribe: leave,
            previous: step(-1),
            next: step(1),
            on_close: reading.close.clone(),
        };
        later("reader", move || reader(props.clone()))
    });
    html! {
        <div class="mailbox" ondragover={import_flow.ondragover} ondrop={import_flow.ondrop}>
            <h1 class="unseen">{ &account.name }</h1>
            <header class="topbar">
                <SearchBox query={props.query.clone()} took={mails.took} cannot={cannot_search(account)}
                    {begin} on_search={places.search.clone()} on_enter={enter} />
                { chips(&props.query, &mails.rows, &places.search) }
            </header>
            <div class={classes!("desk", reader.is_some().then_some("reading"))}>
            <ItemList<Item> key={format!("{} {}", account.id, props.query)} kind={Kind::Mail} first={mails.first}
                rows={mails.rows} {row} failed={mails.failed} on_show={mails.show} reload={mails.reload} {picks}
                on_tick={tick} cursor={cursor.place} steps={cursor.steps} on_cursor={cursor.go} on_open={Some(open)}
                {header} {banner} />
            { for reader }
            </div>
            { draft_flow.dialogs }
            { import_flow.dialog }
            if *help { { help_sheet(Kind::Mail, help) } }
        </div>
    }
}

/// Milliseconds after which what a job told of mails is kept with them, for a large one too.
const KEPT_AFTER: u32 = 2_000;

/// Reads the list anew when a job of its account has ended; once more a little later, if it told what mails are about.
#[hook]
fn use_reloading(changes: u32, reload: &Callback<()>) {
    let session = use_context::<Session>();
    let ended = session.and_then(|session| session.known.ended.clone());
    let reload = reload.clone();
    use_effect_with(changes, move |changes| {
        if *changes == 0 {
            return;
        }
        reload.emit(());
        let told = ended.is_some_and(|ended| {
            let operation = ended.job.operation;
            matches!(operation, Operation::Classify(_) | Operation::Process(_))
        });
        if told {
            spawn_local(async move {
                browser::sleep(KEPT_AFTER).await;
                reload.emit(());
            });
        }
    });
}

/// Narrows the search by one press.
fn chips(query: &str, rows: &Rows<Item>, search: &Callback<(String, bool)>) -> Html {
    let one = |chip: &Chip| {
        let (chip, query) = (*chip, query.to_owned());
        let pressed = chip.is_in(&query);
        let onclick = search.reform(move |_: MouseEvent| (chip.pressed(&query), false));
        html! {
            <button key={chip.term} type="button" class="search-chip" {onclick} aria-pressed={pressed.to_string()}
                title={chip.term} data-testid={format!("chip-{}", chip.term)}>{ chip.label.say() }</button>
        }
    };
    html! {
        <div class="search-chips" role="group" aria-label={words::mailbox_narrow()}>
            { for CHIPS.iter().map(one) }
            { class_chips(query, rows, search) }
        </div>
    }
}

fn shows_several_folders(rows: &Rows<Item>) -> bool {
    let mut folders = rows.known().map(|(_, item)| &item.folder);
    let first = folders.next();
    folders.any(|folder| Some(folder) != first)
}

/// How mails of a search are fetched.
fn fetch(account: &AccountId, query: &str) -> Fetch<Item> {
    let (account, query) = (account.clone(), query.to_owned());
    Rc::new(move |places| {
        let (account, query, end) = (account.clone(), query.clone(), places.end as u64);
        Box::pin(async move {
            let found = api::items(account, query, places).await?;
            let more = u64::from(found.next_cursor.is_some());
            Ok(Page {
                rows: found.items,
                // Where the provider cannot tell, there is at least one more than was told.
                total: found.total.unwrap_or(end + more),
                unsearched: found.unsearched,
            })
        })
    })
}

/// What a job in front of the mailbox may ask of it.
fn around(places: &Places, tick: &Callback<Tick>) -> Around {
    Around {
        in_dialog: true,
        close: places.show.reform(|()| (None, false)),
        open: places.show.reform(|(job, instead)| (Some(job), instead)),
        confirmed: tick.reform(|()| Tick::Nothing),
    }
}

fn idle_header(
    list: &UseRows<Item>,
    help: &UseStateHandle<bool>,
    import: Option<&Callback<()>>,
) -> Html {
    let import = import.map(|ask| ask.reform(|_: MouseEvent| ()));
    let refresh = list.reload.reform(|_: MouseEvent| ());
    let total = list.first.ready().map(|()| list.rows.total() as u64);
    let show_help = {
        let help = help.clone();
        Callback::from(move |_: MouseEvent| help.set(true))
    };
    html! {
        <div class="toolbar idle">
            <span class="match-count" data-testid="match-count" data-count={total.map(|total| total.to_string())}>
                { total.map(|total| items(total, Kind::Mail)).unwrap_or_default() }
            </span>
            <span class="spring" />
            if let Some(onclick) = import {
                <button type="button" class="icon-button" {onclick} aria-label={words::mailbox_import()}
                    title={words::mailbox_import_or_drop()} data-testid="import"><Icon glyph={Glyph::Plus} /></button>
            }
            <button type="button" class="icon-button" onclick={refresh} aria-label={words::refresh()} title={words::refresh_key()}
                data-testid="refresh"><Icon glyph={Glyph::Refresh} /></button>
            <button type="button" class="icon-button" onclick={show_help} aria-label={words::mailbox_shortcuts()}
                title={words::mailbox_shortcuts_key()} data-testid="help"><Icon glyph={Glyph::Help} /></button>
        </div>
    }
}

/// Parts of the search language that this account cannot answer.
fn cannot_search(account: &Account) -> Vec<String> {
    let abilities = account.abilities(Kind::Mail);
    abilities.map_or_else(Vec::new, |abilities| abilities.cannot_search.clone())
}
