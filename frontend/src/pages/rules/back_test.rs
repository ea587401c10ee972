//! What a rule would have done in the last 90 days, with a dial for how sure it has to be: its figures move as the dial
//! does, and nobody is asked for them.

use bulkhead_shared::api::BackTest;
use bulkhead_shared::kinds::mail::{sender, subject};
use bulkhead_shared::rules::{PERCENT, RuleWords};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::browser;
use crate::copy::numbers::thousands;
use crate::state::test_dial::{Sums, sums};
use crate::words;

#[derive(Properties, PartialEq)]
pub(super) struct BackTestViewProps {
    pub(super) test: BackTest,
    pub(super) rule: RuleWords,
    pub(super) is_busy: bool,
    /// The rule is to be so sure from now on.
    pub(super) on_percent: Callback<u8>,
}

/// The test.
#[component]
pub(super) fn BackTestView(props: &BackTestViewProps) -> Html {
    let (test, rule) = (&props.test, &props.rule);
    let dial = use_state(|| rule.percent);
    let has_dial = !rule.classes.is_empty();
    let sums = sums(test, if has_dial { *dial } else { 0 });
    let oninput = {
        let dial = dial.clone();
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            if let Some(percent) = input.and_then(|input| input.value().parse().ok()) {
                dial.set(percent);
            }
        })
    };
    let take = {
        let percent = *dial;
        props.on_percent.reform(move |_: MouseEvent| percent)
    };
    let (least, most) = (PERCENT.start().to_string(), PERCENT.end().to_string());
    let is_sure = |percent: u8| !has_dial || percent >= *dial;
    let hit = test.protected.iter().filter(|it| is_sure(it.percent));
    html! {
        <section aria-label={words::rules_test()} data-testid="back-test">
            <h3>{ words::rules_test_at(&browser::short(test.at)) }</h3>
            if has_dial {
                <div class="rule-dial">
                    <label class="field">
                        <span>{ words::rules_test_dial((*dial).into()) }</span>
                        <input type="range" min={least} max={most} value={dial.to_string()} {oninput} data-testid="rule-dial"
                            aria-valuetext={words::rules_test_dial_touches((*dial).into(), sums.touched)} />
                    </label>
                    if *dial != rule.percent {
                        <button type="button" class="button small" disabled={props.is_busy} onclick={take} data-testid="rule-take">{ words::rules_test_take((*dial).into()) }</button>
                    }
                </div>
            }
            <p class="rule-sum" data-testid="test-sum" data-count={sums.touched.to_string()}>{ sentence(&sums) }</p>
            { figures(test, &sums) }
            if sums.protected > 0 {
                <h3>{ words::rules_test_hit() }</h3>
                <ul class="advice-sample" data-testid="test-protected">{ for hit.map(|it| html! {
                    <li key={it.id.to_string()}><span>{ sender(&it.from) }</span><span class="subject">{ subject(&it.subject) }</span><span class="muted">{ &it.why }</span></li>
                }) }</ul>
            }
            <h3>{ words::rules_test_unknown() }</h3>
            <ul class="advice-reasons muted small" data-testid="test-unknown">{ for test.unknown.iter().map(|it| html! { <li>{ it }</li> }) }</ul>
        </section>
    }
}

fn sentence(sums: &Sums) -> String {
    match sums.agreed() {
        _ if sums.touched == 0 => words::rules_test_nothing().to_owned(),
        Some(agreed) => words::rules_test_agreed(sums.touched, agreed),
        None => words::rules_test_not_known(sums.touched),
    }
}

fn figures(test: &BackTest, sums: &Sums) -> Html {
    let row = |testid: &'static str, what: &'static str, number: u64| {
        html! {
            <div key={testid}><dt>{ what }</dt><dd data-testid={testid} data-count={number.to_string()}>{ thousands(number) }</dd></div>
        }
    };
    html! {
        <dl class="rule-figures">
            { row("test-same", words::rules_test_same(), sums.same) }
            { row("test-left", words::rules_test_left(), sums.left) }
            { row("test-unread", words::rules_test_unread(), sums.unread) }
            { row("test-otherwise", words::rules_test_otherwise(), sums.otherwise) }
            { row("test-protected-count", words::rules_test_protected(), sums.protected) }
            { row("test-unsure", words::rules_test_unsure(), sums.unsure) }
            { row("test-other", words::rules_test_other(), test.other) }
        </dl>
    }
}
