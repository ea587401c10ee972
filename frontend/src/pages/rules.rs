//! Rules of a mailbox: written, ordered, tested on the last 90 days, switched on and run. A run opens the preview of an
//! ordinary job.

mod back_test;
mod card;
mod form;
mod progress;

use bulkhead_shared::api::{
    Account, Job, LookFor, LookForRule, Rule, RuleLook, RuleState, Rules, SaveRules, SavedRule,
    ScanState,
};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::rules::{RULES_MOST, RuleWords};
use jiff::Timestamp;
use wasm_split_helpers::wasm_split;
use web_sys::KeyboardEvent;
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::later::Drawn;
use crate::components::sender_views::{RULES, SHEET, SenderView, fetched};
use crate::components::sheet::Sheet;
use crate::copy::rules::{is_full, nothing_found};
use crate::hooks::asking::use_asking;
use crate::hooks::keys::use_keys;
use crate::hooks::loading::use_loading;
use crate::hooks::watching::use_watching;
use crate::json;
use crate::pages::advice::dialog;
use crate::router::use_place;
use crate::session::Session;
use crate::words;
use card::{Card, Told};
use form::Form;

/// The page, once its part is here.
#[wasm_split(rules, fallible)]
pub fn rules(account: Account) -> Drawn {
    Ok(html! { <Sheet href={SHEET}><RulesPage {account} /></Sheet> })
}

#[derive(Properties, PartialEq)]
struct RulesPageProps {
    account: Account,
}

/// The rule that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Written {
    New,
    Known(String),
}

