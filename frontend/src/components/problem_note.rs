//! Shows why a call brought nothing, and what can be done.

use bulkhead_shared::problem::Code;
use yew::prelude::*;

use crate::api::CallError;
use crate::components::icon::{Glyph, Icon};
use crate::copy::moments::away;
use crate::session::Session;

#[derive(Properties, PartialEq)]
pub struct ProblemNoteProps {
    /// What happened.
    pub error: CallError,
    /// Tries again, where that makes sense.
    #[prop_or_default]
    pub retry: Option<Callback<()>>,
}

/// The note.
#[component]
pub fn ProblemNote(props: &ProblemNoteProps) -> Html {
    let session = use_context::<Session>();
    let (title, detail) = in_words(&props.error);
    let button = |text: &'static str, act: Callback<()>| {
        let onclick = Callback::from(move |_| act.emit(()));
        html! { <button type="button" class="button" {onclick} data-testid="try-again">{ text }</button> }
    };
    let action = match (props.error.code(), session, &props.retry) {
        (Some(Code::Unauthenticated), Some(session), _) => {
            button("Sign in", session.reload_accounts)
        }
        // What is not there will not be there the next time.
        (Some(Code::NotFound | Code::Gone), ..) => Html::default(),
        (_, _, Some(retry)) => button("Try again", retry.clone()),
        _ => Html::default(),
    };
    html! {
        <div class="note note-error" role="alert" data-testid="problem">
            <Icon glyph={Glyph::Alert} />
            <div class="note-text">
                <strong>{ title }</strong>
                if let Some(detail) = detail { <p>{ detail }</p> }
            </div>
            { action }
        </div>
    }
}

pub(crate) fn in_words(error: &CallError) -> (String, Option<String>) {
    match error {
        CallError::Offline => (
            "The server cannot be reached.".to_owned(),
            Some(
                "It may have been stopped, or the connection is gone. Nothing was lost.".to_owned(),
            ),
        ),
        CallError::Unreadable(status) => (
            "The server's answer could not be read.".to_owned(),
            Some(format!("Status {status}. Reloading the page may help.")),
        ),
        CallError::SignInDown => (
            "The sign-in cannot be reached.".to_owned(),
            Some(
                "Your session has to be renewed, and that did not work. Nothing was lost."
                    .to_owned(),
            ),
        ),
        CallError::Problem(problem) => {
            let request = problem.request_id.as_ref();
            let detail = match (&problem.detail, problem.retry_after, request) {
                (Some(detail), _, _) => Some(detail.clone()),
                (None, Some(after), _) => {
                    let after = i64::try_from(after).unwrap_or(i64::MAX);
                    Some(format!("It is worth trying again {}.", away(after)))
                }
                (None, None, Some(request)) => Some(format!("Request {request}")),
                (None, None, None) => None,
            };
            (problem.code.title().to_owned(), detail)
        }
    }
}
