//! The left side: accounts, folders, labels, and the jobs under way.

pub mod folders;
mod just_done;
mod waiting;

use bulkhead_shared::api::{Account, AccountKind, Job};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::kinds::Kind;
use yew::prelude::*;

use crate::components::account_menu::AccountMenu;
use crate::components::bar::Bar;
use crate::components::brand_mark::{Size, brand_mark};
use crate::components::dials::dials;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::state_chip::StateChip;
use crate::components::later::later;
use crate::components::link::Go;
use crate::components::soon::Soon;
use crate::routes::{Route, Search};
use crate::session::Session;
use crate::state::job_view::{adds_up, waits_for_yes};
use crate::words;

use folders::FolderList;
use just_done::JustDone;
use waiting::Waiting;

#[derive(Properties, PartialEq)]
pub struct SidebarProps {
    /// The account that is shown.
    pub account: Option<AccountId>,
    /// The search that is shown; none on pages that are not a mailbox.
    pub query: Option<String>,
    /// Where the person is.
    pub route: Route,
}

/// The sidebar.
#[component]
pub fn Sidebar(props: &SidebarProps) -> Html {
    let session = use_context::<Session>();
    let rehearsed = use_state(|| None::<AccountId>);
    let Some(session) = session else {
        return Html::default();
    };
    let open_dials = {
        let rehearsed = rehearsed.clone();
        Callback::from(move |account: AccountId| rehearsed.set(Some(account)))
    };
    let close_dials = {
        let rehearsed = rehearsed.clone();
        Callback::from(move |()| rehearsed.set(None))
    };
    let account_row = |account: &Account| {
        let current = props.account.as_ref() == Some(&account.id);
        html! { <AccountRow key={account.id.to_string()} account={account.clone()} {current} on_dials={open_dials.clone()} /> }
    };
    let open = session
        .known
        .jobs
        .iter()
        .filter(|job| !job.state.is_ended());
    let (drafts, under_way): (Vec<&Job>, Vec<&Job>) = open.partition(|job| waits_for_yes(job));
    html! {
        <>
        <nav class="sidebar" aria-label={words::app_drawer()}>
            <Soon in_sidebar=true>
            <Go to={Route::Home} class="brand">
                { brand_mark(Size::Line) }
                <span>{ "Bulkhead" }</span>
            </Go>
            <div class="sidebar-scroll">
                <section aria-label={words::sidebar_accounts()}>
                    <ul class="nav-list">{ for session.accounts.iter().map(account_row) }</ul>
                </section>
                { lists(props, &session) }
            </div>
            if !under_way.is_empty() {
                <section class="sidebar-jobs" aria-label={words::sidebar_jobs()} data-testid="sidebar-jobs">
                    <h2>{ words::sidebar_under_way() }</h2>
                    <ul class="nav-list">{ for under_way.into_iter().map(|job| job_row(job, &session, props)) }</ul>
                </section>
            }
            if !drafts.is_empty() {
                <section class="sidebar-jobs" aria-label={words::drafts()} data-testid="sidebar-drafts">
                    <h2>{ words::drafts() }</h2>
                    <ul class="nav-list">{ for drafts.into_iter().map(|job| job_row(job, &session, props)) }</ul>
                </section>
            }
            <JustDone />
            <ul class="nav-list sidebar-foot">
                <li><Go to={Route::History} class="nav-item" current={props.route == Route::History} testid="nav-history">
                    <Icon glyph={Glyph::History} /><span class="grow">{ words::app_all_jobs() }</span></Go></li>
                <li><Go to={Route::Connect} class="nav-item" current={props.route == Route::Connect} testid="nav-connect">
                    <Icon glyph={Glyph::Plus} /><span class="grow">{ words::app_connect() }</span></Go></li>
                <li><AccountMenu /></li>
            </ul>
            </Soon>
        </nav>
        if let Some(account) = (*rehearsed).clone() {
            { later("dials", move || dials(account.clone(), close_dials.clone())) }
        }
        </>
    }
}

