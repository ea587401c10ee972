//! The parts of the app that are no part of the first download: what each is for, and that all of them are
//! fetched before anybody asks, once the browser has nothing better to do.

use crate::api;
use crate::components::search_box::language;
use crate::components::{help, job, letters, operation_form, reader};
use crate::pages::{connect, contacts, directory, history, senders};

/// Fetches every part. One that does not come is asked for again when it is shown.
pub async fn fetch_when_idle() {
    api::after_the_list().await;
    let _ = api::fetch_reader_of_jobs().await;
    let _ = language::fetch().await;
    let _ = job::fetch().await;
    let _ = job::preview::fetch().await;
    let _ = job::ending::fetch().await;
    let _ = operation_form::fetch().await;
    let _ = reader::fetch().await;
    let _ = help::fetch().await;
    let _ = letters::fetch().await;
    let _ = job::options::fetch().await;
    let _ = job::lists::fetch().await;
    let _ = job::proposals::fetch().await;
    let _ = senders::fetch().await;
    let _ = history::fetch().await;
    let _ = contacts::fetch_part().await;
    let _ = directory::fetch().await;
    let _ = connect::fetch().await;
}
