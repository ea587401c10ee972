//! Needs review: the mails of which a job was not sure enough, or was not to do anything without a question. Each with
//! what would be done and why, to be accepted, changed or dismissed, one or many at once.

mod change;
mod chip;
mod keyboard;
mod many;
mod narrow;
mod order;
mod reply;
mod row;
mod said;
mod told;
mod which;

use std::collections::BTreeSet;

use bulkhead_shared::api::{
    Account, DecideReview, EmailStatus, Review, ReviewDecided, ReviewDial, ReviewFilter,
    ReviewPick, ReviewVerdict,
};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::job::State;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::dialog::Dialog;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::components::sender_views::{SHEET, fetched};
use crate::components::sheet::Sheet;
use crate::components::undo_bar::Undoing;
use crate::hooks::asking::use_asking;
use crate::hooks::keys::use_keys;
use crate::hooks::loading::use_loading;
use crate::hooks::watching::use_watching;
use crate::pages::advice::dialog;
use crate::session::Session;
use crate::words;
use keyboard::{KEYS, Key, key};
use many::Many;
use narrow::Narrow;
use row::{Row, place_of};
use said::{Said, said};
use told::Told;
use which::Which;

/// Mails that are shown at first, and with each further wish; and most.
const PAGE: u32 = 50;
const PAGE_MOST: u32 = 500;

/// The page, once its part is here.
#[wasm_split(review, fallible)]
pub fn review(account: Account) -> Drawn {
    Ok(html! { <Sheet href={SHEET}><ReviewPage {account} /></Sheet> })
}

#[derive(Properties, PartialEq)]
struct ReviewPageProps {
    account: Account,
}

