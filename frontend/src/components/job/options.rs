//! The advanced options of a draft. Changing them makes a new draft in its place, because a
//! confirmation covers the options too.

use bulkhead_shared::api::{Job, NewJob};
use bulkhead_shared::options::{JobOptions, Settings};
use bulkhead_shared::problem::Invalid;
use wasm_split_helpers::wasm_split;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::components::job::Around;
use crate::components::job::redraft::{asked_for, instead};
use crate::components::later::Drawn;
use crate::components::problem_note::ProblemNote;
use crate::copy::capital;
use crate::copy::moments::took;
use crate::hooks::asking::use_asking;
use crate::session::{Intentions, Session};
use crate::state::options_form::OptionsForm;
use crate::words;

/// The options, once their part is here.
#[wasm_split(options, fallible, preload(fetch))]
pub fn options(
    job: Job,
    cost: AttrValue,
    keeps_out: bool,
    around: Around,
    on_edited: Callback<bool>,
) -> Drawn {
    Ok(html! { <Options {job} {cost} {keeps_out} {around} {on_edited} /> })
}

#[derive(Properties, PartialEq)]
struct OptionsProps {
    /// The draft.
    pub job: Job,
    /// What it costs the provider, in words.
    pub cost: AttrValue,
    /// Protected mails are kept out of it.
    pub keeps_out: bool,
    /// Where it is shown.
    pub around: Around,
    /// The form differs from the draft, or no longer: what is confirmed has to be what is shown.
    pub on_edited: Callback<bool>,
}

/// The options in a line, opening to the form.
#[component]
fn Options(props: &OptionsProps) -> Html {
    let session = use_context::<Session>();
    let intentions = session
        .map(|session| session.intentions)
        .unwrap_or_default();
    let initial = OptionsForm::from(&props.job.settings);
    let form = use_state(|| initial.clone());
    let asking = use_asking();
    // One key for one wish: pressing again after a lost answer makes no second draft.
    let key = use_memo((*form).clone(), |_| browser::random_key());
    let asked = asked_for(&props.job, props.keeps_out, &intentions);
    let fixed = asked.is_none();
    let items = props.job.kind.plural();
    let invalid = form.read().err();
    let edit = |change: fn(&mut OptionsForm, String)| {
        let form = form.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = (*form).clone();
                change(&mut next, input.value());
                form.set(next);
            }
        })
    };
    let tick = |change: fn(&mut OptionsForm, bool)| {
        let form = form.clone();
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = (*form).clone();
                change(&mut next, input.checked());
                form.set(next);
            }
        })
    };
    let field = |name: &'static str, label: &str, value: &str, oninput: Callback<InputEvent>| {
        let wrong = invalid.as_ref().filter(|invalid| invalid.field == name);
        html! {
            <label class={classes!("option", wrong.is_some().then_some("wrong"))}>
                <span>{ label }</span>
                <input type="text" inputmode="decimal" disabled={fixed} value={value.to_owned()} {oninput}
                    data-testid={name} aria-invalid={wrong.is_some().to_string()} />
                if let Some(Invalid { message, .. }) = wrong { <em class="error-text">{ message }</em> }
            </label>
        }
    };
    let check = |name: &'static str, label: &'static str, on: bool, onchange: Callback<Event>| {
        html! {
            <label class="option check">
                <input type="checkbox" disabled={fixed} checked={on} {onchange} data-testid={name} />
                <span>{ label }</span>
            </label>
        }
    };
    let apply = apply(props, &form, &asking, asked, &intentions, (*key).clone());
    let changed = *form != initial;
    {
        let on_edited = props.on_edited.clone();
        use_effect_with(changed, move |changed| on_edited.emit(*changed));
    }
    html! {
        <details class="options">
            <summary data-testid="options">{ words::job_options_title() }<span class="muted">{ in_short(&props.job.settings) }</span></summary>
            <div class="options-grid">
                { field("options.batch_size", &words::job_options_batch_size(&capital(items)), &form.batch_size, edit(|form, text| form.batch_size = text)) }
                { field("options.parallel_chunks", words::job_options_parallel(), &form.parallel_chunks, edit(|form, text| form.parallel_chunks = text)) }
                { field("options.delay_between_batches", words::job_options_pause(), &form.delay, edit(|form, text| form.delay = text)) }
                { field("options.max_retries", words::job_options_retries(), &form.max_retries, edit(|form, text| form.max_retries = text)) }
                { field("options.undo_days", words::job_options_undo_days(), &form.undo_days, edit(|form, text| form.undo_days = text)) }
                { check("options.retry_failed", words::job_options_retry_failed(), form.retry_failed, tick(|form, on| form.retry_failed = on)) }
                { check("options.stop_on_error", words::job_options_stop_on_error(), form.stop_on_error, tick(|form, on| form.stop_on_error = on)) }
                { check("options.brake", words::job_options_brake(), form.brake, tick(|form, on| form.brake = on)) }
                if form.brake {
                    { field("options.brake.percent", words::job_options_brake_percent(), &form.brake_percent, edit(|form, text| form.brake_percent = text)) }
                    { field("options.brake.after", &words::job_options_brake_after(items), &form.brake_after, edit(|form, text| form.brake_after = text)) }
                }
            </div>
            <p class="muted">{ words::job_options_costs() }{ " " }<span data-testid="cost">{ &props.cost }</span>{ "." }</p>
            if fixed {
                <p class="muted">{ words::job_options_fixed(props.job.kind.home()) }</p>
            } else if changed {
                <div class="options-apply">
                    <span class="muted">{ words::job_options_another_draft() }</span>
                    <button type="button" class="button small" onclick={apply} data-testid="apply-options"
                        disabled={invalid.is_some() || asking.busy.is_some()}>{ words::job_options_preview() }</button>
                </div>
            }
            if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
        </details>
    }
}

fn in_short(settings: &Settings) -> String {
    let batch = settings.batch_size.into();
    let parallel = settings.parallel_chunks.into();
    let pause = settings.delay_between_batches;
    match pause > 0.0 {
        true => words::job_options_in_short_apart(batch, parallel, &took(pause)),
        false => words::job_options_in_short(batch, parallel),
    }
}

fn apply(
    props: &OptionsProps,
    form: &UseStateHandle<OptionsForm>,
    asking: &crate::hooks::asking::UseAsking,
    asked: Option<NewJob>,
    intentions: &Intentions,
    key: String,
) -> Callback<MouseEvent> {
    let (form, asking, intentions) = (form.clone(), asking.clone(), intentions.clone());
    let (open, old) = (props.around.open.clone(), props.job.id.clone());
    Callback::from(move |_| {
        let (Some(mut asked), Ok(options)) = (asked.clone(), form.read()) else {
            return;
        };
        asked.options = JobOptions {
            protected: asked.options.protected,
            ..options
        };
        let (open, old, key) = (open.clone(), old.clone(), key.clone());
        let (intentions, sent) = (intentions.clone(), asked.clone());
        let call = async move { instead(old, &asked, &key).await };
        asking.make("options", call, move |draft: Job| {
            intentions.remember(draft.id.clone(), sent);
            open.emit((draft.id, true));
        });
    })
}
