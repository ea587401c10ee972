//! The app: signed in or not, the sidebar, and the page that the address names.

use std::rc::Rc;

use bulkhead_shared::api::Account;
use bulkhead_shared::ids::{AccountId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::problem::Code;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::auth_gate::{AuthGate, Splash};
use crate::browser::{self, MAIN};
use crate::components::icon::{Glyph, Icon};
use crate::components::later::later;
use crate::components::link::open;
use crate::components::palette::{Command, PageCommands, use_palette};
use crate::components::problem_note::ProblemNote;
use crate::components::rate_limit_note::RateLimitNote;
use crate::components::sidebar::Sidebar;
use crate::components::soon::Soon;
use crate::components::tray::tray;
use crate::components::undo_bar::{Undoing, use_undo_bar};
use crate::hooks::dropping_drafts::use_dropping_what_was_left;
use crate::hooks::keys::use_keys;
use crate::hooks::loading::use_loading;
use crate::hooks::recent_jobs::use_recent_jobs;
use crate::hooks::round::use_round;
use crate::hooks::tab_mark::use_tab_mark;
use crate::pages::batch::batch;
use crate::pages::compose::compose;
use crate::pages::connect::connect;
use crate::pages::contacts::{ContactsPageProps, contacts};
use crate::pages::directory::directory;
use crate::pages::history::history;
use crate::pages::job::job_page;
use crate::pages::mailbox::MailboxPage;
use crate::pages::model::model;
use crate::pages::not_found::NotFoundPage;
use crate::pages::review::review;
use crate::pages::rules::rules;
use crate::pages::senders::senders;
use crate::pages::sign_in::{Why, sign_in_page};
use crate::parts;
use crate::remote::Remote;
use crate::router::{Navigator, Router, use_navigator, use_place};
use crate::routes::{Route, Search};
use crate::session::{Intentions, Session};
use crate::state::under_way::under_way;
use crate::words;

/// The root.
#[component]
pub fn App() -> Html {
    html! {
        <>
            <AuthGate><Router><Gate /></Router></AuthGate>
            <RateLimitNote />
        </>
    }
}

/// Lets in who is signed in.
#[component]
fn Gate() -> Html {
    let (imported, on_import) = use_round();
    let accounts = use_loading((), |()| Some(api::accounts()));
    let signed_in = accounts.remote.ready().is_some();
    let recent = use_recent_jobs(signed_in);
    let intentions = use_state(Intentions::default);
    match accounts.remote {
        Remote::NotAsked | Remote::Loading => html! { <Splash /> },
        Remote::Failed(error) if error.code() == Some(Code::Unauthenticated) => {
            sign_in_page(Why::NotSignedIn)
        }
        Remote::Failed(error) => html! {
            <main class="splash"><ProblemNote {error} retry={accounts.reload} /></main>
        },
        Remote::Ready(found) => {
            let session = Session {
                accounts: Rc::new(found),
                reload_accounts: accounts.reload,
                known: recent.known,
                reload_jobs: recent.reload,
                tell_job: recent.tell,
                intentions: (*intentions).clone(),
                imported,
                on_import,
            };
            html! { <ContextProvider<Session> context={session}><Shell /></ContextProvider<Session>> }
        }
    }
}

/// Sidebar and page.
#[component]
fn Shell() -> Html {
    let session = use_context::<Session>();
    let (route, search) = use_place().map_or_else(
        || (Route::NotFound, Search::default()),
        |place| (place.route, place.search),
    );
    use_effect_with((), |()| spawn_local(parts::fetch_when_idle()));
    use_dropping_what_was_left(route.job().cloned());
    use_tab_mark(session.as_ref());
    let drawer = use_state(|| false);
    let last_account = use_mut_ref(|| None::<AccountId>);
    let navigator = use_navigator();
    let undo_bar = use_undo_bar(&session, {
        let (route, search, navigator) = (route.clone(), search.clone(), navigator.clone());
        Callback::from(move |job: JobId| {
            let to = match &route {
                Route::Mailbox { account } | Route::MailboxJob { account, .. } => {
                    Route::MailboxJob {
                        account: account.clone(),
                        job,
                    }
                }
                Route::Directory { account } | Route::DirectoryJob { account, .. } => {
                    Route::DirectoryJob {
                        account: account.clone(),
                        job,
                    }
                }
                Route::Contacts { account } | Route::ContactsJob { account, .. } => {
                    Route::ContactsJob {
                        account: account.clone(),
                        job,
                    }
                }
                _ => Route::Job { job },
            };
            if let Some(navigator) = &navigator {
                open(navigator, &to, &search);
            }
        })
    });
    use_keys({
        let undo_last = undo_bar.undo_last.clone();
        move |event: KeyboardEvent| {
            if event.key() == "z" && !event.repeat() {
                event.prevent_default();
                undo_last.emit(());
            }
        }
    });
    {
        let drawer = drawer.clone();
        use_effect_with((route.clone(), search.clone()), move |_| drawer.set(false));
    }
    let palette = use_palette(everywhere(
        session.as_ref(),
        navigator.clone(),
        &undo_bar.undoing,
    ));
    let Some(session) = session else {
        return Html::default();
    };
    let shown = shown_list(&route, &session);
    if let Some(shown) = &shown {
        last_account.replace(Some(shown.account.id.clone()));
    }
    if let Route::Compose { account } | Route::Rewrite { account, .. } = &route {
        last_account.replace(Some(account.clone()));
    }
    let beside = last_account
        .borrow()
        .clone()
        .or_else(|| session.accounts.first().map(|account| account.id.clone()));
    let is_mail = shown.as_ref().is_some_and(|shown| shown.kind == Kind::Mail);
    let query = is_mail.then(|| search.query().to_owned());
    let page = match (&route, shown) {
        (
            _,
            Some(Shown {
                account,
                job,
                kind: Kind::Contact,
            }),
        ) => {
            let page = ContactsPageProps {
                changes: session.changes(&account.id),
                query: search.q.clone().unwrap_or_default(),
                account,
                job,
            };
            later("contacts", move || contacts(page.clone()))
        }
        (
            _,
            Some(Shown {
                account,
                job,
                kind: Kind::Mail,
            }),
        ) => html! {
            <MailboxPage account={account.clone()} query={search.query().to_owned()} {job}
                changes={session.changes(&account.id)} />
        },
        (
            _,
            Some(Shown {
                account,
                job,
                kind: Kind::Mailbox,
            }),
        ) => later("directory", move || directory(account.clone(), job.clone())),
        // No address names a list of these.
        (
            _,
            Some(Shown {
                kind: Kind::Recipient,
                ..
            }),
        ) => html! { <NotFoundPage /> },
        (Route::Home | Route::Connect | Route::Consent, None) => {
            let back = route == Route::Consent;
            later("connect", move || connect(back))
        }
        (Route::Compose { account }, None) => writing(&session, account, None),
        (Route::Rewrite { account, job }, None) => writing(&session, account, Some(job)),
        (Route::History, None) => {
            let wanted = search.state.as_deref();
            let state = State::ALL
                .into_iter()
                .find(|state| Some(state.name()) == wanted);
            later("history", move || history(state))
        }
        (Route::Senders { account }, None) => match session.account(account) {
            Some(account) if account.abilities(Kind::Mail).is_some() => {
                let account = account.clone();
                later("senders", move || senders(account.clone()))
            }
            _ => html! { <NotFoundPage /> },
        },
        (Route::Rules { account }, None) => match session.account(account) {
            Some(account) if account.abilities(Kind::Mail).is_some() => {
                let account = account.clone();
                later("rules", move || rules(account.clone()))
            }
            _ => html! { <NotFoundPage /> },
        },
        (Route::Review { account }, None) => match session.account(account) {
            Some(account) if account.abilities(Kind::Mail).is_some() => {
                let account = account.clone();
                later("review", move || review(account.clone()))
            }
            _ => html! { <NotFoundPage /> },
        },
        (Route::Batch, None) => later("batch", batch),
        (Route::Model, None) => later("model", model),
        (Route::Job { job }, None) => {
            let job = job.clone();
            later("job", move || job_page(job.clone()))
        }
        (
            Route::Mailbox { .. }
            | Route::MailboxJob { .. }
            | Route::Contacts { .. }
            | Route::ContactsJob { .. }
            | Route::Directory { .. }
            | Route::DirectoryJob { .. }
            | Route::NotFound,
            None,
        ) => html! { <NotFoundPage /> },
    };
    let toggle = {
        let drawer = drawer.clone();
        Callback::from(move |_: MouseEvent| drawer.set(!*drawer))
    };
    let onkeydown = {
        let drawer = drawer.clone();
        Callback::from(move |event: KeyboardEvent| {
            if *drawer && event.key() == "Escape" && !event.default_prevented() {
                event.prevent_default();
                drawer.set(false);
            }
        })
    };
    let skip = Callback::from(|event: MouseEvent| {
        event.prevent_default();
        browser::focus(MAIN);
    });
    let under_way = under_way(&session.known.jobs);
    let drawer_name = if under_way.is_some() {
        words::app_drawer_busy()
    } else {
        words::app_drawer()
    };
    html! {
        <ContextProvider<Undoing> context={undo_bar.undoing}>
        <ContextProvider<PageCommands> context={palette.of_page}>
        <div class={classes!("shell", drawer.then_some("drawer-open"))} {onkeydown}>
            <a href="#main" class="skip" onclick={skip}>{ words::app_skip() }</a>
            <button type="button" class={classes!("icon-button", "drawer-button", under_way.map(|_| "under-way"))}
                onclick={toggle.clone()} aria-label={drawer_name}
                aria-expanded={drawer.to_string()} data-testid="drawer"><Icon glyph={Glyph::Menu} /></button>
            <Sidebar account={beside} {query} {route} />
            <div class="drawer-shade" onclick={toggle.clone()} aria-hidden="true" />
            { under_way.map(|all| tray(all, toggle)).unwrap_or_default() }
            <main class="main" id={MAIN} tabindex="-1"><Soon>{ page }</Soon></main>
            { undo_bar.bar }
            { palette.dialog }
        </div>
        </ContextProvider<PageCommands>>
        </ContextProvider<Undoing>>
    }
}

/// What can be done on every page.
fn everywhere(
    session: Option<&Session>,
    navigator: Option<Navigator>,
    undoing: &Undoing,
) -> Vec<Command> {
    let (Some(session), Some(navigator)) = (session, navigator) else {
        return Vec::new();
    };
    let go = |name: String, to: Route| {
        let navigator = navigator.clone();
        let run = Callback::from(move |()| open(&navigator, &to, &Search::default()));
        Command::new(name, run)
    };
    let mut commands = Vec::new();
    if let Some(job) = session.acts().next() {
        let id = job.id.clone();
        let name = words::app_command_of(&session.undo_words(job), &session.title(job));
        let run = undoing.take_back.reform(move |()| id.clone());
        commands.push(Command::new(name, run).with_key("z"));
    }
    for account in session.accounts.iter() {
        let to = Route::Mailbox {
            account: account.id.clone(),
        };
        commands.push(go(words::app_go_to(&account.name), to));
        if account.abilities(Kind::Mail).is_some() {
            let to = Route::Senders {
                account: account.id.clone(),
            };
            commands.push(go(words::app_who_fills(&account.name), to));
            let to = Route::Rules {
                account: account.id.clone(),
            };
            commands.push(go(words::app_rules_of(&account.name), to));
            let to = Route::Review {
                account: account.id.clone(),
            };
            commands.push(go(words::app_review_in(&account.name), to));
        }
        if account.abilities(Kind::Mailbox).is_some() {
            let to = Route::Directory {
                account: account.id.clone(),
            };
            commands.push(go(words::app_mailboxes_of(&account.name), to));
        }
    }
    for account in session.accounts.iter() {
        if account.abilities(Kind::Recipient).is_some() {
            let to = Route::Compose {
                account: account.id.clone(),
            };
            commands.push(go(words::app_send_from(&account.name), to));
        }
    }
    commands.push(go(words::app_all_jobs().to_owned(), Route::History));
    commands.push(go(words::app_batch().to_owned(), Route::Batch));
    commands.push(go(words::app_model().to_owned(), Route::Model));
    commands.push(go(words::app_connect().to_owned(), Route::Connect));
    commands
}

/// What an address shows a list of.
struct Shown {
    account: Account,
    /// The job in front of it.
    job: Option<JobId>,
    kind: Kind,
}

/// The page of a mail to many, of what a draft was made of if one is named.
fn writing(session: &Session, account: &AccountId, draft: Option<&JobId>) -> Html {
    let Some(account) = session.account(account) else {
        return html! { <NotFoundPage /> };
    };
    let (account, draft) = (account.clone(), draft.cloned());
    later("compose", move || compose(account.clone(), draft.clone()))
}

/// The list that an address names; none if it names none. An account without mail shows its contacts.
fn shown_list(route: &Route, session: &Session) -> Option<Shown> {
    let (account, job, kind) = match route {
        Route::Home => (session.accounts.first(), None, Kind::Mail),
        Route::Mailbox { account } => (session.account(account), None, Kind::Mail),
        Route::MailboxJob { account, job } => {
            (session.account(account), Some(job.clone()), Kind::Mail)
        }
        Route::Contacts { account } => (session.account(account), None, Kind::Contact),
        Route::ContactsJob { account, job } => {
            (session.account(account), Some(job.clone()), Kind::Contact)
        }
        Route::Directory { account } => (session.account(account), None, Kind::Mailbox),
        Route::DirectoryJob { account, job } => {
            (session.account(account), Some(job.clone()), Kind::Mailbox)
        }
        Route::Senders { .. }
        | Route::Rules { .. }
        | Route::Review { .. }
        | Route::Compose { .. }
        | Route::Rewrite { .. }
        | Route::History
        | Route::Job { .. }
        | Route::Batch
        | Route::Model
        | Route::Connect
        | Route::Consent
        | Route::NotFound => return None,
    };
    let account = account?.clone();
    let has = |kind| account.abilities(kind).is_some();
    let kind = match kind {
        Kind::Mail if !has(Kind::Mail) && has(Kind::Contact) => Kind::Contact,
        Kind::Mail if !has(Kind::Mail) && has(Kind::Mailbox) => Kind::Mailbox,
        kind => kind,
    };
    has(kind).then_some(Shown { account, job, kind })
}
