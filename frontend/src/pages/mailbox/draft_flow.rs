//! From a button to a job: what has to be named first, then the request, then the job's own view. What is
//! small and comes back exactly has no dialog at all: it is done, and can be taken back.

use std::collections::BTreeSet;
use std::rc::Rc;

use bulkhead_shared::abilities::{Abilities, LabelSystem, Reversibility};
use bulkhead_shared::api::{Account, ConfirmBy, Job, NewJob};
use bulkhead_shared::ids::{ItemId, JobId};
use bulkhead_shared::kinds::Kind;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Operation, OperationName};
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::api;
use crate::components::drafting::{Wish, drafting};
use crate::components::job::frame::JobDialog;
use crate::components::job::{Around, panel};
use crate::components::later::later;
use crate::components::operation_form::{OperationFormProps, operation_form};
use crate::components::search_box::language::leaves_list;
use crate::components::toolbar::Wanted;
use crate::components::undo_bar::Undoing;
use crate::copy::numbers::items;
use crate::hooks::dropping_drafts::use_dropping_drafts;
use crate::hooks::loading::use_loading;
use crate::hooks::rows::UseRows;
use crate::session::Session;
use crate::state::picks::Picks;
use crate::state::rows::Listed;
use crate::words;

/// The way from a button to a draft.
pub struct DraftFlow {
    /// A button of the toolbar or its key was pressed.
    pub want: Callback<Wanted>,
    /// A job that is put together elsewhere is drafted.
    pub draft: Callback<NewJob>,
    /// The dialogs on the way.
    pub dialogs: Html,
}

/// A list that jobs are drafted from.
#[derive(Clone, PartialEq)]
pub struct ListOf {
    /// Whose.
    pub account: Account,
    /// What is listed.
    pub kind: Kind,
    /// The search.
    pub query: String,
}

/// Leads from a button to a job on these picks, and shows the job that is in front of the list.
#[hook]
pub fn use_draft_flow<T: Listed + 'static>(
    of: &ListOf,
    job: Option<JobId>,
    picks: UseReducerHandle<Picks>,
    list: &UseRows<T>,
    around: Around,
) -> DraftFlow {
    let (account, kind, query) = (&of.account, of.kind, of.query.as_str());
    let session = use_context::<Session>();
    let undoing = use_context::<Undoing>();
    let asking_for = use_state(|| None::<OperationName>);
    let wish = use_state(|| None::<Wish>);
    use_dropping_drafts(job.clone());
    let folders = use_loading((account.id.clone(), *asking_for), |(id, operation)| {
        let of_mails = operation.filter(|name| name.about().kind == Some(Kind::Mail));
        of_mails.map(|_| api::folders(id))
    });
    let abilities = account.abilities(kind);
    let operate = {
        let (wish, asking_for) = (wish.clone(), asking_for.clone());
        let (picks, id, query) = (picks.clone(), account.id.clone(), Rc::<str>::from(query));
        let at_once = AtOnce {
            wish: wish.clone(),
            session: session.clone(),
            undoing: undoing.clone(),
            leave: list.leave.clone(),
            reload: list.reload.clone(),
            around: around.clone(),
        };
        let abilities = abilities.cloned();
        Callback::from(move |operation: Operation| {
            asking_for.set(None);
            let small = small(&picks, &operation, abilities.as_ref());
            let wanted = Wish::sent(NewJob {
                confirm: small.map(|_| ConfirmBy::IfReversible),
                ..NewJob::with_care(id.clone(), operation, picks.to_selection(&query))
            });
            match small {
                Some(ids) => at_once
                    .clone()
                    .begin(wanted, ids.clone(), query.to_string()),
                None => wish.set(Some(wanted)),
            }
        })
    };
    let want = {
        let (operate, asking_for) = (operate.clone(), asking_for.clone());
        Callback::from(move |wanted: Wanted| match wanted {
            Wanted::Operation(operation) => operate.emit(*operation),
            Wanted::Ask(operation) => asking_for.set(Some(operation)),
        })
    };
    let count = picks.count(Some(list.rows.total() as u64));
    let selected = match count {
        Some(count) => items(count, kind),
        None => words::mailbox_all_that_match().to_owned(),
    };
    let labels = abilities.and_then(|abilities| abilities.labels);
    let labels = labels.unwrap_or(LabelSystem::Labels);
    let stop_asking = Callback::from({
        let asking_for = asking_for.clone();
        move |()| asking_for.set(None)
    });
    let dialogs = html! {
        <>
            if let Some(operation) = *asking_for {
                { form(OperationFormProps {
                    operation,
                    selected: selected.into(),
                    count,
                    account: account.id.clone(),
                    folders: folders.remote,
                    labels,
                    on_operation: operate,
                    on_close: stop_asking,
                }) }
            }
            { job_dialog(&wish, job, around, session, undoing) }
        </>
    };
    let draft = {
        let wish = wish.clone();
        Callback::from(move |job: NewJob| wish.set(Some(Wish::sent(job))))
    };
    DraftFlow {
        want,
        draft,
        dialogs,
    }
}

