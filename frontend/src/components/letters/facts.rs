//! The letter of a draft: from whom, of which template, about what.

use bulkhead_shared::api::Job;
use bulkhead_shared::operations::{BulkSend, Operation};
use yew::prelude::*;

use crate::browser;
use crate::state::attaching::size;
use crate::words;

/// The facts; nothing of a job that sends none.
pub fn facts(job: &Job) -> Html {
    let Operation::BulkSend(send) = &job.operation else {
        return Html::default();
    };
    let template = send.template.clone();
    let template = template.unwrap_or_else(|| words::letters_facts_no_name().to_owned());
    let attempt = match (send.hold_seconds.unwrap_or(10), send.not_before) {
        (_, Some(at)) => words::letters_facts_not_before(&browser::full(at)),
        (0, None) => words::letters_facts_at_once().to_owned(),
        (seconds, None) => words::letters_facts_after(seconds.into()),
    };
    html! {
        <dl class="letter-facts" data-testid="letter-facts">
            <dt>{ words::letters_facts_from() }</dt><dd>{ &send.from }</dd>
            <dt>{ words::letters_facts_subject() }</dt><dd data-testid="letter-subject">{ &send.subject }</dd>
            <dt>{ words::letters_facts_template() }</dt><dd data-testid="letter-template">{ template }</dd>
            if let Some(files) = files(send, job.files_not_listed) {
                <dt>{ words::letters_facts_files() }</dt><dd data-testid="letter-files">{ files }</dd>
            }
            <dt>{ words::letters_facts_begins() }</dt><dd>{ attempt }</dd>
        </dl>
    }
}

/// The files that go along; none if there are none.
fn files(send: &BulkSend, not_listed: usize) -> Option<String> {
    let all = send.attachments.iter();
    let all = all.map(|file| format!("{} ({})", file.name, size(file.bytes)));
    let mut files: Vec<String> = all.collect();
    if let Some(column) = &send.file_column {
        let count = send.files.len() + not_listed;
        files.push(words::letters_facts_one_each(count as u64, column));
    }
    (!files.is_empty()).then(|| files.join(", "))
}
