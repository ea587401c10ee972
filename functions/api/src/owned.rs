//! What a path names, for the person who asks: the only way from an id in a path to anything.
//!
//! A handler gets no id, it gets this, and all that can be done with it is written here: each method
//! goes through the engine's one check of whose it is (invariant 6), without a read of its own.

use std::str::FromStr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use bulkhead_engine::access::{self, Owned};
use bulkhead_engine::accounts;
use bulkhead_engine::advice;
use bulkhead_engine::attached;
use bulkhead_engine::bounces;
use bulkhead_engine::classes::Kept;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::download::{self, Download};
use bulkhead_engine::jobs::{children, control, leaving, open_mails, preview};
use bulkhead_engine::jobs::{progress, results, rows};
use bulkhead_engine::models;
use bulkhead_engine::ports::{self, ContactStore, MailImport, MailStore, MailboxStore, Ports};
use bulkhead_engine::records::AccountRecord;
use bulkhead_engine::review::{self, Shown};
use bulkhead_engine::rules;
use bulkhead_engine::scan;
use bulkhead_engine::suppression::{self, SuppressionList};
use bulkhead_engine::templates;
use bulkhead_shared::api::{
    AcceptSuggestion, Account, AccountKind, AccountTest, Advice, AgreeToModel, Bounces, Confirm,
    Correction, DecideReview, DismissSuggestion, DraftRule, GroupBy, GroupOrder, ImportReport,
    ItemOutcomes, Job, JobRows, KeepTemplate, KeptFiles, KeptTemplate, KeptTemplates, Learned,
    LeaveAsIs, LeftOutRows, LookForRule, ModelConsent, Preview, Review, ReviewDecided, ReviewDial,
    ReviewFilter, ReviewSize, RuleLook, Rules, SaveRules, Scan, Senders, Suggestions, Suppress,
    SuppressReport, SuppressedAddresses,
};
use bulkhead_shared::ids::{AccountId, ItemId, JobId, UserId};
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::query::Query;
use http::request::Parts;

use crate::Api;
use crate::auth::Person;
use crate::problem::{OrRefuse, Refusal};

/// Something a person asks for by its id. Whether it is theirs, each method finds out.
pub(crate) struct OwnedBy<T> {
    api: Api,
    user: UserId,
    id: T,
}

impl<T: FromStr> FromRequestParts<Api> for OwnedBy<T> {
    type Rejection = Refusal;

    /// First who asks, then for what: who is nobody learns nothing about ids. One that cannot be an
    /// id is answered like one that does not exist.
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Refusal> {
        let Person(user) = Person::from_request_parts(parts, api).await?;
        let text = axum::extract::Path::<String>::from_request_parts(parts, api).await;
        let text = text.map_err(|_| Refusal::not_found())?.0;
        let id = text.parse().map_err(|_| Refusal::not_found())?;
        let api = api.clone();
        Ok(Self { api, user, id })
    }
}

impl<T> OwnedBy<T> {
    fn ports(&self) -> &Ports {
        &self.api.ports
    }

    fn answer<A>(&self, answer: Result<A, Error>) -> Result<A, Refusal> {
        answer.or_refuse(self.ports())
    }
}

impl OwnedBy<JobId> {
    /// A job that was just made by this person.
    pub(crate) fn made(api: &Api, user: UserId, id: JobId) -> Self {
        let api = api.clone();
        Self { api, user, id }
    }

    /// The job as it stands.
    pub(crate) async fn job(&self) -> Result<Job, Refusal> {
        self.answer(progress::job(self.ports(), &self.user, &self.id).await)
    }

    /// What confirming it would do.
    pub(crate) async fn preview(&self) -> Result<Preview, Refusal> {
        self.answer(preview::preview(self.ports(), &self.user, &self.id).await)
    }

    /// Says yes to it.
    pub(crate) async fn confirm(&self, yes: &Confirm) -> Result<(), Refusal> {
        self.answer(control::confirm(self.ports(), &self.user, &self.id, yes).await)
    }

    /// Holds it.
    pub(crate) async fn pause(&self) -> Result<(), Refusal> {
        self.answer(control::pause(self.ports(), &self.user, &self.id).await)
    }

    /// Goes on with it.
    pub(crate) async fn resume(&self) -> Result<(), Refusal> {
        self.answer(control::resume(self.ports(), &self.user, &self.id).await)
    }

    /// Stops it.
    pub(crate) async fn cancel(&self) -> Result<(), Refusal> {
        self.answer(control::cancel(self.ports(), &self.user, &self.id).await)
    }

    /// Discards it, as long as it is a draft.
    pub(crate) async fn discard(&self) -> Result<(), Refusal> {
        self.answer(control::discard(self.ports(), &self.user, &self.id).await)
    }