#[component]
fn RulesPage(props: &RulesPageProps) -> Html {
    let id = &props.account.id;
    let session = use_context::<Session>();
    let title = format!(
        "{} – {} – Bulkhead",
        words::rules_title(),
        props.account.name
    );
    use_effect_with(title, |title| browser::set_title(title));
    let found = use_loading(id.clone(), |account| Some(api::rules(account)));
    let asking = use_asking();
    let job = use_state(|| None::<JobId>);
    // A suggestion of which a rule is to be made is in the address.
    let place = use_place();
    let proposed = place.and_then(|place| place.search.q);
    let proposed = proposed.and_then(|text| json::read::<RuleWords>(&text).ok());
    let written = use_state(|| proposed.is_some().then_some(Written::New));
    let opened = use_state(|| None::<String>);
    // The rule whose run is waited for, and when that was asked for.
    let running_for = use_state(|| None::<(String, Timestamp)>);
    let said = use_state(|| None::<String>);
    let at = use_state(|| 0_usize);
    let dragged = use_state(|| None::<String>);

    let known = found.remote.ready().cloned().unwrap_or_default();
    let look = known.look.clone();
    let running = look
        .as_ref()
        .is_some_and(|look| look.state == ScanState::Running);
    use_watching(running || running_for.is_some(), found.reload.clone());
    let save = {
        let (asking, reload, id, version) = (
            asking.clone(),
            found.reload.clone(),
            id.clone(),
            known.version,
        );
        let (written, said) = (written.clone(), said.clone());
        Callback::from(move |rules: Vec<SavedRule>| {
            let (reload, written, said) = (reload.clone(), written.clone(), said.clone());
            let call = api::save_rules(id.clone(), SaveRules { version, rules });
            asking.make("save", call, move |_: Rules| {
                written.set(None);
                said.set(None);
                reload.emit(());
            });
        })
    };
    let start = {
        let (asking, reload, id) = (asking.clone(), found.reload.clone(), id.clone());
        let (running_for, said, opened) = (running_for.clone(), said.clone(), opened.clone());
        Callback::from(move |(rule, wanted): (String, LookFor)| {
            said.set(None);
            opened.set(Some(rule.clone()));
            let (reload, running_for) = (reload.clone(), running_for.clone());
            let asked = LookForRule {
                rule: rule.clone(),
                wanted,
            };
            let call = api::look_for_rule(id.clone(), asked);
            asking.make("look", call, move |look: RuleLook| {
                running_for.set((wanted == LookFor::Run).then_some((rule, look.at)));
                reload.emit(());
            });
        })
    };
    {
        // Once a run has looked through the mailbox, what it found is drafted.
        let (asking, id, session) = (asking.clone(), id.clone(), session.clone());
        let (running_for, said, job) = (running_for.clone(), said.clone(), job.clone());
        let reload = found.reload.clone();
        use_effect_with(
            (look.clone(), (*running_for).clone()),
            move |(look, waited)| {
                let (Some(look), Some((waited, since))) = (look, waited) else {
                    return;
                };
                // One that was told before is an earlier run's.
                let is_its =
                    look.rule == *waited && look.wanted == LookFor::Run && look.at >= *since;
                match look.state {
                    _ if !is_its => {}
                    ScanState::Running => {}
                    ScanState::Failed => running_for.set(None),
                    ScanState::Done if look.found == 0 => {
                        running_for.set(None);
                        said.set(Some(nothing_found(look)));
                    }
                    ScanState::Done => {
                        running_for.set(None);
                        said.set(is_full(look));
                        let call = api::draft_rule(id.clone(), waited.clone());
                        asking.make("draft", call, move |drafted: Job| {
                            if let Some(session) = &session {
                                session.tell_job.emit(drafted.clone());
                            }
                            job.set(Some(drafted.id));
                            reload.emit(());
                        });
                    }
                }
            },
        );
    }
    let told = {
        let (known, save, start) = (known.rules.clone(), save.clone(), start.clone());
        let (written, opened, job) = (written.clone(), opened.clone(), job.clone());
        let dragged = dragged.clone();
        Callback::from(move |told: Told| match told {
            Told::Open(rule) => {
                let same = *opened == Some(rule.clone());
                opened.set((!same).then_some(rule));
            }
            Told::Edit(rule) => written.set(Some(Written::Known(rule))),
            Told::Look(rule, wanted) => start.emit((rule, wanted)),
            Told::Show(shown) => job.set(Some(shown)),
            Told::Switch(rule, state) => save.emit(changed(&known, &rule, |it| it.state = state)),
            Told::Percent(rule, percent) => {
                save.emit(changed(&known, &rule, |it| it.rule.percent = percent));
            }
            Told::Delete(rule) => {
                let rules = saved(&known).into_iter();
                save.emit(rules.filter(|it| it.id.as_ref() != Some(&rule)).collect());
            }
            Told::Up(rule) => {
                if let Some(rules) =
                    place_of(&known, &rule).and_then(|at| moved(&known, at, at.checked_sub(1)?))
                {
                    save.emit(rules);
                }
            }
            Told::Down(rule) => {
                if let Some(rules) =
                    place_of(&known, &rule).and_then(|at| moved(&known, at, at + 1))
                {
                    save.emit(rules);
                }
            }
            Told::Drag(rule) => dragged.set(Some(rule)),
            Told::Drop(onto) => {
                let from = dragged.as_ref().and_then(|rule| place_of(&known, rule));
                let to = place_of(&known, &onto);
                dragged.set(None);
                if let Some(rules) = from.zip(to).and_then(|(from, to)| moved(&known, from, to)) {
                    save.emit(rules);
                }
            }
        })
    };
    {
        let (rules, told, at) = (known.rules.clone(), told.clone(), at.clone());
        let (written, is_busy) = (written.clone(), asking.busy.is_some() || running);
        use_keys(move |event| {
            if written.is_none() {
                on_key(&event, &rules, &at, &told, &written, is_busy);
            }
        });
    }
    {
        // What became of a job is seen as soon as it changes.
        let reload = found.reload.clone();
        let latest = session.as_ref().map(|session| session.known.clone());
        use_effect_with(latest, move |_| reload.emit(()));
    }
    let close = {
        let (job, reload) = (job.clone(), found.reload.clone());
        Callback::from(move |()| {
            job.set(None);
            reload.emit(());
        })
    };
    let on_save = {
        let (known, save, written) = (known.rules.clone(), save.clone(), written.clone());
        Callback::from(move |rule: RuleWords| {
            let mut rules = saved(&known);
            match &*written {
                Some(Written::Known(id)) => {
                    let of_it = rules.iter_mut().find(|it| it.id.as_ref() == Some(id));
                    if let Some(saved) = of_it {
                        // What says something else was never tested.
                        if saved.rule.wording() != rule.wording() {
                            saved.state = RuleState::Off;
                        }
                        saved.rule = rule;
                    }
                }
                _ => rules.push(SavedRule {
                    id: None,
                    state: RuleState::Off,
                    rule,
                }),
            }
            save.emit(rules);
        })
    };
    let cancel = {
        let written = written.clone();
        Callback::from(move |()| written.set(None))
    };
    let new = {
        let written = written.clone();
        Callback::from(move |_: MouseEvent| written.set(Some(Written::New)))
    };
    let is_busy = asking.busy.is_some();
    let form = |rule: Option<&Rule>| {
        let words = rule.map(|it| it.rule.clone()).or_else(|| proposed.clone());
        html! {
            <Form key={rule.map(|it| it.id.clone()).unwrap_or_default()} rule={words} {is_busy}
                on_save={on_save.clone()} on_cancel={cancel.clone()} />
        }
    };
    let card = |(place, rule): (usize, &Rule)| {
        if *written == Some(Written::Known(rule.id.clone())) {
            return form(Some(rule));
        }
        html! {
            <Card key={rule.id.clone()} rule={rule.clone()} {place} is_last={place + 1 == known.rules.len()} is_open={*opened == Some(rule.id.clone())}
                is_current={place == *at} is_busy={is_busy || running} on_told={told.clone()}
                look={look.clone().filter(|look| look.rule == rule.id && look.state != ScanState::Done)} />
        }
    };
    let button = html! {
        <button type="button" class="button primary" onclick={new.clone()} data-testid="new-rule"
            disabled={written.is_some() || known.rules.len() >= RULES_MOST}><Icon glyph={Glyph::Plus} />{ words::rules_new() }</button>
    };
    html! {
        <SenderView account={id.clone()} view={Some(RULES)} title={words::rules_title()} {button} error={asking.error.clone()}>
            if let Some(said) = &*said {
                <p class="note note-quiet" role="status" data-testid="rule-said">{ said }</p>
            }
            { fetched(&found, 3, |found| html! {
                <>
                    if *written == Some(Written::New) { { form(None) } }
                    if found.rules.is_empty() && written.is_none() {
                        { empty(new) }
                    }
                    if !found.rules.is_empty() {
                        <p class="advice-lead muted">{ words::rules_lead() }</p>
                    }
                    <div class="advice-cards" data-testid="rules">{ for found.rules.iter().enumerate().map(card) }</div>
                    if !found.rules.is_empty() { { keys() } }
                </>
            }) }
            if let Some(shown) = (*job).clone() {
                { dialog(shown, close, job.clone()) }
            }
        </SenderView>
    }
}

