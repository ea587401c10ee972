//! Rows that get no mail, because their addresses are on the account's list of those who get none.

use bulkhead_shared::api::LeftOutRow;
use bulkhead_shared::ids::JobId;
use yew::prelude::*;

use crate::api;
use crate::components::problem_note::ProblemNote;
use crate::hooks::loading::use_loading;
use crate::remote::Remote;
use crate::words;

#[derive(Properties, PartialEq)]
pub struct LeftOutProps {
    pub job: JobId,
}

/// Those of a draft; nothing where there are none.
#[component]
pub fn LeftOut(props: &LeftOutProps) -> Html {
    let found = use_loading(props.job.clone(), |job| Some(api::left_out(job)));
    match &found.remote {
        Remote::NotAsked | Remote::Loading => Html::default(),
        Remote::Failed(error) => {
            html! { <ProblemNote error={error.clone()} retry={found.reload} /> }
        }
        Remote::Ready(found) => rows_left_out(found.total, &found.rows),
    }
}

/// How many they are, and each with why; nothing where there are none.
pub fn rows_left_out(total: u64, rows: &[LeftOutRow]) -> Html {
    if total == 0 {
        return Html::default();
    }
    let more = total.saturating_sub(rows.len() as u64);
    html! {
        <details class="options" data-testid="left-out" data-count={total.to_string()}>
            <summary>{ words::letters_left_out(total) }</summary>
            <ul class="left-out">
                { for rows.iter().map(row) }
                if more > 0 { <li class="muted">{ words::and_more(more) }</li> }
            </ul>
        </details>
    }
}

fn row(left: &LeftOutRow) -> Html {
    html! {
        <li key={left.row} data-testid="left-out-row">
            <span class="muted">{ words::letters_row(&left.row.to_string()) }</span>
            <span>{ &left.address }</span>
            <span class="muted">{ left.why.label() }</span>
        </li>
    }
}
