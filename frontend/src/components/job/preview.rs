//! What confirming would do, exactly. Nothing has been touched; the button names the count.

use bulkhead_shared::api::{Confirm, Drift, Gate, Job, Preview, RiskLevel, StandsOut};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::problem::Code;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::api::{self, Ask, CallError};
use crate::components::icon::{Glyph, Icon};
use crate::components::job::drift::drift_note;
use crate::components::job::family::family;
use crate::components::job::frame::Frame;
use crate::components::job::inside::inside;
use crate::components::job::lists::lists;
use crate::components::job::model_line;
use crate::components::job::options::options;
use crate::components::job::protected::{KeptOutMails, taken};
use crate::components::job::sample::Sample;
use crate::components::job::state_chip::StateChip;
use crate::components::job::whereabouts::Whereabouts;
use crate::components::job::{Around, StageProps};
use crate::components::later::{Drawn, later};
use crate::components::letters::{Moment, letters};
use crate::components::link::Go;
use crate::components::problem_note::ProblemNote;
use crate::components::said::said;
use crate::components::unsearched_note::UnsearchedNote;
use crate::copy::jobs;
use crate::copy::jobs::items;
use crate::copy::middle_cut;
use crate::copy::numbers::thousands;
use crate::hooks::asking::{UseAsking, use_asking};
use crate::hooks::loading::{Loaded, use_loading};
use crate::remote::Remote;
use crate::routes::Route;
use crate::words;

mod promise;

use promise::{cost, facts, risk_note, undo_figures};

/// Letters of what the button says. The count is among the first ones.
const ORDER: usize = 44;

/// The preview stage, once its part is here.
#[wasm_split(preview, fallible, preload(fetch))]
pub fn preview(stage: StageProps) -> Drawn {
    let key = stage.job.id.to_string();
    Ok(html! { <PreviewView {key} ..stage /> })
}

/// The preview stage.
#[component]
fn PreviewView(props: &StageProps) -> Html {
    let job = &props.job;
    let wanted = (job.id.clone(), job.manifest_hash.clone());
    let loaded = use_loading(wanted, |(id, _)| Some(api::preview(id)));
    let refusal = use_state(|| None::<Drift>);
    let typed = use_state(String::new);
    let options_edited = use_state(|| false);
    let asking = use_asking();
    let open = {
        let open = props.around.open.clone();
        Callback::from(move |id| open.emit((id, false)))
    };
    let edited = {
        let options_edited = options_edited.clone();
        Callback::from(move |edited: bool| options_edited.set(edited))
    };
    let inside = match &loaded.remote {
        Remote::NotAsked | Remote::Loading => html! {
            <div class="skeleton-lines" role="status" aria-busy="true" aria-label={words::job_preview_loading()}><i /><i /><i /><i /></div>
        },
        Remote::Failed(error) => html! {
            <ProblemNote error={error.clone()} retry={loaded.reload.clone()} />
        },
        Remote::Ready(preview) => {
            let drift = refusal.as_ref().or(preview.drift.as_ref());
            html! {
                <>
                    if let Some(drift) = drift {
                        { later_drift(job, drift, refusal.is_some()) }
                    }
                    { count_line(job, preview) }
                    { letters(Moment::Draft, job, &Callback::noop()) }
                    { groups_note(job, preview) }
                    { lists(preview) }
                    <KeptOutMails job={job.clone()} preview={preview.clone()} around={props.around.clone()} />
                    { undo_figures(preview) }
                    { risk_note(&preview.risk, taken(job, preview)) }
                    <UnsearchedNote unsearched={preview.unsearched.clone()}
                        meaning={words::job_preview_unsearched()} />
                    <Whereabouts preview={preview.clone()} />
                    { inside(preview) }
                    { facts(preview) }
                    if let Some(told) = &preview.model { { model_line::before(told) } }
                    <Sample cards={preview.sample.clone()} stand_out={stand_out(preview)} total={preview.total} kind={job.kind} />
                    { later_options(job, preview, &props.around, &edited) }
                </>
            }
        }
    };
    let footer = buttons(props, &loaded, &refusal, &typed, *options_edited, &asking);
    html! {
        <Frame title={props.title.clone()} {footer}>
            <div data-testid="preview">
                { inside }
                if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
                { family(job, &open) }
            </div>
        </Frame>
    }
}

fn count_line(job: &Job, preview: &Preview) -> Html {
    html! {
        <div class="preview-head">
            <div class="big-number" data-testid="preview-count" data-count={preview.total.to_string()}>
                { thousands(preview.total) }
            </div>
            <div class="preview-what">
                <div>{ exactly(job, preview) }</div>
                <div class="muted">{ jobs::selection(&job.selection, job.kind, job.relation) }</div>
            </div>
            <span class={classes!("chip", risk_class(preview.risk.level))} data-testid="risk">
                { jobs::risk(preview.risk.level) }
            </span>
            <StateChip state={job.state} />
        </div>
    }
}

