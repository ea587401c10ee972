//! One mail that waits.

use bulkhead_shared::api::{EmailStatus, ReadRate, ReviewMail, ReviewVerdict};
use bulkhead_shared::class::Class;
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mail::{sender, subject};
use bulkhead_shared::proposal::Proposal;
use yew::prelude::*;

use super::change::Change;
use super::reply::drafted;
use super::told::Told;
use crate::copy::capital;
use crate::words;

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
            words::review_row_gone().to_owned(),
            words::review_row_gone_text().to_owned(),
        ),
    };
    let disabled = props.is_busy;
    let button = |class: &'static str,
                  label: &'static str,
                  testid: &'static str,
                  onclick: Callback<MouseEvent>| {
        html! { <button type="button" class={classes!("button", "small", class)} {disabled} {onclick} data-testid={testid}>{ label }</button> }
    };
    let waits = mail.status == EmailStatus::NeedsReview;
    html! {
        <li class={classes!("review-row", props.is_ticked.then_some("picked"))} id={place_of(&id)} tabindex="-1"
            aria-current={props.is_current.then_some("true")} data-testid="review-row" data-why={mail.why.name()} data-proposal={mail.proposal.name()}>
            if waits {
                <label class="tick-area"><input type="checkbox" checked={props.is_ticked} onchange={tick} aria-label={words::review_row_tick(&about)} data-testid="review-tick" /></label>
            } else {
                <span />
            }
            <div class="review-what">
                <span class="review-mail"><strong>{ from }</strong>{ " " }<span class="review-subject">{ about }</span></span>
                <span class="review-because muted small">
                    if let Some(standing) = standing(mail.status) {
                        <span class="chip" data-testid="review-status">{ standing }</span>
                    }
                    if let Some(class) = mail.class.as_deref().and_then(Class::named) {
                        <span class="chip" data-testid="review-class">{ class.label() }</span>
                    }
                    { reason(mail) }
                </span>
                if let Some(reply) = &mail.reply { { drafted(reply, props.is_current && waits) } }
            </div>
            <div class="advice-acts">
                if waits {
                    { button("link-button", words::dismiss(), "review-dismiss", decide(ReviewVerdict::Dismiss {})) }
                    { button("", words::review_change(), "review-change", tell(Told::Open(id.clone()))) }
                } else if mail.status != EmailStatus::Processing {
                    { button("", words::review_said_put_back(), "review-reopen", decide(ReviewVerdict::Reopen {})) }
                }
                if waits && mail.proposal != Proposal::Review && mail.mail.is_some() {
                    { button(if props.is_current { "primary" } else { "" }, mail.proposal.label(), "review-accept", decide(ReviewVerdict::Accept {})) }
                }
            </div>
            if props.is_open { <Change mail={mail.clone()} {disabled} on_told={props.on_told.clone()} /> }
        </li>
    }
}

/// How it stands; of one that waits the page says so.
fn standing(status: EmailStatus) -> Option<&'static str> {
    match status {
        EmailStatus::NeedsReview => None,
        EmailStatus::Processing => Some(words::review_row_processing()),
        EmailStatus::Processed => Some(words::review_row_processed()),
        EmailStatus::Sent => Some(words::review_row_sent()),
    }
}

/// Why it waits, if it still does, and why the model says what it says.
fn reason(mail: &ReviewMail) -> String {
    let mut parts = Vec::new();
    if mail.status == EmailStatus::NeedsReview {
        parts.push(mail.why.label().to_owned());
    }
    if mail.percent > 0 {
        parts.push(words::percent_sure(mail.percent.into()));
    }
    parts.extend(mail.rate.map(rate));
    let because = without_class(&mail.because, mail.class.as_deref());
    match parts.is_empty() {
        true => because.to_owned(),
        false => format!("{}. {because}", parts.join(", ")),
    }
}

/// What the server says of a mail, without the class at its beginning, which stands before it already. The server
/// says it in English, where a class is called as on the wire, but for its capital and its blanks.
fn without_class<'a>(because: &'a str, class: Option<&str>) -> &'a str {
    let label = class.map(|name| capital(&name.replace('_', " ")));
    let rest = label.and_then(|label| because.strip_prefix(&label)?.strip_prefix(". "));
    rest.unwrap_or(because)
}

fn rate(rate: ReadRate) -> String {
    let say = match rate.is_list {
        true => words::review_row_rate_list,
        false => words::review_row_rate,
    };
    say(rate.read, rate.mails)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_class_that_stands_before_it_is_not_said_twice() {
        for class in Class::ALL {
            let because = format!("{}. It has a star.", class.label());
            assert_eq!(
                without_class(&because, Some(class.name())),
                "It has a star."
            );
        }
        let unknown = "Of no known class. It has a star.";
        assert_eq!(without_class(unknown, None), unknown);
        assert_eq!(without_class(unknown, Some("receipt")), unknown);
    }
}