#[component]
fn ReviewPage(props: &ReviewPageProps) -> Html {
    let id = &props.account.id;
    let session = use_context::<Session>();
    let undoing = use_context::<Undoing>();
    let title = format!(
        "{} – {} – Bulkhead",
        words::review_title(),
        props.account.name
    );
    use_effect_with(title, |title| browser::set_title(title));
    let decided = use_state(|| false);
    let filter = use_state(ReviewFilter::default);
    let most = use_state(|| PAGE);
    let wanted = (id.clone(), *decided, (*filter).clone(), *most);
    let found = use_loading(wanted, |(account, decided, filter, most)| {
        Some(api::review(account, decided, filter, most))
    });
    let asking = use_asking();
    let job = use_state(|| None::<JobId>);
    let ticked = use_state(BTreeSet::<ItemId>::new);
    let opened = use_state(|| None::<ItemId>);
    let heard = use_state(|| None::<Said>);
    let at = use_state(|| 0_usize);
    let helps = use_state(|| false);

    let known: Option<Review> = found.remote.ready().cloned();
    let mails = known
        .as_ref()
        .map(|it| it.mails.clone())
        .unwrap_or_default();
    use_watching(
        known.as_ref().is_some_and(is_under_way),
        found.reload.clone(),
    );
    {
        // What became of a job is seen as soon as it changes.
        let reload = found.reload.clone();
        let latest = session.as_ref().map(|session| session.known.clone());
        use_effect_with(latest, move |_| reload.emit(()));
    }
    let decide = {
        let (asking, reload, id, session) = (
            asking.clone(),
            found.reload.clone(),
            id.clone(),
            session.clone(),
        );
        let (ticked, opened, heard, job) =
            (ticked.clone(), opened.clone(), heard.clone(), job.clone());
        Callback::from(move |(mails, verdict): (ReviewPick, ReviewVerdict)| {
            let (reload, session, undoing) = (reload.clone(), session.clone(), undoing.clone());
            let (ticked, opened, heard, job) =
                (ticked.clone(), opened.clone(), heard.clone(), job.clone());
            let wanted = DecideReview {
                mails,
                verdict,
                draft_only: false,
            };
            let call = api::decide_review(id.clone(), wanted.clone());
            asking.make("decide", call, move |decided: ReviewDecided| {
                ticked.set(BTreeSet::new());
                opened.set(None);
                heard.set(said(&wanted, &decided));
                for drafted in decided.jobs {
                    if let Some(session) = &session {
                        session.tell_job.emit(drafted.clone());
                    }
                    match (&undoing, drafted.state) {
                        (_, State::Draft | State::Planning) => job.set(Some(drafted.id)),
                        (Some(undoing), _) => undoing.begun.emit(drafted),
                        (None, _) => {}
                    }
                }
                reload.emit(());
            });
        })
    };
    let told = {
        let (decide, filter) = (decide.clone(), filter.clone());
        let (ticked, opened) = (ticked.clone(), opened.clone());
        Callback::from(move |told: Told| match told {
            Told::Decide(ids, verdict) => decide.emit((ReviewPick::Ids { ids }, verdict)),
            Told::DecideAll(verdict) => {
                let of = (*filter).clone();
                decide.emit((ReviewPick::All { of }, verdict));
            }
            Told::Tick(mail) => {
                let mut new = (*ticked).clone();
                if !new.remove(&mail) {
                    new.insert(mail);
                }
                ticked.set(new);
            }
            Told::Open(mail) => {
                let same = *opened == Some(mail.clone());
                opened.set((!same).then_some(mail));
            }
        })
    };
    {
        let (ids, told, at, helps) = (
            mails
                .iter()
                .map(|mail| mail.id.clone())
                .collect::<Vec<ItemId>>(),
            told.clone(),
            at.clone(),
            helps.clone(),
        );
        let (ticked, is_busy, is_decided) = (ticked.clone(), asking.busy.is_some(), *decided);
        use_keys(move |event| {
            let Some(key) = key(&event.key()) else { return };
            event.prevent_default();
            if !is_decided || key.goes() {
                press(key, &ids, &at, &ticked, &helps, is_busy, &told);
            }
        });
    }
    let narrow = {
        let (filter, most, ticked, at) = (filter.clone(), most.clone(), ticked.clone(), at.clone());
        Callback::from(move |new: ReviewFilter| {
            filter.set(new);
            most.set(PAGE);
            ticked.set(BTreeSet::new());
            at.set(0);
        })
    };
    let on_which = {
        let (narrow, decided) = (narrow.clone(), decided.clone());
        Callback::from(move |is: bool| {
            narrow.emit(ReviewFilter::default());
            decided.set(is);
        })
    };
    let on_dial = {
        let (asking, id, reload) = (asking.clone(), id.clone(), found.reload.clone());
        Callback::from(move |dial: ReviewDial| {
            let reload = reload.clone();
            let call = api::set_review_dial(id.clone(), dial);
            asking.make("dial", call, move |()| reload.emit(()));
        })
    };
    let close = {
        let (job, reload) = (job.clone(), found.reload.clone());
        Callback::from(move |()| {
            job.set(None);
            reload.emit(());
        })
    };
    let show_more = {
        let most = most.clone();
        Callback::from(move |_: MouseEvent| most.set((*most + PAGE * 3).min(PAGE_MOST)))
    };
    let row = |(place, mail): (usize, &bulkhead_shared::api::ReviewMail)| {
        html! {
            <key={mail.id.to_string()}>
            if !*decided { { order::heading(&mails, place) } }
            <Row mail={mail.clone()} is_current={place == *at} is_ticked={ticked.contains(&mail.id)}
                is_open={*opened == Some(mail.id.clone())} is_busy={asking.busy.is_some()} on_told={told.clone()} />
            </>
        }
    };
    let list = |review: &Review| {
        html! {
            <>
                <ul class="review-rows" data-testid="review-rows">{ for mails.iter().enumerate().map(row) }</ul>
                if review.next_cursor.is_some() && *most < PAGE_MOST {
                    <p><button type="button" class="button" onclick={show_more.clone()} data-testid="review-more">{ words::review_more() }</button></p>
                }
            </>
        }
    };
    let draw = |review: &Review| {
        html! {
            <>
                <Which waiting={review.total} decided={review.decided} is_decided={*decided} on_which={on_which.clone()} />
                if !*decided { <Narrow counts={review.counts.clone()} total={review.total} filter={(*filter).clone()} on_narrow={narrow.clone()} /> }
                { notes(review) }
                if *decided { { list(review) } } else if review.total == 0 { { empty(review) } } else {
                    <Many shown={mails.iter().map(|mail| mail.id.clone()).collect::<Vec<_>>()} ticked={ticked.iter().cloned().collect::<Vec<_>>()} matching={matching(review, &filter)}
                        is_busy={asking.busy.is_some()} on_told={told.clone()} />
                    { list(review) }
                }
            </>
        }
    };
    let close_help = {
        let helps = helps.clone();
        Callback::from(move |()| helps.set(false))
    };
    let dial = known.as_ref().map(|review| review.dial);
    html! {
        <div class="page senders view-review">
            <header class="page-head">
                <h1>{ words::review_title() }</h1>
                <span class="spring" />
                if let Some(dial) = dial { <narrow::Dial {dial} {on_dial} /> }
            </header>
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            if let Some(heard) = (*heard).clone() {
                <said::SaidNote said={heard} on_back={told.reform(|ids: Vec<ItemId>| Told::Decide(ids, ReviewVerdict::Reopen {}))} />
            }
            { fetched(&found, 6, draw) }
            if *helps {
                <Dialog title={words::review_keyboard()} on_close={close_help} testid="help-sheet">
                    <dl class="keys">{ for KEYS.iter().map(|(keys, text)| html! { <div><dt><kbd>{ *keys }</kbd></dt><dd>{ text.say() }</dd></div> }) }</dl>
                </Dialog>
            }
            if let Some(shown) = (*job).clone() { { dialog(shown, close, job.clone()) } }
        </div>
    }
}