    /// Drafts a child that tries again what failed.
    pub(crate) async fn retry(self, makes_folder: bool) -> Result<Self, Refusal> {
        let most = self.api.limits.open_jobs;
        let (ports, user) = (self.ports(), &self.user);
        let child = match makes_folder {
            true => children::retry_making_folder(ports, user, &self.id, most).await,
            false => children::retry(ports, user, &self.id, most).await,
        };
        let id = self.answer(child)?;
        Ok(Self { id, ..self })
    }

    /// Leaves items as they are.
    pub(crate) async fn leave(&self, which: LeaveAsIs) -> Result<(), Refusal> {
        let LeaveAsIs { outcome, reason } = which;
        let left = leaving::leave(self.ports(), &self.user, &self.id, outcome, reason);
        self.answer(left.await)
    }

    /// Drafts a child that does what it was stopped before.
    pub(crate) async fn rest(self) -> Result<Self, Refusal> {
        let most = self.api.limits.open_jobs;
        let child = children::rest(self.ports(), &self.user, &self.id, most).await;
        let id = self.answer(child)?;
        Ok(Self { id, ..self })
    }

    /// Drafts a child that takes back what was done.
    pub(crate) async fn undo(self) -> Result<Self, Refusal> {
        let id = self.answer(children::undo(self.ports(), &self.user, &self.id).await)?;
        Ok(Self { id, ..self })
    }

    /// What came back of its mails.
    pub(crate) async fn bounces(&self) -> Result<Bounces, Refusal> {
        self.answer(bounces::of_job(self.ports(), &self.user, &self.id).await)
    }

    /// Has its account's mailbox looked through for that.
    pub(crate) async fn look_for_bounces(&self) -> Result<Bounces, Refusal> {
        self.answer(bounces::look(self.ports(), &self.user, &self.id).await)
    }

    /// The rows that were left out when it was drafted.
    pub(crate) async fn left_out(&self) -> Result<LeftOutRows, Refusal> {
        self.answer(rows::left_out(self.ports(), &self.user, &self.id).await)
    }

    /// What was brought for each of its items.
    pub(crate) async fn rows(&self) -> Result<JobRows, Refusal> {
        self.answer(rows::rows(self.ports(), &self.user, &self.id).await)
    }

    /// Says of a mail that may have arrived or not that it did.
    pub(crate) async fn arrived(&self, item: &ItemId) -> Result<(), Refusal> {
        self.answer(open_mails::arrived(self.ports(), &self.user, &self.id, item).await)
    }

    /// Drafts a job that sends such a mail once more.
    pub(crate) async fn again(self, item: &ItemId) -> Result<Self, Refusal> {
        let most = self.api.limits.open_jobs;
        let again = open_mails::again(self.ports(), &self.user, &self.id, item, most).await;
        let id = self.answer(again)?;
        Ok(Self { id, ..self })
    }

    /// A page of how its items ended.
    pub(crate) async fn outcomes(
        &self,
        outcome: Option<Outcome>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<ItemOutcomes, Refusal> {
        let (ports, user) = (self.ports(), &self.user);
        self.answer(results::items(ports, user, &self.id, outcome, cursor, limit).await)
    }

    /// How all its items ended, as a file.
    pub(crate) async fn outcomes_csv(&self) -> Result<Download, Refusal> {
        self.answer(download::outcomes_csv(self.ports(), &self.user, &self.id).await)
    }

    /// All that is on record of it, as a file.
    pub(crate) async fn bundle(&self) -> Result<Download, Refusal> {
        self.answer(download::bundle(self.ports(), &self.user, &self.id).await)
    }

    /// The file that it made.
    pub(crate) async fn export(&self) -> Result<Download, Refusal> {
        self.answer(download::export(self.ports(), &self.user, &self.id).await)
    }
}

impl OwnedBy<AccountId> {
    /// An account that a request names elsewhere than in its path.
    pub(crate) fn named(api: &Api, user: UserId, id: AccountId) -> Self {
        let api = api.clone();
        Self { api, user, id }
    }

    /// The account as its owner sees it.
    pub(crate) async fn account(&self) -> Result<Account, Refusal> {
        Ok(accounts::get(self.ports(), self.record().await?))
    }

    /// Tries it.
    pub(crate) async fn test(&self) -> Result<AccountTest, Refusal> {
        self.answer(accounts::test(self.ports(), &self.record().await?).await)
    }

    /// Forgets it.
    pub(crate) async fn forget(&self) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(accounts::delete(self.ports(), &self.user, record).await)
    }

    /// Opens it.
    pub(crate) async fn open(&self) -> Result<Arc<dyn ports::Account>, Refusal> {
        let record = self.record().await?.into_inner();
        self.answer(accounts::open(self.ports(), &record).await)
    }

