//! The parts of the app that are no part of the first download: what each is for, and that all of them are
//! fetched before anybody asks, once the browser has nothing better to do.

use std::future::Future;

use crate::browser;
use crate::components::search_box::language;
use crate::components::{help, job, letters, operation_form, reader};
use crate::pages::{connect, contacts, directory, history, senders};

/// Fetches every part. One that does not come is asked for again when it is shown.
pub async fn fetch_when_idle() {
    gently(language::fetch()).await;
    gently(job::fetch()).await;
    gently(job::preview::fetch()).await;
    gently(job::ending::fetch()).await;
    gently(operation_form::fetch()).await;
    gently(reader::fetch()).await;
    gently(help::fetch()).await;
    gently(letters::fetch()).await;
    gently(job::options::fetch()).await;
    gently(job::lists::fetch()).await;
    gently(job::proposals::fetch()).await;
    gently(senders::fetch()).await;
    gently(history::fetch()).await;
    gently(contacts::fetch_part()).await;
    gently(directory::fetch()).await;
    gently(connect::fetch()).await;
}

/// Fetches one, when nobody is kept waiting by that.
async fn gently<T>(part: impl Future<Output = T>) {
    browser::idle().await;
    part.await;
}
