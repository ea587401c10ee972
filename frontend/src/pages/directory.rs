//! The mailboxes of a directory: brought back from a table, step by step.
//!
//! A person says what is to be done, brings rows, mends what is wrong in them, lets the directory look them
//! through, sees everything before it happens, and watches each row.

mod bring;
mod grid;
mod grid_row;
mod look_through;
mod pick;
mod shared_table;
mod watch;

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use bulkhead_shared::api::{Account, Job, NewJob};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::kinds::mailbox::ConflictRule;
use bulkhead_shared::kinds::mailbox::sheet::Purpose;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::{Around, panel};
use crate::components::later::{Drawn, later};
use crate::components::link::{Go, open, open_instead};
use crate::components::problem_note::ProblemNote;
use crate::components::sheet::Sheet;
use crate::copy::numbers::items;
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::round::use_round;
use crate::router::use_navigator;
use crate::routes::{Route, Search};
use crate::session::Session;
use crate::state::table::{Table, Tally};
use crate::words;
use bring::Bring;
use grid::GridView;
use look_through::look_through;
use shared_table::Shared;
use watch::watch;

/// The page, once its part is here.
#[wasm_split(directory, fallible, preload(fetch))]
pub fn directory(account: Account, job: Option<JobId>) -> Drawn {
    // The same for both, so that a table is still there after a look at its job.
    let key = account.id.to_string();
    Ok(html! { <Sheet href="/directory.css"><DirectoryPage {key} {account} {job} /></Sheet> })
}

#[derive(Properties, PartialEq)]
struct DirectoryPageProps {
    account: Account,
    /// The job that is looked at, in place of the table.
    job: Option<JobId>,
}

#[component]
fn DirectoryPage(props: &DirectoryPageProps) -> Html {
    let account = &props.account;
    let purpose = use_state(|| Purpose::Recover);
    let rule = use_state(ConflictRule::default);
    let table = use_state(|| None::<Shared>);
    let (round, changed) = use_round();
    let asking = use_asking();
    let navigator = use_navigator();
    let session = use_context::<Session>();
    use_effect_with((), |()| {
        browser::set_title(&format!("{} – Bulkhead", words::directory_title()))
    });
    let bring = {
        let table = table.clone();
        Callback::from(move |new: Table| table.set(Some(Shared::new(new))))
    };
    let choose = {
        let (purpose, table) = (purpose.clone(), table.clone());
        Callback::from(move |chosen: Purpose| {
            purpose.set(chosen);
            table.set(None);
        })
    };
    let forget = {
        let table = table.clone();
        Callback::from(move |_: MouseEvent| table.set(None))
    };
    let check = {
        let (asking, account, rule) = (asking.clone(), account.id.clone(), *rule);
        let (table, changed) = ((*table).clone(), changed.clone());
        Callback::from(move |_: MouseEvent| {
            let Some(table) = table.clone() else { return };
            let jobs = table.with(|table| table.validations(&account, rule));
            let changed = changed.clone();
            asking.make("check", look_through(jobs), move |items| {
                table.change(|table| table.heard(items.into_iter()));
                changed.emit(());
            });
        })
    };
    // The rows of the job that is drafted, by their numbers: once it is confirmed they are its own.
    let drafted = use_mut_ref(|| None::<(JobId, BTreeSet<u64>)>);
    let go_on = {
        let (asking, account, rule) = (asking.clone(), account.id.clone(), *rule);
        let (table, drafted) = ((*table).clone(), drafted.clone());
        Callback::from(move |_: MouseEvent| {
            let next = table.as_ref();
            let next = next.and_then(|table| table.with(|table| table.job_of_next(&account, rule)));
            let (Some((new, numbers)), Some(navigator)) = (next, navigator.clone()) else {
                return;
            };
            let tell = session.as_ref().map(|session| session.tell_job.clone());
            let drafted = drafted.clone();
            draft(&asking, new, move |job| {
                let to = Route::DirectoryJob {
                    account: job.account.clone(),
                    job: job.id.clone(),
                };
                drafted.replace(Some((job.id.clone(), numbers)));
                if let Some(tell) = tell {
                    tell.emit(job);
                }
                open(&navigator, &to, &Search::default());
            });
        })
    };
    if let Some(job) = &props.job {
        let confirmed = {
            let (table, job) = (table.clone(), job.clone());
            Callback::from(move |()| {
                let taken = drafted.take().filter(|(drafted, _)| *drafted == job);
                if let (Some((_, numbers)), Some(left)) = (taken, (*table).clone()) {
                    left.change(|table| table.take_out(&numbers));
                    if left.with(|table| table.sheet.is_empty()) {
                        table.set(None);
                    }
                }
            })
        };
        return html! { <RunPage account={account.clone()} job={job.clone()} {confirmed} /> };
    }
    html! {
        <div class="page directory" data-testid="directory">
            <header class="page-head"><h1>{ words::directory_title() }</h1><span class="muted">{ &account.name }</span></header>
            { steps(if table.is_none() { 1..=2 } else { 3..=3 }) }
            if table.is_none() { { purposes(*purpose, &choose) } }
            if *purpose == Purpose::Restore { { rules(*rule, &rule) } }
            { match &*table {
                None => html! { <Bring account={account.id.clone()} purpose={*purpose} on_table={bring} /> },
                Some(table) => html! {
                    <>
                        { brought(table, &forget) }
                        <GridView table={table.clone()} {round} on_change={changed} />
                        { footer(table, &asking, &check, &go_on) }
                    </>
                },
            } }
        </div>
    }
}