/// What the account has: folders and labels of its mail, and contacts.
fn lists(props: &SidebarProps, session: &Session) -> Html {
    let account = props.account.as_ref().and_then(|id| session.account(id));
    let Some(account) = account else {
        return Html::default();
    };
    let (id, at) = (account.id.clone(), &props.route);
    let current = matches!(at, Route::Contacts { .. } | Route::ContactsJob { .. });
    let in_directory = matches!(at, Route::Directory { .. } | Route::DirectoryJob { .. });
    html! {
        <>
            if account.abilities(Kind::Mail).is_some() {
                <FolderList account={id.clone()} query={props.query.clone()} changes={session.changes(&id)} />
                <ul class="nav-list"><li>
                    <Go to={Route::Senders { account: id.clone() }} class="nav-item" testid="nav-senders"
                        current={matches!(at, Route::Senders { .. })}>
                        <Icon glyph={Glyph::Contacts} /><span class="grow">{ words::sidebar_senders() }</span></Go>
                </li><li>
                    <Waiting account={id.clone()} current={matches!(at, Route::Review { .. })} />
                </li></ul>
            }
            if account.abilities(Kind::Contact).is_some() {
                <section aria-label={words::sidebar_contacts()}>
                    <ul class="nav-list"><li>
                        <Go to={Route::Contacts { account: id.clone() }} class="nav-item" {current} testid="nav-contacts">
                            <Icon glyph={Glyph::Contacts} /><span class="grow">{ words::sidebar_contacts() }</span></Go>
                    </li></ul>
                </section>
            }
            if account.abilities(Kind::Mailbox).is_some() {
                <section aria-label={words::sidebar_mailboxes()}>
                    <ul class="nav-list"><li>
                        <Go to={Route::Directory { account: id.clone() }} class="nav-item" current={in_directory} testid="nav-mailboxes">
                            <Icon glyph={Glyph::Mailboxes} /><span class="grow">{ words::sidebar_mailboxes() }</span></Go>
                    </li></ul>
                </section>
            }
            if account.abilities(Kind::Recipient).is_some() {
                <section aria-label={words::sidebar_sending()}>
                    <ul class="nav-list"><li>
                        <Go to={Route::Compose { account: id }} class="nav-item" current={matches!(at, Route::Compose { .. } | Route::Rewrite { .. })} testid="nav-compose">
                            <Icon glyph={Glyph::Sent} /><span class="grow">{ words::sidebar_send_to_many() }</span></Go>
                    </li></ul>
                </section>
            }
        </>
    }
}

#[derive(Properties, PartialEq)]
struct AccountRowProps {
    account: Account,
    current: bool,
    on_dials: Callback<AccountId>,
}

#[component]
fn AccountRow(props: &AccountRowProps) -> Html {
    let account = &props.account;
    let onclick = {
        let (on_dials, id) = (props.on_dials.clone(), account.id.clone());
        Callback::from(move |_: MouseEvent| on_dials.emit(id.clone()))
    };
    let kind = match account.kind {
        AccountKind::Sandbox => words::connect_fields_sandbox(),
        AccountKind::Imap => "IMAP",
        AccountKind::Dav => "CardDAV",
        AccountKind::Cyrus => "Cyrus",
        AccountKind::Exchange => "Exchange",
    };
    let initial: String = account.name.chars().take(1).collect();
    html! {
        <li class="account-row">
            <Go to={Route::Mailbox { account: account.id.clone() }} class={classes!("nav-item", "account", props.current.then_some("current"))}
                testid="account">
                <span class="avatar" aria-hidden="true">{ initial.to_uppercase() }</span>
                <span class="grow"><span class="account-name">{ &account.name }</span><span class="account-kind">{ kind }</span></span>
            </Go>
            if account.kind == AccountKind::Sandbox && props.current {
                <button type="button" class="icon-button" {onclick} title={words::dials_rehearse()} aria-label={words::dials_rehearse()}
                    data-testid="dials"><Icon glyph={Glyph::Dials} /></button>
            }
        </li>
    }
}

fn job_row(job: &Job, session: &Session, props: &SidebarProps) -> Html {
    let search = props
        .query
        .as_deref()
        .map(Search::mailbox)
        .unwrap_or_default();
    let same_account = props.account.as_ref() == Some(&job.account);
    let is_contacts = matches!(
        props.route,
        Route::Contacts { .. } | Route::ContactsJob { .. }
    );
    let same_mailbox = props.query.is_some() && same_account && job.kind == Kind::Mail;
    let to = if is_contacts && same_account && job.kind == Kind::Contact {
        Route::ContactsJob {
            account: job.account.clone(),
            job: job.id.clone(),
        }
    } else if same_mailbox {
        Route::MailboxJob {
            account: job.account.clone(),
            job: job.id.clone(),
        }
    } else {
        Route::Job {
            job: job.id.clone(),
        }
    };
    html! {
        <li key={job.id.to_string()}>
            <Go {to} search={if same_mailbox { search } else { Search::default() }} class="nav-item job-item" testid="sidebar-job">
                <span class="job-item-title">{ session.title(job) }</span>
                <StateChip state={job.state} />
                if adds_up(job) && job.confirmed_at.is_some() { <Bar counts={job.counts} small=true /> }
            </Go>
        </li>
    }
}
