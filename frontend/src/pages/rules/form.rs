//! A rule is written.

use bulkhead_shared::class::Class;
use bulkhead_shared::problem::Invalid;
use bulkhead_shared::rules::{HOURS, RuleWords, Weekday};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::browser;
use crate::state::rule_form::{Deed, RuleForm, Timing};
use crate::words;
use bulkhead_words::Says;

#[derive(Properties, PartialEq)]
pub(super) struct FormProps {
    /// The one that is changed; none: a new one.
    pub(super) rule: Option<RuleWords>,
    pub(super) is_busy: bool,
    pub(super) on_save: Callback<RuleWords>,
    pub(super) on_cancel: Callback<()>,
}

/// The field that is first.
const FIRST: &str = "rule-form-name";

/// The form.
#[component]
pub(super) fn Form(props: &FormProps) -> Html {
    let form = use_state(|| {
        let mut form = props.rule.as_ref().map(RuleForm::from).unwrap_or_default();
        if form.zone.is_empty() {
            form.zone = browser::time_zone();
        }
        form
    });
    let wrong = use_state(|| None::<Invalid>);
    use_effect_with((), |()| browser::focus(FIRST));
    let onsubmit = {
        let (form, wrong, on_save) = (form.clone(), wrong.clone(), props.on_save.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            match form.read() {
                Ok(rule) => {
                    wrong.set(None);
                    on_save.emit(rule);
                }
                Err(invalid) => wrong.set(Some(invalid)),
            }
        })
    };
    let onkeydown = {
        let cancel = props.on_cancel.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                cancel.emit(());
            }
        })
    };
    let edit = |change: fn(&mut RuleForm, String)| {
        let form = form.clone();
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut next = (*form).clone();
                change(&mut next, input.value());
                form.set(next);
            }
        })
    };
    let is_wrong = |name: &str| {
        let wrong = (*wrong).as_ref();
        wrong.is_some_and(|wrong| wrong.field.starts_with(&format!("rule.{name}")))
    };
    let field = |name: &'static str,
                 label: &'static str,
                 hint: &'static str,
                 value: &str,
                 oninput: Callback<InputEvent>| {
        let id = (name == "name").then_some(FIRST);
        html! {
            <label class="field" key={name}>
                <span>{ label }</span>
                <input type="text" {id} {name} value={value.to_owned()} {oninput} placeholder={hint} autocomplete="off" spellcheck="false"
                    aria-invalid={is_wrong(name).then_some("true")} data-testid={format!("rule-field-{name}")} />
            </label>
        }
    };
    let cancel = props.on_cancel.reform(|_: MouseEvent| ());
    html! {
        <form class="card form rule-form" {onsubmit} {onkeydown} aria-label={words::rules_form()} data-testid="rule-form">
            { field("name", words::rules_form_name(), words::rules_form_name_hint(), &form.name, edit(|it, text| it.name = text)) }
            <fieldset class="rule-classes">
                <legend>{ words::rules_form_classes() }</legend>
                { for Class::ALL.into_iter().map(|class| class_box(class, &form)) }
            </fieldset>
            <div class="rule-pair">
                { field("older_days", words::rules_form_days(), "7", &form.older_days, edit(|it, text| it.older_days = text)) }
                { field("senders", words::rules_form_senders(), "news.example, ann@work.example", &form.senders, edit(|it, text| it.senders = text)) }
            </div>
            { field("search", words::rules_form_search(), "is:unread -subject:invoice", &form.search, edit(|it, text| it.search = text)) }
            <div class="rule-pair">
                { deeds(&form) }
                if let Some(label) = form.deed.asks() {
                    { field("operation", label, "", &form.named, edit(|it, text| it.named = text)) }
                }
            </div>
            <div class="rule-pair">
                { timing(&form) }
                if form.timing.has_hour() { { hour(&form) } }
                if form.timing != Timing::ByHand {
                    { field("by_itself_most", words::rules_form_most(), "500", &form.most, edit(|it, text| it.most = text)) }
                }
            </div>
            if let Some(wrong) = &*wrong {
                <p class="field-error" role="alert" data-testid="rule-wrong">{ &wrong.message }</p>
            }
            <div class="form-buttons">
                <button type="submit" class="button primary" disabled={props.is_busy} data-testid="rule-save">{ words::save() }</button>
                <button type="button" class="button link-button" onclick={cancel} data-testid="rule-cancel">{ words::cancel() }</button>
            </div>
            <p class="hint muted">{ words::rules_form_inbox() }
                if form.timing != Timing::ByHand {
                    { " " }{ words::rules_form_by_itself() }
                }
                if form.timing.has_hour() { { " " }{ words::rules_form_zone(&form.zone) } }
            </p>
        </form>
    }
}