fn draft(asking: &UseAsking, new: NewJob, then: impl FnOnce(Job) + 'static) {
    let key = browser::random_key();
    asking.make("preview", async move { api::draft(&new, &key).await }, then);
}

/// The steps, with those marked that somebody is at.
fn steps(current: RangeInclusive<usize>) -> Html {
    let names = [
        words::directory_step_what(),
        words::directory_step_which(),
        words::directory_step_mend(),
        words::directory_step_run(),
    ];
    let step = |(number, name): (usize, &'static str)| {
        let is_current = current.contains(&number);
        html! {
            <li aria-current={is_current.then_some("step")} class={classes!(is_current.then_some("current"))}>
                <span class="step-number" aria-hidden="true">{ number }</span>{ name }
            </li>
        }
    };
    html! { <ol class="steps" aria-label={words::directory_steps()}>{ for (1..).zip(names).map(step) }</ol> }
}

fn purposes(chosen: Purpose, choose: &Callback<Purpose>) -> Html {
    let all = [
        (
            Purpose::Recover,
            "purpose-recover",
            words::directory_recover(),
            words::directory_recover_text(),
        ),
        (
            Purpose::Restore,
            "purpose-restore",
            words::directory_restore(),
            words::directory_restore_text(),
        ),
    ];
    let option = |(purpose, testid, name, text): (
        Purpose,
        &'static str,
        &'static str,
        &'static str,
    )| {
        let onchange = choose.reform(move |_: Event| purpose);
        html! {
            <label class={classes!("choice", (chosen == purpose).then_some("chosen"))}>
                <input type="radio" name="purpose" checked={chosen == purpose} {onchange} data-testid={testid} />
                <span><strong>{ name }</strong><span class="muted">{ text }</span></span>
            </label>
        }
    };
    html! {
        <fieldset class="choices"><legend class="unseen">{ words::directory_step_what() }</legend>
            { for all.into_iter().map(option) }
        </fieldset>
    }
}

fn rules(chosen: ConflictRule, rule: &UseStateHandle<ConflictRule>) -> Html {
    let onchange = {
        let rule = rule.clone();
        Callback::from(move |event: Event| {
            let select = event.target_dyn_into::<HtmlSelectElement>();
            if let Some(named) = select.and_then(|select| ConflictRule::read(&select.value())) {
                rule.set(named);
            }
        })
    };
    let option = |rule: ConflictRule| {
        html! { <option value={rule.as_str()} selected={rule == chosen}>{ format!("{}: {}", rule.as_str(), rule.text()) }</option> }
    };
    html! {
        <label class="field">
            <span>{ words::directory_conflict() }</span>
            <select {onchange} data-testid="conflict-rule">{ for ConflictRule::ALL.into_iter().map(option) }</select>
        </label>
    }
}