/// Back to the page on which a mail to many is written; nothing for other jobs.
fn edit_template(job: &Job) -> Html {
    if job.kind != Kind::Recipient {
        return Html::default();
    }
    let to = Route::Rewrite {
        account: job.account.clone(),
        job: job.id.clone(),
    };
    html! { <Go {to} class="button" testid="edit-template">{ words::job_preview_edit_template() }</Go> }
}

/// For a merge of duplicates: what goes and what stays.
fn groups_note(job: &Job, preview: &Preview) -> Html {
    let Some(groups) = preview.groups else {
        return Html::default();
    };
    let items = job.kind.plural();
    let said = match groups {
        0 => words::job_preview_no_groups(items),
        _ => words::job_preview_groups(groups, items, preview.total),
    };
    html! {
        <p data-testid="preview-groups" data-count={groups.to_string()}>{ said }</p>
    }
}

fn stand_out(preview: &Preview) -> Vec<StandsOut> {
    let summary = preview.summary.as_ref();
    summary.map_or_else(Vec::new, |summary| summary.stand_out.clone())
}

/// What the number is exactly: all that match, or all that could be searched.
fn exactly(job: &Job, preview: &Preview) -> String {
    let items = job.kind.word(preview.total);
    match preview.unsearched.is_empty() {
        true => words::job_preview_exactly(items),
        false => words::job_preview_exactly_searched(items),
    }
}

/// The class that colours a level of risk.
fn risk_class(level: RiskLevel) -> &'static str {
    match level {
        RiskLevel::Low => "risk-low",
        RiskLevel::Medium => "risk-medium",
        RiskLevel::High => "risk-high",
    }
}

/// The field for the count. Enter in it confirms, as the button does.
fn type_count(
    preview: &Preview,
    typed: &UseStateHandle<String>,
    on_enter: Option<Callback<()>>,
) -> Html {
    if preview.gate == Gate::Confirm {
        return Html::default();
    }
    let oninput = {
        let typed = typed.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                typed.set(input.value());
            }
        })
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if let Some(confirm) = on_enter.as_ref().filter(|_| event.key() == "Enter") {
            confirm.emit(());
        }
    });
    let right = is_count(typed, preview.total);
    html! {
        <label class={classes!("type-count", right.then_some("right"))}>
            <span>{ said(&words::job_preview_type_number(preview.total)) }</span>
            <input type="text" inputmode="numeric" autocomplete="off" value={(**typed).clone()} {oninput} {onkeydown}
                data-testid="type-count" aria-label={words::job_preview_their_number()} />
        </label>
    }
}

/// The number as typed, with or without separators, whatever they are where somebody lives.
fn is_count(typed: &str, total: u64) -> bool {
    let separates = |it: &char| it.is_whitespace() || matches!(it, ',' | '.' | '\'' | '’' | '_');
    let digits: String = typed.chars().filter(|it| !separates(it)).collect();
    digits.parse() == Ok(total)
}

/// The second click of a double click was meant for what was under the pointer before.
fn single_click(act: Callback<()>) -> Callback<MouseEvent> {
    Callback::from(move |event: MouseEvent| {
        if event.detail() < 2 {
            act.emit(());
        }
    })
}

fn later_drift(job: &Job, drift: &Drift, refused: bool) -> Html {
    let (job, drift) = (job.clone(), drift.clone());
    later("drift", move || {
        drift_note(job.clone(), drift.clone(), refused)
    })
}

fn later_options(job: &Job, preview: &Preview, around: &Around, edited: &Callback<bool>) -> Html {
    let (job, around, edited) = (job.clone(), around.clone(), edited.clone());
    let cost = AttrValue::from(cost(&preview.cost));
    let keeps_out = preview.kept_out.is_some();
    later("options", move || {
        let (job, around) = (job.clone(), around.clone());
        options(job, cost.clone(), keeps_out, around, edited.clone())
    })
}

