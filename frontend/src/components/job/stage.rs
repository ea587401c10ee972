//! What each state's view of a job is given.

use bulkhead_shared::api::Job;
use bulkhead_shared::ids::JobId;
use yew::prelude::*;

use crate::hooks::job_poll::WatchedJob;

/// What surrounds a job panel and what it may ask of its surroundings.
#[derive(Clone, PartialEq)]
pub struct Around {
    /// In a dialog, or as a page.
    pub in_dialog: bool,
    /// Closes the panel. The job goes on.
    pub close: Callback<()>,
    /// Shows another job in its place; the flag says that Back skips this one.
    pub open: Callback<(JobId, bool)>,
    /// The job was confirmed: what was selected for it is settled.
    pub confirmed: Callback<()>,
}

/// What each state's view gets.
#[derive(Properties, PartialEq, Clone)]
pub struct StageProps {
    /// The job as last told.
    pub job: Job,
    /// What it does, in words.
    pub title: AttrValue,
    /// The watch that told it.
    pub watched: WatchedJob,
    /// What surrounds it.
    pub around: Around,
}
