//! Shows why a call brought nothing, and what can be done.

use bulkhead_shared::problem::Code;
use yew::prelude::*;

use crate::api::CallError;
use crate::components::icon::{Glyph, Icon};
use crate::copy::moments::away;
use crate::session::Session;
use crate::words;

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
            button(words::problem_note_sign_in(), session.reload_accounts)
        }
        // What is not there will not be there the next time.
        (Some(Code::NotFound | Code::Gone), ..) => Html::default(),
        (_, _, Some(retry)) => button(words::try_again(), retry.clone()),
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
            words::problem_note_offline().to_owned(),
            Some(words::problem_note_offline_why().to_owned()),
        ),
        CallError::Unreadable(status) => (
            words::problem_note_unreadable().to_owned(),
            Some(words::problem_note_unreadable_why(&status.to_string())),
        ),
        CallError::SignInDown => (
            words::problem_note_sign_in_down().to_owned(),
            Some(words::problem_note_sign_in_down_why().to_owned()),
        ),
        CallError::Problem(problem) => {
            let request = problem.request_id.as_ref();
            let detail = match (&problem.detail, problem.retry_after, request) {
                (Some(detail), _, _) => Some(detail.clone()),
                (None, Some(after), _) => {
                    let after = i64::try_from(after).unwrap_or(i64::MAX);
                    Some(words::problem_note_again(&away(after)))
                }
                (None, None, Some(request)) => {
                    Some(words::problem_note_request(&request.to_string()))
                }
                (None, None, None) => None,
            };
            (problem.code.title().to_owned(), detail)
        }
    }
}