fn buttons(
    props: &StageProps,
    loaded: &Loaded<Preview>,
    refusal: &UseStateHandle<Option<Drift>>,
    typed: &UseStateHandle<String>,
    options_edited: bool,
    asking: &UseAsking,
) -> Html {
    let busy = asking.busy.is_some();
    let cancel = {
        let (asking, id, put) = (
            asking.clone(),
            props.job.id.clone(),
            props.watched.put.clone(),
        );
        let close = props.around.close.clone();
        Callback::from(move |_: MouseEvent| {
            let (put, close) = (put.clone(), close.clone());
            asking.make("cancel", api::ask(id.clone(), Ask::Cancel), move |job| {
                put.emit(job);
                close.emit(());
            });
        })
    };
    let drop_draft = html! {
        <button type="button" class="button" onclick={cancel} disabled={busy} data-testid="cancel-draft">
            { words::cancel() }
        </button>
    };
    // Even one item of it is at risk.
    let destructive = props.job.operation.risk(1).is_some();
    let glyph = Glyph::Of(props.job.operation.name());
    let class = if destructive { "danger" } else { "primary" };
    let Remote::Ready(preview) = &loaded.remote else {
        // As many elements in the same places as below: the button that is Cancel now must not turn
        // into the one that confirms, under a finger or with the keyboard on it.
        return html! {
            <>
                { Html::default() }
                { drop_draft }
                { edit_template(&props.job) }
                <span class="spring" />
                <button type="button" class={classes!("button", class)} disabled=true data-testid="confirm">
                    if destructive { <Icon {glyph} /> }
                    { props.job.operation.order(&items(&props.job, props.job.total)) }
                </button>
            </>
        };
    };
    let ready = preview.gate == Gate::Confirm || is_count(typed, preview.total);
    let may = !busy && ready && preview.total > 0 && !options_edited;
    let confirm = confirm(props, loaded, preview, refusal, asking);
    let on_enter = may.then(|| confirm.clone());
    let text = match (busy && asking.busy == Some("confirm"), refusal.is_some()) {
        (true, _) => words::job_preview_confirming().to_owned(),
        (false, true) => words::job_preview_all_the_same(&confirm_words(&props.job, preview)),
        (false, false) => confirm_words(&props.job, preview),
    };
    html! {
        <>
            { type_count(preview, typed, on_enter) }
            { drop_draft }
            { edit_template(&props.job) }
            <span class="spring" />
            <button type="button" class={classes!("button", class)} disabled={!may}
                title={options_edited.then(words::job_preview_options_changed)}
                onclick={single_click(confirm)} data-testid="confirm">
                if destructive { <Icon {glyph} /> }
                { middle_cut(&text, ORDER) }
            </button>
        </>
    }
}

/// What the button says: the exact count, and of an undo how many of them can go back.
fn confirm_words(job: &Job, preview: &Preview) -> String {
    match preview.undo {
        Some(undo) if undo.can_go_back < preview.total => {
            words::job_preview_put_back(undo.can_go_back, &items(job, preview.total))
        }
        _ if job.kind == Kind::Recipient => words::job_preview_confirm_all(preview.total),
        _ => job.operation.order(&items(job, preview.total)),
    }
}

fn confirm(
    props: &StageProps,
    loaded: &Loaded<Preview>,
    preview: &Preview,
    refusal: &UseStateHandle<Option<Drift>>,
    asking: &UseAsking,
) -> Callback<()> {
    let drift = refusal.as_ref().or(preview.drift.as_ref());
    let body = Confirm {
        manifest_hash: preview.manifest_hash.clone(),
        drift_hash: drift.map(|drift| drift.hash.clone()),
    };
    let (asking, refusal, reload) = (asking.clone(), refusal.clone(), loaded.reload.clone());
    let (id, put) = (props.job.id.clone(), props.watched.put.clone());
    let confirmed = props.around.confirmed.clone();
    Callback::from(move |()| {
        let (put, confirmed) = (put.clone(), confirmed.clone());
        let (refusal, reload) = (refusal.clone(), reload.clone());
        asking.make_or(
            "confirm",
            api::confirm(id.clone(), body.clone()),
            move |job| {
                put.emit(job);
                confirmed.emit(());
            },
            move |error| match refused_for(&error) {
                Some(drift) => {
                    refusal.set(Some(drift));
                    reload.emit(());
                    None
                }
                None => Some(error),
            },
        );
    })
}

/// The drift for which a confirmation was refused.
fn refused_for(error: &CallError) -> Option<Drift> {
    match error {
        CallError::Problem(problem) if problem.code == Code::Drifted => problem.drift.clone(),
        CallError::Problem(_)
        | CallError::Offline
        | CallError::SignInDown
        | CallError::Unreadable(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_may_be_typed_with_or_without_separators() {
        assert!(is_count("12403", 12_403));
        assert!(is_count(" 12,403 ", 12_403));
        assert!(is_count("12.403", 12_403));
        assert!(is_count("12’403", 12_403));
        assert!(is_count("12\u{202f}403", 12_403));
        assert!(!is_count("12402", 12_403));
        assert!(!is_count("", 12_403));
        assert!(!is_count("yes", 1));
    }
}
