//! The letter of a draft: from whom, of which template, about what.

use bulkhead_shared::api::Job;
use bulkhead_shared::operations::{BulkSend, Operation};
use yew::prelude::*;

use crate::state::attaching::size;

/// The facts; nothing of a job that sends none.
pub fn facts(job: &Job) -> Html {
    let Operation::BulkSend(send) = &job.operation else {
        return Html::default();
    };
    let template = send.template.clone();
    let template = template.unwrap_or_else(|| "has no name".to_owned());
    let attempt = match (send.hold_seconds.unwrap_or(10), send.not_before) {
        (_, Some(at)) => format!("not before {}", crate::browser::full(at)),
        (0, None) => "at once".to_owned(),
        (seconds, None) => {
            format!("{seconds} seconds after you confirm; until then all of it can be stopped")
        }
    };
    html! {
        <dl class="letter-facts" data-testid="letter-facts">
            <dt>{ "From" }</dt><dd>{ &send.from }</dd>
            <dt>{ "Subject" }</dt><dd data-testid="letter-subject">{ &send.subject }</dd>
            <dt>{ "Template" }</dt><dd data-testid="letter-template">{ template }</dd>
            if let Some(files) = files(send, job.files_not_listed) {
                <dt>{ "Files" }</dt><dd data-testid="letter-files">{ files }</dd>
            }
            <dt>{ "Begins" }</dt><dd>{ attempt }</dd>
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
        files.push(format!("one of {count} for each, as “{column}” says"));
    }
    (!files.is_empty()).then(|| files.join(", "))
}
