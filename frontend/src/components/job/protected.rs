//! What a preview says of protected mails: those that are kept out of the job, and those that are part of it.

use bulkhead_shared::api::{Job, KeptOut, NewJob, Preview};
use bulkhead_shared::options::{JobOptions, Protected};
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::Around;
use crate::components::job::redraft::{asked_for, instead};
use crate::components::problem_note::ProblemNote;
use crate::hooks::asking::use_asking;
use crate::session::Session;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct KeptOutMailsProps {
    pub job: Job,
    pub preview: Preview,
    pub around: Around,
}

/// What is kept out; nothing where nothing is.
#[component]
pub fn KeptOutMails(props: &KeptOutMailsProps) -> Html {
    let kept_out = props.preview.kept_out.filter(|kept| kept.total() > 0);
    html! {
        if let Some(kept_out) = kept_out {
            <KeptOutNote job={props.job.clone()} {kept_out} around={props.around.clone()} />
        }
    }
}

#[derive(Properties, PartialEq)]
struct KeptOutProps {
    job: Job,
    kept_out: KeptOut,
    around: Around,
}

/// What is kept out, and the button that takes it too.
#[component]
fn KeptOutNote(props: &KeptOutProps) -> Html {
    let session = use_context::<Session>();
    let intentions = session
        .map(|session| session.intentions)
        .unwrap_or_default();
    let asking = use_asking();
    // One key for one wish: pressing again after a lost answer makes no second draft.
    let key = use_memo(props.job.id.clone(), |_| browser::random_key());
    let asked = asked_for(&props.job, true, &intentions);
    let take = asked.map(|asked| {
        let (asking, open, old) = (
            asking.clone(),
            props.around.open.clone(),
            props.job.id.clone(),
        );
        let wanted = NewJob {
            options: JobOptions {
                protected: Some(Protected::Take),
                ..asked.options.clone()
            },
            ..asked
        };
        let key = (*key).clone();
        Callback::from(move |_: MouseEvent| {
            let (wanted, key, old) = (wanted.clone(), key.clone(), old.clone());
            let (intentions, open, sent) = (intentions.clone(), open.clone(), wanted.clone());
            let call = async move { instead(old, &wanted, &key).await };
            asking.make("take", call, move |draft: Job| {
                intentions.remember(draft.id.clone(), sent);
                open.emit((draft.id, true));
            });
        })
    });
    let total = props.kept_out.total();
    html! {
        <div class="note note-quiet kept-out" data-testid="kept-out" data-count={total.to_string()}>
            <Icon glyph={Glyph::Shield} />
            <div class="note-text">
                { words::job_protected_kept_out(&told(&props.kept_out)) }
                if let Some(error) = &asking.error { <ProblemNote error={error.clone()} /> }
            </div>
            if let Some(take) = take {
                <button type="button" class="button small" onclick={take} disabled={asking.busy.is_some()}
                    data-testid="take-protected">{ words::job_protected_take(total) }</button>
            }
        </div>
    }
}

/// “12 starred, 3 answered”.
fn told(kept_out: &KeptOut) -> String {
    joined(&[
        (kept_out.starred, words::job_protected_starred),
        (kept_out.answered, words::job_protected_answered),
        (kept_out.of_senders, words::job_protected_of_senders),
        (kept_out.labelled, words::job_protected_labelled),
    ])
}

/// What says of so many mails why they are protected.
type Counts = fn(u64) -> String;

fn joined(causes: &[(u64, Counts)]) -> String {
    let causes = causes.iter().filter(|(mails, _)| *mails > 0);
    let causes: Vec<String> = causes.map(|(mails, says)| says(*mails)).collect();
    causes.join(", ")
}

/// Of what goes out of sight: how many are starred or answered.
pub fn taken(job: &Job, preview: &Preview) -> Option<String> {
    let summary = preview.summary.as_ref().filter(|_| job.operation.hides())?;
    let said = joined(&[
        (summary.starred, words::job_protected_starred),
        (summary.answered, words::job_protected_answered),
    ]);
    (!said.is_empty()).then(|| words::job_protected_taken(&said))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cause_is_told_with_its_count() {
        let kept_out = KeptOut {
            starred: 1_200,
            answered: 3,
            of_senders: 0,
            labelled: 1,
        };
        assert_eq!(
            told(&kept_out),
            "1,200 starred, 3 answered, 1 with a label you always keep"
        );
    }
}