/// What was recognised, and how many rows stand how.
fn brought(table: &Shared, forget: &Callback<MouseEvent>) -> Html {
    table.with(|table| {
        let Tally {
            wrong,
            blocked,
            ready,
            done,
        } = table.tally();
        let grid = table.sheet.grid();
        let unknown: Vec<&str> = table.sheet.layout().unknown_headers(grid).collect();
        let cleaned = (0..table.sheet.len()).filter(|row| !table.sheet.notes(*row).is_empty());
        let cleaned = cleaned.count();
        let rows = items(table.sheet.len() as u64, Kind::Mailbox);
        let from = match table.sheet.purpose() {
            Purpose::Recover => words::directory_recover_from,
            Purpose::Restore => words::directory_restore_from,
        };
        html! {
            <section class="brought" data-testid="table" data-ready={ready.to_string()} data-wrong={wrong.to_string()}
                data-blocked={blocked.to_string()} data-done={done.to_string()}>
                <p class="brought-head"><strong>{ from(&rows, &table.name) }</strong>
                    <span class="muted" data-testid="recognised">{ grid.recognised.to_string() }</span>
                    <button type="button" class="text-button" onclick={forget.clone()} data-testid="forget">{ words::directory_bring_others() }</button></p>
                <p class="tally" role="status">
                    <span class="success">{ words::directory_ready(ready as u64) }</span>
                    if wrong > 0 { <span class="error">{ words::directory_wrong(wrong as u64) }</span> }
                    if blocked > 0 { <span class="error">{ words::directory_blocked(blocked as u64) }</span> }
                    if done > 0 { <span class="muted">{ words::directory_done(done as u64) }</span> }
                    if cleaned > 0 { <span class="muted">{ words::directory_cleaned(cleaned as u64) }</span> }
                </p>
                if !unknown.is_empty() {
                    <p class="muted small">{ words::directory_unknown(&unknown.join(", ")) }</p>
                }
            </section>
        }
    })
}

fn footer(
    table: &Shared,
    asking: &UseAsking,
    check: &Callback<MouseEvent>,
    go_on: &Callback<MouseEvent>,
) -> Html {
    let tally = table.with(Table::tally);
    let all_checked = table.with(|table| table.sheet.ready().all(|row| table.is_checked(row)));
    let next = table.with(|table| table.next().len());
    let busy = asking.busy;
    let left_out = tally.wrong + tally.blocked;
    html! {
        <footer class="directory-foot">
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            if left_out > 0 {
                <p class="muted">{ words::directory_left_out(left_out as u64) }</p>
            }
            if next < tally.ready {
                <p class="muted" data-testid="in-parts">{ words::directory_in_parts(next as u64) }</p>
            }
            <div class="buttons">
                <button type="button" class={classes!("button", (!all_checked).then_some("primary"))} onclick={check.clone()}
                    disabled={busy.is_some() || tally.ready + tally.blocked == 0} data-testid="look-through">
                    { if busy == Some("check") { words::directory_looking() } else { words::directory_look() } }
                </button>
                <button type="button" class={classes!("button", all_checked.then_some("primary"))} onclick={go_on.clone()}
                    disabled={busy.is_some() || next == 0} data-testid="directory-preview">
                    { words::directory_preview(&items(next as u64, Kind::Mailbox)) }
                </button>
            </div>
        </footer>
    }
}

#[derive(Properties, PartialEq)]
struct RunPageProps {
    account: Account,
    job: JobId,
    /// The job was confirmed.
    confirmed: Callback<()>,
}

/// A job, and below it each of its rows.
#[component]
fn RunPage(props: &RunPageProps) -> Html {
    let navigator = use_navigator();
    let account = props.account.id.clone();
    let session = use_context::<Session>();
    let known = session.and_then(|session| session.known.get(&props.job).cloned());
    let known = known.filter(|job| job.confirmed_at.is_some());
    let close = {
        let (navigator, account) = (navigator.clone(), account.clone());
        Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                let account = account.clone();
                open(navigator, &Route::Directory { account }, &Search::default());
            }
        })
    };
    let open = {
        let account = account.clone();
        Callback::from(move |(job, instead): (JobId, bool)| {
            if let Some(navigator) = &navigator {
                let step = if instead { open_instead } else { open };
                let account = account.clone();
                step(
                    navigator,
                    &Route::DirectoryJob { account, job },
                    &Search::default(),
                );
            }
        })
    };
    let around = Around {
        in_dialog: false,
        close,
        open,
        confirmed: props.confirmed.clone(),
    };
    let job = props.job.clone();
    html! {
        <div class="page directory run">
            <Go to={Route::Directory { account }} class="crumb"><Icon glyph={Glyph::ChevronRight} class="back" />{ words::directory_title() }</Go>
            { steps(4..=4) }
            <div key={job.to_string()}>{ later("job", move || panel(job.clone(), around.clone())) }</div>
            { for known.map(rows_of) }
        </div>
    }
}

/// The rows of a job that was confirmed. Who watches a draft gets no news of it, so they are watched anew with each
/// state.
fn rows_of(job: Job) -> Html {
    let key = format!("{}-{}", job.id, job.state.name());
    html! { <key={key}>{ later("watch", move || watch(job.clone())) }</> }
}
