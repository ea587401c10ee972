//! The mailbox: search, list, selection, and what is done with it.

mod draft_flow;
mod keyboard;
mod matching;
mod places;

use bulkhead_shared::api::Account;
use bulkhead_shared::ids::JobId;
use bulkhead_shared::kinds::Kind;
use yew::prelude::*;

use crate::browser;
use crate::components::help::Help;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::{Around, JobPanel};
use crate::components::mail_list::MailList;
use crate::components::search_box::SearchBox;
use crate::components::toolbar::Toolbar;
use crate::components::unsearched_note::UnsearchedNote;
use crate::copy::numbers::{mails, thousands};
use crate::hooks::keys::use_keys;
use crate::hooks::mail_pages::{Pages, use_mail_pages};
use crate::state::picks::{Pick, Picks};

use draft_flow::use_draft_flow;
use keyboard::Keyboard;
use matching::MatchingBanner;
use places::{Places, use_places};

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
    let pages = use_mail_pages(account.id.clone(), props.query.clone());
    let picks = use_reducer(Picks::default);
    let cursor = use_state(|| None::<usize>);
    let help = use_state(|| false);
    let places = use_places(&account.id, &props.query);
    let total = pages.total;
    let on_draft = places.show.reform(|job| (Some(job), false));
    let draft_flow = use_draft_flow(account, &props.query, picks.clone(), total, on_draft);
    {
        // Another search is another list: nothing of the old one stays picked.
        let (picks, cursor) = (picks.dispatcher(), cursor.clone());
        use_effect_with((account.id.clone(), props.query.clone()), move |_| {
            picks.dispatch(Pick::Clear);
            cursor.set(None);
        });
    }
    let title = format!("{} – {} – Bulkhead", props.query, account.name);
    use_effect_with((title, props.job.clone()), |(title, _)| {
        browser::set_title(title)
    });
    let pick = {
        let picks = picks.dispatcher();
        use_callback((), move |action: Pick, ()| picks.dispatch(action))
    };
    let set_cursor = {
        let cursor = cursor.clone();
        Callback::from(move |index: usize| cursor.set(Some(index)))
    };
    use_keys({
        let keyboard = Keyboard {
            items: pages.items.clone(),
            cursor: *cursor,
            any_picked: !picks.is_empty(),
            abilities: account.abilities(Kind::Mail).cloned(),
            on_cursor: set_cursor.clone(),
            on_pick: pick.clone(),
            on_want: draft_flow.want.clone(),
            on_help: help.clone(),
            on_refresh: pages.reload.clone(),
        };
        move |event| keyboard.press(&event)
    });
    let around = around(&places, &pages, &pick, &props.on_change);
    let header = if picks.is_empty() {
        idle_header(total, &pages.reload, &help)
    } else {
        html! {
            <Toolbar picks={picks.clone()} listed={pages.items.clone()} matching={total}
                abilities={account.abilities(Kind::Mail).cloned()} on_want={draft_flow.want} on_pick={pick.clone()} />
        }
    };
    let banner = html! {
        <>
            <UnsearchedNote unsearched={(*pages.unsearched).clone()}
                meaning="Mails there are neither listed nor counted." />
            <MatchingBanner picks={picks.clone()} listed={pages.items.clone()} {total} has_more={pages.has_more}
                on_pick={pick.clone()} />
        </>
    };
    let mut neighbours = pages.items.windows(2);
    let several_folders = neighbours.any(|pair| pair[0].folder != pair[1].folder);
    html! {
        <div class="mailbox">
            <h1 class="unseen">{ &account.name }</h1>
            <header class="topbar">
                <SearchBox query={props.query.clone()} cannot={cannot_search(account)}
                    on_search={places.search} />
            </header>
            <MailList {pages} {picks} on_pick={pick} cursor={*cursor} on_cursor={set_cursor}
                show_folder={several_folders} {header} {banner} />
            { draft_flow.dialogs }
            if let Some(job) = &props.job { <JobPanel key={job.to_string()} job={job.clone()} {around} /> }
            if *help { <Help on_close={move |()| help.set(false)} /> }
        </div>
    }
}

/// What a job in front of the mailbox may ask of it.
fn around(
    places: &Places,
    pages: &Pages,
    pick: &Callback<Pick>,
    on_change: &Callback<()>,
) -> Around {
    let (reload, pick, on_change) = (pages.reload.clone(), pick.clone(), on_change.clone());
    Around {
        in_dialog: true,
        close: places.show.reform(|()| (None, false)),
        open: places.show.reform(|(job, instead)| (Some(job), instead)),
        mailbox_changed: Callback::from(move |()| {
            pick.emit(Pick::Clear);
            reload.emit(());
            on_change.emit(());
        }),
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

/// Parts of the search language that this account cannot answer.
fn cannot_search(account: &Account) -> Vec<String> {
    let abilities = account.abilities(Kind::Mail);
    abilities.map_or_else(Vec::new, |abilities| abilities.cannot_search.clone())
}