    /// Opens it as one that takes files of mail. Others are not even opened.
    pub(crate) async fn import(&self) -> Result<Option<Arc<dyn MailImport>>, Refusal> {
        let record = self.record().await?.into_inner();
        if record.kind != AccountKind::Sandbox {
            return Ok(None);
        }
        let open = self.answer(accounts::open(self.ports(), &record).await)?;
        Ok(open.import())
    }

    /// Records that a file of mail was taken in.
    pub(crate) async fn imported(&self, report: &ImportReport) -> Result<(), Refusal> {
        self.answer(accounts::imported(self.ports(), &self.user, &self.id, report).await)
    }

    /// Opens its mails. An account without any is answered like what does not exist.
    pub(crate) async fn mail(&self) -> Result<Arc<dyn MailStore>, Refusal> {
        self.open().await?.mail().ok_or_else(Refusal::not_found)
    }

    /// What its mails are about, as far as somebody looked at them, for a list of what this query finds.
    pub(crate) async fn classes_for(&self, query: &Query) -> Result<Kept, Refusal> {
        let account = self.record().await?;
        self.answer(Kept::load_for(self.ports(), &account.get().id, query).await)
    }

    /// Opens its contacts. An account without any is answered like what does not exist.
    pub(crate) async fn contacts(&self) -> Result<Arc<dyn ContactStore>, Refusal> {
        self.open().await?.contacts().ok_or_else(Refusal::not_found)
    }

    /// Who fills its mailbox, as far as headers were read.
    pub(crate) async fn senders(
        &self,
        by: GroupBy,
        order: GroupOrder,
        limit: u32,
    ) -> Result<Senders, Refusal> {
        let record = self.record().await?;
        let found = scan::senders(self.ports(), &record, by, order, limit as usize).await;
        self.answer(found)
    }

    /// Has its headers read.
    pub(crate) async fn scan(&self) -> Result<Scan, Refusal> {
        let record = self.record().await?;
        self.answer(scan::start(self.ports(), &self.user, &record).await)
    }

    /// Has its senders and lists weighed.
    pub(crate) async fn advise(&self) -> Result<Advice, Refusal> {
        let record = self.record().await?;
        self.answer(advice::start(self.ports(), &self.user, &record).await)
    }

    /// What is suggested for it.
    pub(crate) async fn suggestions(&self) -> Result<Suggestions, Refusal> {
        let record = self.record().await?;
        self.answer(advice::suggestions(self.ports(), &record).await)
    }

    /// Drafts what is suggested.
    pub(crate) async fn accept(self, wanted: &AcceptSuggestion) -> Result<OwnedBy<JobId>, Refusal> {
        let record = self.record().await?;
        let most = self.api.limits.open_jobs;
        let job = advice::accept(self.ports(), &self.user, &record, wanted, most).await;
        let id = self.answer(job)?;
        Ok(OwnedBy {
            api: self.api,
            user: self.user,
            id,
        })
    }

