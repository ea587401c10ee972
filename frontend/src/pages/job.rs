//! One job on a page of its own.

use bulkhead_shared::ids::JobId;
use wasm_split_helpers::wasm_split;
use yew::prelude::*;

use crate::browser;
use crate::components::icon::{Glyph, Icon};
use crate::components::job::{Around, JobPanel};
use crate::components::later::Drawn;
use crate::components::link::{Go, open, open_instead};
use crate::router::use_navigator;
use crate::routes::{Route, Search};
use crate::words;

/// The page, once its part is here.
#[wasm_split(job, fallible)]
pub fn job_page(job: JobId) -> Drawn {
    Ok(html! { <JobPage {job} /> })
}

#[derive(Properties, PartialEq)]
pub struct JobPageProps {
    pub job: JobId,
}

/// The page.
#[component]
pub fn JobPage(props: &JobPageProps) -> Html {
    let navigator = use_navigator();
    use_effect_with(props.job.clone(), |_| {
        browser::set_title(&format!("{} – Bulkhead", words::job_title()));
    });
    let close = {
        let navigator = navigator.clone();
        Callback::from(move |()| {
            if let Some(navigator) = &navigator {
                open(navigator, &Route::History, &Search::default());
            }
        })
    };
    let open = Callback::from(move |(job, instead): (JobId, bool)| {
        if let Some(navigator) = &navigator {
            let step = if instead { open_instead } else { open };
            step(navigator, &Route::Job { job }, &Search::default());
        }
    });
    let around = Around {
        in_dialog: false,
        close,
        open,
        confirmed: Callback::noop(),
    };
    html! {
        <div class="page narrow">
            <Go to={Route::History} class="crumb"><Icon glyph={Glyph::ChevronRight} class="back" />{ words::history_title() }</Go>
            <JobPanel key={props.job.to_string()} job={props.job.clone()} {around} />
        </div>
    }
}