/// What a key does, to the mails that are ticked, or to the one that it is about.
fn press(
    key: Key,
    ids: &[ItemId],
    at: &UseStateHandle<usize>,
    ticked: &UseStateHandle<BTreeSet<ItemId>>,
    helps: &UseStateHandle<bool>,
    is_busy: bool,
    told: &Callback<Told>,
) {
    if key == Key::Help {
        return helps.set(true);
    }
    let last = ids.len().saturating_sub(1);
    let here = (**at).min(last);
    let Some(mail) = ids.get(here) else { return };
    let go = |to: usize| {
        at.set(to);
        if let Some(mail) = ids.get(to) {
            browser::focus(&place_of(mail));
        }
    };
    let meant = || match ticked.is_empty() {
        true => vec![mail.clone()],
        false => ticked.iter().cloned().collect(),
    };
    match key {
        Key::Next => go((here + 1).min(last)),
        Key::Back => go(here.saturating_sub(1)),
        Key::Tick => told.emit(Told::Tick(mail.clone())),
        Key::Change => told.emit(Told::Open(mail.clone())),
        Key::Accept if !is_busy => told.emit(Told::Decide(meant(), ReviewVerdict::Accept {})),
        Key::Dismiss if !is_busy => told.emit(Told::Decide(meant(), ReviewVerdict::Dismiss {})),
        Key::Accept | Key::Dismiss | Key::Help => {}
    }
}

/// How many mails wait that are all of this.
fn matching(review: &Review, filter: &ReviewFilter) -> u64 {
    let fitting = review.counts.iter().filter(|count| {
        (filter.class.is_none() || filter.class == count.class)
            && filter.proposal.is_none_or(|it| it == count.proposal)
            && filter.why.is_none_or(|it| it == count.why)
    });
    fitting.map(|count| count.mails).sum()
}

/// Whether something is on its way here, or a job works on what is shown.
fn is_under_way(review: &Review) -> bool {
    let mut mails = review.mails.iter();
    review.filing > 0 || mails.any(|mail| mail.status == EmailStatus::Processing)
}

/// What is beside those that wait.
fn notes(review: &Review) -> Html {
    let mut notes = Vec::new();
    if review.filing > 0 {
        notes.push(words::review_filing().to_owned());
    }
    if review.drafted > 0 {
        notes.push(words::review_drafted(review.drafted));
    }
    if review.unreadable > 0 {
        notes.push(words::review_unreadable().to_owned());
    }
    let note = |note: String| html! { <p class="muted small" role="status">{ note }</p> };
    html! { <>{ for notes.into_iter().map(note) }</> }
}

fn empty(review: &Review) -> Html {
    let text = match review.drafted {
        0 => words::review_none_text(),
        _ => words::review_none_drafted(),
    };
    html! {
        <div class="list-state empty" data-testid="nothing-waits">
            <Icon glyph={Glyph::Check} />
            <h2>{ words::review_none() }</h2>
            <p class="muted">{ text }</p>
        </div>
    }
}