fn class_box(class: Class, form: &UseStateHandle<RuleForm>) -> Html {
    let name = class.name();
    let checked = form.classes.iter().any(|it| it == name);
    let onchange = {
        let form = form.clone();
        Callback::from(move |_: Event| {
            let mut next = (*form).clone();
            next.toggle(name);
            form.set(next);
        })
    };
    html! {
        <label class="check" key={name} title={class.text()}>
            <input type="checkbox" {checked} {onchange} data-testid={format!("rule-class-{name}")} /><span>{ class.label() }</span>
        </label>
    }
}

fn deeds(form: &UseStateHandle<RuleForm>) -> Html {
    let choose = |form: &mut RuleForm, name: &str| {
        if let Some(deed) = Deed::named(name) {
            form.deed = deed;
        }
    };
    let option = |(deed, name, label): (Deed, &'static str, Says)| {
        html! { <option value={name} selected={form.deed == deed}>{ label.say() }</option> }
    };
    let options = Deed::ALL.into_iter().map(option).collect();
    select(form, words::rules_form_deed(), "rule-deed", choose, options)
}

fn timing(form: &UseStateHandle<RuleForm>) -> Html {
    let choose = |form: &mut RuleForm, name: &str| {
        if let Some(timing) = Timing::named(name) {
            form.timing = timing;
        }
    };
    let option = |(timing, name, label): (Timing, &'static str, Says)| {
        html! { <option value={name} selected={form.timing == timing}>{ label.say() }</option> }
    };
    let options = Timing::ALL.into_iter().map(option).collect();
    select(
        form,
        words::rules_form_timing(),
        "rule-timing",
        choose,
        options,
    )
}

/// The day, where there is one, and the hour.
fn hour(form: &UseStateHandle<RuleForm>) -> Html {
    let choose_day = |form: &mut RuleForm, name: &str| {
        let named = Weekday::ALL.into_iter().find(|day| day.label() == name);
        form.day = named.unwrap_or(form.day);
    };
    let day = |day: Weekday| {
        html! { <option value={day.label()} selected={form.day == day}>{ day.label() }</option> }
    };
    let choose_hour = |form: &mut RuleForm, hour: &str| {
        form.hour = hour.parse().unwrap_or(form.hour);
    };
    let hour = |hour: u8| {
        html! { <option value={hour.to_string()} selected={form.hour == hour}>{ words::rules_form_clock(&hour.to_string()) }</option> }
    };
    html! {
        <>
            if form.timing == Timing::Weekly {
                { select(form, words::rules_form_day(), "rule-day", choose_day, Weekday::ALL.into_iter().map(day).collect()) }
            }
            { select(form, words::rules_form_hour(), "rule-hour", choose_hour, HOURS.map(hour).collect()) }
        </>
    }
}

/// A choice among options.
fn select(
    form: &UseStateHandle<RuleForm>,
    label: &'static str,
    testid: &'static str,
    choose: fn(&mut RuleForm, &str),
    options: Html,
) -> Html {
    let onchange = {
        let form = form.clone();
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let mut next = (*form).clone();
                choose(&mut next, &select.value());
                form.set(next);
            }
        })
    };
    html! {
        <label class="field" key={testid}>
            <span>{ label }</span>
            <select {onchange} data-testid={testid}>{ options }</select>
        </label>
    }
}