fn form(props: OperationFormProps) -> Html {
    later("form", move || operation_form(props.clone()))
}

/// One dialog for a wish and the job that it becomes.
fn job_dialog(
    wish: &UseStateHandle<Option<Wish>>,
    job: Option<JobId>,
    around: Around,
    session: Option<Session>,
    undoing: Option<Undoing>,
) -> Html {
    if wish.is_none() && job.is_none() {
        return Html::default();
    }
    let close = {
        let (wish, around, job) = (wish.clone(), around.clone(), job.clone());
        Callback::from(move |()| {
            wish.set(None);
            let Some(job) = &job else { return };
            around.close.emit(());
            // What was just done can still be taken back when its dialog is gone.
            let known = session.as_ref().and_then(|session| session.known.get(job));
            let ended = known.filter(|job| job.state.is_ended() && job.confirmed_at.is_some());
            if let (Some(ended), Some(undoing)) = (ended, &undoing) {
                undoing.offer.emit(ended.clone());
            }
        })
    };
    let drafted = {
        let (wish, open) = (wish.clone(), around.open.clone());
        Callback::from(move |job: Job| {
            open.emit((job.id, false));
            wish.set(None);
        })
    };
    let around = Around {
        close: close.clone(),
        ..around
    };
    html! {
        <JobDialog on_close={close}>
            if let Some(job) = job {
                { later("job", move || panel(job.clone(), around.clone())) }
            } else if let Some(wanted) = (**wish).clone() {
                { later("drafting", move || drafting(wanted.clone(), drafted.clone())) }
            }
        </JobDialog>
    }
}

/// The mails of a selection that may be changed without a look beforehand.
fn small<'a>(
    picks: &'a Picks,
    operation: &Operation,
    abilities: Option<&Abilities>,
) -> Option<&'a BTreeSet<ItemId>> {
    let ability = abilities?.of(operation.name())?;
    let exact = ability.undo == Reversibility::Exact && operation.target().is_some();
    let ids = picks.one_by_one().filter(|_| exact)?;
    (!ids.is_empty() && ids.len() as u64 <= limits::AT_ONCE_ITEMS).then_some(ids)
}

/// What is done without a dialog tells of itself.
#[derive(Clone)]
struct AtOnce {
    wish: UseStateHandle<Option<Wish>>,
    session: Option<Session>,
    undoing: Option<Undoing>,
    leave: Callback<Rc<BTreeSet<ItemId>>>,
    reload: Callback<()>,
    around: Around,
}

impl AtOnce {
    /// Begins; rows that are about to leave the list of this search leave it now.
    fn begin(self, wanted: Wish, ids: BTreeSet<ItemId>, query: String) {
        self.around.confirmed.emit(());
        let (operation, leave) = (wanted.job.operation.clone(), self.leave.clone());
        spawn_local(async move {
            if matches!(leaves_list(operation, query).await, Ok(true)) {
                leave.emit(Rc::new(ids));
            }
        });
        spawn_local(async move {
            match wanted.answer().await {
                Ok(job) if job.confirmed_at.is_some() => self.begun(job),
                Ok(job) => {
                    self.reload.emit(());
                    self.remember(&job, wanted.job);
                    self.around.open.emit((job.id, false));
                }
                // The dialog sends the same wish again, and says what is wrong.
                Err(_) => {
                    self.reload.emit(());
                    self.wish.set(Some(wanted));
                }
            }
        });
    }

    fn begun(self, job: Job) {
        if let Some(session) = self.session {
            session.tell_job.emit(job.clone());
        }
        if let Some(undoing) = self.undoing {
            undoing.begun.emit(job);
        }
    }

    fn remember(&self, job: &Job, asked: NewJob) {
        if let Some(session) = &self.session {
            session.intentions.remember(job.id.clone(), asked);
            session.tell_job.emit(job.clone());
        }
    }
}