    /// Notes that something suggested is not wanted.
    pub(crate) async fn dismiss(&self, wanted: &DismissSuggestion) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(advice::dismiss(self.ports(), &record, wanted).await)
    }

    /// What was learned from decisions.
    pub(crate) async fn learned(&self) -> Result<Learned, Refusal> {
        let record = self.record().await?;
        self.answer(advice::learned(self.ports(), &record).await)
    }

    /// Puts right a part of that.
    pub(crate) async fn correct(&self, wanted: &Correction) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(advice::correct(self.ports(), &record, wanted).await)
    }

    /// Forgets all of it.
    pub(crate) async fn unlearn(&self) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(advice::forget(self.ports(), &record).await)
    }

    /// Its mails that wait for a person, or did.
    pub(crate) async fn review(
        &self,
        shown: Shown,
        filter: &ReviewFilter,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<Review, Refusal> {
        let record = self.record().await?;
        self.answer(review::review(self.ports(), &record, shown, filter, cursor, limit).await)
    }

    /// How many those are.
    pub(crate) async fn review_size(&self) -> Result<ReviewSize, Refusal> {
        let record = self.record().await?;
        self.answer(review::size(self.ports(), &record).await)
    }

    /// Decides about them.
    pub(crate) async fn decide_review(
        &self,
        wanted: &DecideReview,
    ) -> Result<ReviewDecided, Refusal> {
        let record = self.record().await?;
        let most = self.api.limits.open_jobs;
        self.answer(review::decide(self.ports(), &self.user, &record, wanted, most).await)
    }

    /// Sets how sure proposals have to be.
    pub(crate) async fn set_dial(&self, wanted: &ReviewDial) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(review::set_dial(self.ports(), &record, wanted).await)
    }

    /// Its rules.
    pub(crate) async fn rules(&self) -> Result<Rules, Refusal> {
        let record = self.record().await?;
        self.answer(rules::rules(self.ports(), &record).await)
    }

    /// Stores its rules.
    pub(crate) async fn save_rules(&self, wanted: &SaveRules) -> Result<Rules, Refusal> {
        let record = self.record().await?;
        self.answer(rules::save(self.ports(), &self.user, &record, wanted).await)
    }

    /// Has it looked through for one of them.
    pub(crate) async fn look_for_rule(&self, wanted: &LookForRule) -> Result<RuleLook, Refusal> {
        let record = self.record().await?;
        self.answer(rules::look(self.ports(), &self.user, &record, wanted).await)
    }

    /// Somebody opened it: its rules look for new mail.
    pub(crate) async fn opened(&self) -> Result<(), Refusal> {
        self.record().await?;
        self.answer(rules::opened(self.ports(), &self.id).await)
    }

    /// Drafts what a run of one of them found.
    pub(crate) async fn draft_rule(self, wanted: &DraftRule) -> Result<OwnedBy<JobId>, Refusal> {
        let record = self.record().await?;
        let most = self.api.limits.open_jobs;
        let job = rules::draft(self.ports(), &self.user, &record, wanted, most).await;
        let id = self.answer(job)?;
        Ok(OwnedBy {
            api: self.api,
            user: self.user,
            id,
        })
    }

    /// Keeps files that go along with its mails.
    pub(crate) async fn keep_files(&self, files: &[&[u8]]) -> Result<KeptFiles, Refusal> {
        let record = self.record().await?;
        self.answer(attached::keep(self.ports(), &self.user, &record, files).await)
    }

    /// The templates that are kept with it.
    pub(crate) async fn templates(&self) -> Result<KeptTemplates, Refusal> {
        let record = self.record().await?;
        self.answer(templates::list(self.ports(), &record).await)
    }

    /// A version of one of them.
    pub(crate) async fn template(
        &self,
        name: &str,
        version: Option<u32>,
    ) -> Result<KeptTemplate, Refusal> {
        let record = self.record().await?;
        self.answer(templates::get(self.ports(), &record, name, version).await)
    }

    /// Keeps one.
    pub(crate) async fn keep_template(
        &self,
        wanted: &KeepTemplate,
    ) -> Result<KeptTemplate, Refusal> {
        let record = self.record().await?;
        self.answer(templates::keep(self.ports(), &record, wanted).await)
    }

    /// Forgets one.
    pub(crate) async fn forget_template(&self, name: &str) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(templates::forget(self.ports(), &self.user, &record, name).await)
    }

    /// A page of those who get no mail from it.
    pub(crate) async fn suppressed(
        &self,
        search: Option<&str>,
        cursor: Option<&str>,
        limit: u32,
    ) -> Result<SuppressedAddresses, Refusal> {
        let record = self.record().await?;
        let page = suppression::page(self.ports(), &record, search, cursor, limit).await;
        self.answer(page)
    }

    /// All of those who get no mail from it.
    pub(crate) async fn suppression_list(&self) -> Result<SuppressionList, Refusal> {
        let record = self.record().await?;
        self.answer(suppression::list(self.ports(), &record).await)
    }

    /// Has addresses get no more mail from it.
    pub(crate) async fn suppress(&self, wanted: &Suppress) -> Result<SuppressReport, Refusal> {
        let record = self.record().await?;
        self.answer(suppression::add(self.ports(), &self.user, &record, wanted).await)
    }

    /// Lets an address get mail from it again.
    pub(crate) async fn release(&self, address: &str) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(suppression::remove(self.ports(), &self.user, &record, address).await)
    }

    /// What is sent of its mails to the chosen model.
    pub(crate) async fn model_consent(&self) -> Result<ModelConsent, Refusal> {
        let record = self.record().await?;
        self.answer(models::consent(self.ports(), &self.user, &record).await)
    }

    /// Agrees that it is sent there.
    pub(crate) async fn agree_to_model(&self, to: &AgreeToModel) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(models::agree(self.ports(), &self.user, &record, to).await)
    }

    /// Takes that back.
    pub(crate) async fn withdraw_from_model(&self) -> Result<(), Refusal> {
        let record = self.record().await?;
        self.answer(models::withdraw(self.ports(), &self.user, &record).await)
    }

    /// Opens the directory of mailboxes. An account without one is answered like what does not exist.
    pub(crate) async fn mailboxes(&self) -> Result<Arc<dyn MailboxStore>, Refusal> {
        self.open()
            .await?
            .mailboxes()
            .ok_or_else(Refusal::not_found)
    }

    async fn record(&self) -> Result<Owned<AccountRecord>, Refusal> {
        self.answer(access::account(self.ports(), &self.user, &self.id).await)
    }
}
