//! From a button to a draft: what has to be named first, then the request, then the job's own view.

use std::rc::Rc;

use bulkhead_shared::abilities::LabelSystem;
use bulkhead_shared::api::{Account, Job, NewJob};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::operations::{Operation, OperationName};
use yew::prelude::*;

use crate::api;
use crate::browser;
use crate::components::drafting::{Drafting, Wish};
use crate::components::operation_form::OperationForm;
use crate::components::toolbar::Wanted;
use crate::copy::numbers::mails;
use crate::hooks::loading::use_loading;
use crate::state::picks::Picks;

/// The way from a button to a draft.
pub struct DraftFlow {
    /// A button of the toolbar or its key was pressed.
    pub want: Callback<Wanted>,
    /// The dialogs on the way.
    pub dialogs: Html,
}

/// Leads from a button to a draft of these picks, and hands the draft's id to `on_draft`.
#[hook]
pub fn use_draft_flow(
    account: &Account,
    query: &str,
    picks: UseReducerHandle<Picks>,
    matching: Option<u64>,
    on_draft: Callback<JobId>,
) -> DraftFlow {
    let asking_for = use_state(|| None::<OperationName>);
    let wish = use_state(|| None::<Wish>);
    let folders = use_loading((account.id.clone(), *asking_for), |(id, operation)| {
        operation.map(|_| api::folders(id))
    });
    let operate = {
        let (wish, asking_for) = (wish.clone(), asking_for.clone());
        let (picks, id, query) = (picks.clone(), account.id.clone(), Rc::<str>::from(query));
        Callback::from(move |operation: Operation| {
            asking_for.set(None);
            wish.set(Some(Wish {
                key: browser::random_key(),
                job: NewJob {
                    account: id.clone(),
                    operation,
                    selection: picks.to_selection(&query),
                    options: Default::default(),
                },
            }));
        })
    };
    let want = {
        let (operate, asking_for) = (operate.clone(), asking_for.clone());
        Callback::from(move |wanted: Wanted| match wanted {
            Wanted::Operation(operation) => operate.emit(operation),
            Wanted::Ask(operation) => asking_for.set(Some(operation)),
        })
    };
    let drafted = {
        let wish = wish.clone();
        Callback::from(move |job: Job| {
            wish.set(None);
            on_draft.emit(job.id);
        })
    };
    let selected = picks.count(matching);
    let selected = selected.map_or("all that match".to_owned(), mails);
    let abilities = account.abilities(Kind::Mail);
    let labels = abilities.and_then(|abilities| abilities.labels);
    let labels = labels.unwrap_or(LabelSystem::Labels);
    let stop_asking = Callback::from({
        let asking_for = asking_for.clone();
        move |()| asking_for.set(None)
    });
    let give_up = Callback::from({
        let wish = wish.clone();
        move |()| wish.set(None)
    });
    let dialogs = html! {
        <>
            if let Some(operation) = *asking_for {
                <OperationForm {operation} {selected} folders={folders.remote} {labels} on_operation={operate} on_close={stop_asking} />
            }
            if let Some(wanted) = &*wish {
                <Drafting wish={wanted.clone()} on_draft={drafted} on_close={give_up} />
            }
        </>
    };
    DraftFlow { want, dialogs }
}
