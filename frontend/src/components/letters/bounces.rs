//! Mails that came back after they were sent, as far as reports of that came into the mailbox.

use bulkhead_shared::api::{Bounce, BounceKind, BounceLook, Bounces, Job, ScanState};
use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

/// While somebody looks, it is asked so often how far that is.
const ASK_AGAIN_MILLIS: u32 = 1_500;

#[derive(Properties, PartialEq)]
pub struct CameBackProps {
    pub job: Job,
}

/// The list. Opened, it has the mailbox looked through.
#[component]
pub fn CameBack(props: &CameBackProps) -> Html {
    let round = use_state(|| 0_u32);
    let wanted = (props.job.id.clone(), *round);
    let page = use_loading(wanted, |(job, round)| Some(api::bounces(job, round == 0)));
    // What was there stays until what is new is here, so that nothing flickers.
    let shown = use_mut_ref(|| None::<Bounces>);
    if let Remote::Ready(found) = &page.remote {
        *shown.borrow_mut() = Some(found.clone());
    }
    let found = shown.borrow().clone();
    let is_looking = matches!(&page.remote, Remote::Ready(found) if looks(found));
    {
        let round = round.clone();
        use_effect_with((is_looking, *round), move |(is_looking, now)| {
            let next = *now + 1;
            let timer = is_looking.then(|| Timeout::new(ASK_AGAIN_MILLIS, move || round.set(next)));
            move || drop(timer)
        });
    }
    if let Remote::Failed(error) = &page.remote {
        return html! { <ProblemNote error={error.clone()} retry={page.reload} /> };
    }
    let Some(found) = found else {
        return Html::default();
    };
    html! {
        <section class="open-mails" aria-label={words::letters_bounces_label()} data-testid="came-back" data-count={found.total.to_string()}>
            if found.total > 0 { { listed(&found) } }
            <p class="muted small" role="status" data-testid="bounce-look">{ told(&found) }</p>
        </section>
    }
}

fn looks(found: &Bounces) -> bool {
    let state = found.look.as_ref().map(|look| look.state);
    state == Some(ScanState::Running)
}

fn listed(found: &Bounces) -> Html {
    let more = found.total.saturating_sub(found.bounces.len() as u64);
    html! {
        <>
            <h2>{ words::letters_bounces_count(found.total) }</h2>
            <ul class="bounces">
                { for found.bounces.iter().map(row) }
                if more > 0 { <li class="muted">{ words::and_more(more) }</li> }
            </ul>
        </>
    }
}

fn row(bounce: &Bounce) -> Html {
    let said = bounce.words();
    let said = match bounce.kind {
        BounceKind::ThisTime => said.to_owned(),
        BounceKind::ForGood | BounceKind::Complaint => words::letters_bounces_no_more(said),
    };
    html! {
        <li key={bounce.item.to_string()} data-testid="bounce">
            <strong>{ bounce.item.to_string() }</strong>
            <span>{ said }</span>
            if let Some(said) = &bounce.said { <span class="muted small">{ said }</span> }
        </li>
    }
}

/// How far the look is.
fn told(found: &Bounces) -> String {
    let Some(BounceLook {
        state, at, problem, ..
    }) = &found.look
    else {
        return words::letters_bounces_never_looked().to_owned();
    };
    let at = browser::full(*at);
    let told = match (state, found.total) {
        (ScanState::Running, _) => return words::letters_bounces_looking().to_owned(),
        (ScanState::Done, 0) => words::letters_bounces_none(&at),
        (ScanState::Done, _) => words::letters_bounces_looked(&at),
        (ScanState::Failed, _) => words::letters_bounces_failed(&at),
    };
    match problem {
        Some(problem) => format!("{told} {problem}"),
        None => told,
    }
}
