//! The mailbox: search, list, selection, and what is done with it.

mod keyboard;
mod matching;

use bulkhead_shared::api::{Account, Job, NewJob};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::operation::{Operation, OperationKind};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::api;
use crate::browser;
use crate::components::drafting::{Drafting, Wish};
use crate::components::help::Help;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::{Around, JobPanel};
use crate::components::link::{open, open_instead};
use crate::components::mail_list::MailList;
use crate::components::operation_dialogs::AskDialog;
use crate::components::search_box::SearchBox;
use crate::components::toolbar::{Toolbar, Wanted};
use crate::hooks::keys::use_keys;
use crate::hooks::loading::use_loading;
use crate::hooks::mail_pages::use_mail_pages;
use crate::routes::{Route, Search};
use crate::state::picks::{Pick, Picks};
use crate::words::numbers::{mails, thousands};

use keyboard::Keyboard;
use matching::MatchingBanner;

#[derive(Properties, PartialEq)]
pub struct MailboxPageProps {
    /// Whose.
    pub account: Account,
    /// The search.
    pub query: String,
    /// The job in front of it.
    pub job: Option<JobId>,
    /// The mailbox was changed: folders are to be read again.
    pub on_change: Callback<()>,
}

/// The page.
#[component]
pub fn MailboxPage(props: &MailboxPageProps) -> Html {
    let account = &props.account;
    let navigator = use_navigator();
    let pages = use_mail_pages(account.id.clone(), props.query.clone());
    let picks = use_reducer(Picks::default);
    let cursor = use_state(|| None::<usize>);
    let asking_for = use_state(|| None::<OperationKind>);
    let wish = use_state(|| None::<Wish>);
    let help = use_state(|| false);
    let folders = use_loading((account.id.clone(), *asking_for), |(id, kind)| {
        kind.map(|_| api::folders(id))
    });
    {
        // Another search is another list: nothing of the old one stays picked.
        let (picks, cursor) = (picks.dispatcher(), cursor.clone());
        use_effect_with((account.id.clone(), props.query.clone()), move |_| {
            picks.dispatch(Pick::Clear);
            cursor.set(None);
        });
    }
    let total = pages.total;
    let counted = picks.count(total);
    {
        let name = account.name.clone();
        let query = props.query.clone();
        use_effect_with((name, query, props.job.clone()), |(name, query, job)| {
            if job.is_none() {
                browser::set_title(&format!("{query} – {name} – Bulkhead"));
            }
        });
    }

    let go = {
        let (navigator, id, query) = (navigator.clone(), account.id.clone(), props.query.clone());
        Callback::from(move |(job, instead): (Option<JobId>, bool)| {
            let account = id.clone();
            let to = match job {
                Some(job) => Route::MailboxJob { account, job },
                None => Route::Mailbox { account },
            };
            if let Some(navigator) = &navigator {
                let step = if instead { open_instead } else { open };
                step(navigator, &to, &Search::mailbox(&query));
            }
        })
    };
    let search = {
        let (navigator, id) = (navigator.clone(), account.id.clone());
        Callback::from(move |query: String| {
            if let Some(navigator) = &navigator {
                let to = Route::Mailbox {
                    account: id.clone(),
                };
                open(navigator, &to, &Search::mailbox(&query));
            }
        })
    };
    let operate = {
        let (wish, asking_for) = (wish.clone(), asking_for.clone());
        let (picks, id, query) = (picks.clone(), account.id.clone(), props.query.clone());
        Callback::from(move |operation: Operation| {
            asking_for.set(None);
            wish.set(Some(Wish {
                key: browser::random_key(),
                job: NewJob {
                    account: id.clone(),
                    operation,
                    selection: picks.to_selection(&query),
                    options: Default::default(),
                },
            }));
        })
    };
    let want = {
        let (operate, asking_for) = (operate.clone(), asking_for.clone());
        Callback::from(move |wanted: Wanted| match wanted {
            Wanted::Operation(operation) => operate.emit(operation),
            Wanted::Ask(kind) => asking_for.set(Some(kind)),
        })
    };
    let on_draft = {
        let (wish, go) = (wish.clone(), go.clone());
        Callback::from(move |job: Job| {
            wish.set(None);
            go.emit((Some(job.id), false));
        })
    };
    let pick = {
        let picks = picks.dispatcher();
        use_callback((), move |action: Pick, ()| picks.dispatch(action))
    };
    let set_cursor = {
        let cursor = cursor.clone();
        Callback::from(move |index: usize| cursor.set(Some(index)))
    };
    let mailbox_changed = {
        let (reload, picks, on_change) = (
            pages.reload.clone(),
            picks.dispatcher(),
            props.on_change.clone(),
        );
        Callback::from(move |()| {
            picks.dispatch(Pick::Clear);
            reload.emit(());
            on_change.emit(());
        })
    };
    use_keys({
        let keyboard = Keyboard {
            items: pages.items.clone(),
            cursor: *cursor,
            any_picked: !picks.is_empty(),
            abilities: account.abilities.clone(),
            on_cursor: set_cursor.clone(),
            on_pick: pick.clone(),
            on_want: want.clone(),
            on_help: help.clone(),
            on_refresh: pages.reload.clone(),
        };
        move |event| keyboard.press(&event)
    });

    let around = Around {
        in_dialog: true,
        close: go.reform(|()| (None, false)),
        open: go.reform(|(job, instead)| (Some(job), instead)),
        mailbox_changed,
    };
    let closer = |what: UseStateHandle<bool>| Callback::from(move |()| what.set(false));
    let selected = counted.map_or("all that match".to_owned(), mails);
    let several_folders = pages
        .items
        .windows(2)
        .any(|pair| pair[0].folder != pair[1].folder);
    let header = if picks.is_empty() {
        idle_header(total, &pages.reload, &help)
    } else {
        html! {
            <Toolbar picks={picks.clone()} matching={total} abilities={account.abilities.clone()}
                on_want={want} on_clear={pick.reform(|()| Pick::Clear)} />
        }
    };
    let banner = html! {
        <MatchingBanner picks={picks.clone()} listed={pages.items.clone()} {total} has_more={pages.has_more}
            on_pick={pick.clone()} />
    };
    html! {
        <div class="mailbox">
            <header class="topbar">
                <SearchBox query={props.query.clone()} cannot={account.abilities.cannot_search.clone()} on_search={search} />
            </header>
            <MailList {pages} picks={picks.clone()} on_pick={pick} cursor={*cursor} on_cursor={set_cursor}
                show_folder={several_folders} {header} {banner} />
            if let Some(kind) = *asking_for {
                <AskDialog {kind} {selected} folders={folders.remote} labels={account.abilities.labels}
                    on_operation={operate} on_close={let asking_for = asking_for.clone(); move |()| asking_for.set(None)} />
            }
            if let Some(wanted) = &*wish {
                <Drafting wish={wanted.clone()} {on_draft} on_close={let wish = wish.clone(); move |()| wish.set(None)} />
            }
            if let Some(job) = &props.job { <JobPanel key={job.to_string()} job={job.clone()} {around} /> }
            if *help { <Help on_close={closer(help.clone())} /> }
        </div>
    }
}

fn idle_header(total: Option<u64>, reload: &Callback<()>, help: &UseStateHandle<bool>) -> Html {
    let refresh = reload.reform(|_: MouseEvent| ());
    let show_help = {
        let help = help.clone();
        Callback::from(move |_: MouseEvent| help.set(true))
    };
    html! {
        <div class="toolbar idle">
            <span class="match-count" data-testid="match-count" data-count={total.map(|total| total.to_string())}>
                { total.map(mails).unwrap_or_default() }
            </span>
            <span class="spring" />
            <button type="button" class="icon-button" onclick={refresh} aria-label="Refresh" title="Refresh (r)"
                data-testid="refresh"><Icon glyph={Glyph::Refresh} /></button>
            <button type="button" class="icon-button" onclick={show_help} aria-label="Keyboard shortcuts"
                title="Keyboard shortcuts (?)" data-testid="help"><Icon glyph={Glyph::Help} /></button>
        </div>
    }
}

/// “All 12,403 mails”, or without the number where it is not known.
fn all_that_match(total: Option<u64>) -> String {
    match total {
        Some(total) => format!("all {} mails", thousands(total)),
        None => "all mails".to_owned(),
    }
}
