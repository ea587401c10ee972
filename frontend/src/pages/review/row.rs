//! One mail that waits.

use bulkhead_shared::api::{ReadRate, ReviewMail, ReviewVerdict};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mail::{sender, subject};
use bulkhead_shared::proposal::Proposal;
use yew::prelude::*;

use super::change::Change;
use super::told::Told;
use crate::copy::numbers::thousands;

/// Where a mail is on the page.
pub(super) fn place_of(mail: &ItemId) -> String {
    format!("review-{mail}")
}

#[derive(Properties, PartialEq, Clone)]
pub(super) struct RowProps {
    pub(super) mail: ReviewMail,
    /// Whether keys are about this one.
    pub(super) is_current: bool,
    pub(super) is_ticked: bool,
    /// Whether it shows how it can be changed.
    pub(super) is_open: bool,
    /// Something is asked of the server.
    pub(super) is_busy: bool,
    pub(super) on_told: Callback<Told>,
}

/// The mail.
#[component]
pub(super) fn Row(props: &RowProps) -> Html {
    let mail = &props.mail;
    let id = mail.id.clone();
    let tell = |told: Told| props.on_told.reform(move |_: MouseEvent| told.clone());
    let decide = |verdict| tell(Told::Decide(vec![id.clone()], verdict));
    let tick = {
        let id = id.clone();
        props.on_told.reform(move |_: Event| Told::Tick(id.clone()))
    };
    let (from, about) = match &mail.mail {
        Some(item) => (sender(&item.from), subject(&item.subject)),
        None => (
            "No longer there".to_owned(),
            "It was moved away or deleted since.".to_owned(),
        ),
    };
    let disabled = props.is_busy;
    let button = |class: &'static str,
                  label: String,
                  testid: &'static str,
                  onclick: Callback<MouseEvent>| {
        html! { <button type="button" class={classes!("button", "small", class)} {disabled} {onclick} data-testid={testid}>{ label }</button> }
    };
    html! {
        <li class={classes!("review-row", props.is_ticked.then_some("picked"))} id={place_of(&id)} tabindex="-1"
            aria-current={props.is_current.then_some("true")} data-testid="review-row" data-why={mail.why.name()} data-proposal={mail.proposal.name()}>
            <label class="tick-area"><input type="checkbox" checked={props.is_ticked} onchange={tick} aria-label={format!("Tick the mail “{about}”")} data-testid="review-tick" /></label>
            <div class="review-what">
                <span class="review-mail"><strong>{ from }</strong>{ " " }<span class="review-subject">{ about }</span></span>
                <span class="review-because muted small">
                    if let Some(class) = mail.class.as_deref().and_then(Class::named) {
                        <span class="chip" data-testid="review-class">{ class.label() }</span>
                    }
                    { reason(mail) }
                </span>
            </div>
            <div class="advice-acts">
                { button("link-button", "Dismiss".to_owned(), "review-dismiss", decide(ReviewVerdict::Dismiss {})) }
                { button("", "Change".to_owned(), "review-change", tell(Told::Open(id.clone()))) }
                if mail.proposal != Proposal::Review && mail.mail.is_some() {
                    { button(if props.is_current { "primary" } else { "" }, mail.proposal.label().to_owned(), "review-accept", decide(ReviewVerdict::Accept {})) }
                }
            </div>
            if props.is_open { <Change mail={mail.clone()} {disabled} on_told={props.on_told.clone()} /> }
        </li>
    }
}

/// Why it waits, and why the model says what it says.
fn reason(mail: &ReviewMail) -> String {
    let mut parts = vec![mail.why.label().to_owned()];
    if mail.percent > 0 {
        parts.push(format!("{} % sure", mail.percent));
    }
    parts.extend(mail.rate.map(rate));
    // The class stands before it already.
    let label = mail
        .class
        .as_deref()
        .and_then(Class::named)
        .map(Class::label);
    let because = label.and_then(|label| mail.because.strip_prefix(&format!("{label}. ")));
    let because = because.unwrap_or(&mail.because);
    format!("{}. {because}", parts.join(", "))
}

fn rate(rate: ReadRate) -> String {
    let kind = if rate.is_list { "list mail, " } else { "" };
    let (read, all) = (thousands(rate.read), thousands(rate.mails));
    format!("{kind}you read {read} of {all}")
}