fn empty(new: Callback<MouseEvent>) -> Html {
    html! {
        <div class="list-state empty" data-testid="no-rules">
            <h2>{ words::rules_none() }</h2>
            <p class="muted">{ words::rules_none_text() }</p>
            <button type="button" class="button" onclick={new} data-testid="first-rule">{ words::rules_first() }</button>
        </div>
    }
}

/// The rules as they would be stored unchanged.
fn saved(rules: &[Rule]) -> Vec<SavedRule> {
    let saved = rules.iter().map(|rule| SavedRule {
        id: Some(rule.id.clone()),
        state: rule.state,
        rule: rule.rule.clone(),
    });
    saved.collect()
}

/// The same with a change of one.
fn changed(rules: &[Rule], id: &str, change: impl FnOnce(&mut SavedRule)) -> Vec<SavedRule> {
    let mut saved = saved(rules);
    if let Some(rule) = saved.iter_mut().find(|it| it.id.as_deref() == Some(id)) {
        change(rule);
    }
    saved
}

/// The place of a rule.
fn place_of(rules: &[Rule], id: &str) -> Option<usize> {
    rules.iter().position(|it| it.id == id)
}

/// The same in another order: the one from this place is at that one; none if that changes nothing.
fn moved(rules: &[Rule], from: usize, to: usize) -> Option<Vec<SavedRule>> {
    if from == to || from.max(to) >= rules.len() {
        return None;
    }
    let mut saved = saved(rules);
    let rule = saved.remove(from);
    saved.insert(to, rule);
    Some(saved)
}

/// j and k go from one to the next; n writes a new one, e changes, t tests, r runs, s switches, u moves up, d down.
fn on_key(
    event: &KeyboardEvent,
    rules: &[Rule],
    at: &UseStateHandle<usize>,
    told: &Callback<Told>,
    written: &UseStateHandle<Option<Written>>,
    is_busy: bool,
) {
    if event.key() == "n" {
        event.prevent_default();
        return written.set(Some(Written::New));
    }
    let last = rules.len().saturating_sub(1);
    let here = (**at).min(last);
    let go = |to: usize| {
        at.set(to);
        if let Some(rule) = rules.get(to) {
            browser::focus(&card::place_of(&rule.id));
        }
    };
    let Some(rule) = rules.get(here) else { return };
    let id = rule.id.clone();
    let tell = |it: Told| {
        if !is_busy {
            told.emit(it);
        }
    };
    match event.key().as_str() {
        "j" => go((here + 1).min(last)),
        "k" => go(here.saturating_sub(1)),
        "e" => told.emit(Told::Edit(id)),
        "t" => tell(Told::Look(id, LookFor::Test)),
        "r" if rule.state == RuleState::On => tell(Told::Look(id, LookFor::Run)),
        "s" => tell(Told::Switch(id, card::switched(rule.state))),
        "u" => {
            tell(Told::Up(id));
            go(here.saturating_sub(1));
        }
        "d" => {
            tell(Told::Down(id));
            go((here + 1).min(last));
        }
        _ => return,
    }
    event.prevent_default();
}

fn keys() -> Html {
    let key = |key: &'static str, does: &'static str| html! { <><kbd>{ key }</kbd>{ format!(" {does}   ") }</> };
    html! {
        <p class="advice-keys">
            { key("j", words::rules_keys_next()) }{ key("k", words::rules_keys_back()) }{ key("n", words::rules_keys_new()) }
            { key("e", words::rules_keys_change()) }{ key("t", words::rules_keys_test()) }{ key("r", words::rules_keys_run()) }
            { key("s", words::rules_keys_switch()) }{ key("u", words::rules_keys_up()) }{ key("d", words::rules_keys_down()) }
        </p>
    }
}
