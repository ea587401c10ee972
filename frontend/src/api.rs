//! One function per call of the API. How a call travels is in `send`; nothing else knows about HTTP.

mod call_error;
mod early;
mod of_jobs;
mod said;
mod send;
mod soon;
mod turns;
mod upload;

use std::ops::Range;

use bulkhead_shared::api::{
    AcceptSuggestion, Account, AccountTest, Accounts, AddressBooks, Advice, AgreeToModel,
    AuditEvent, AuditEvents, BASE, BatchAccepted, BatchRequest, BatchStatus, Bounces, BringCode,
    ChooseModel, ChosenModel, Confirm, Consent, Contacts, Correction, DecideReview, Dials,
    Discovered, DismissSuggestion, DraftRule, EmailId, Emails, Folders, ImportReport, ItemOutcomes,
    Items, Job, JobRows, Jobs, KeepTemplate, KeptFiles, KeptTemplate, KeptTemplates, Learned,
    LeaveAsIs, LeftOutRows, LettersSeen, Link, LookAtLetters, LookForRule, MailAddress, Mailboxes,
    Message, ModelConsent, NewAccount, NewJob, OpenMail, Preview, Review, ReviewDecided,
    ReviewDial, ReviewFilter, ReviewSize, RuleLook, Rules, SaveRules, Scan, Senders, SessionKey,
    SignIn, Suggestions, Suppress, SuppressReport, SuppressedAddresses, Why, Workbook,
};
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::outcome::Outcome;
use bulkhead_shared::problem::Code;
use bulkhead_shared::proposal::Proposal;
use gloo_net::http::{Request, RequestBuilder, Response};
use serde::de::DeserializeOwned;

pub use call_error::{Answer, CallError};
pub use of_jobs::fetch as fetch_reader_of_jobs;
use said::Said;
use send::send;
pub use turns::after_the_list;

use crate::{browser, sign_in};

/// What a status call found.
pub struct JobNews {
    /// The job; none: as it was when the tag was given out.
    pub job: Option<Job>,
    /// Hand it back with the next call.
    pub etag: Option<String>,
    /// Milliseconds after which it is worth asking again.
    pub ask_again: Option<u32>,
}

/// How people sign in here. Everybody may ask.
pub async fn sign_in() -> Answer<SignIn> {
    let request = Request::get(&path("/sign-in")).build();
    let request = request.map_err(|_| CallError::Unreadable(0))?;
    Said::of(send::by_anybody(request).await?).await?.read()
}

/// Trades the code of the printed address, or the token, for a session: the browser keeps its cookie, the
/// app its key. Whether both are kept, [`is_let_in`] tells: a browser may keep nothing for this page.
pub async fn bring_code(code: String) -> Answer<()> {
    let session: SessionKey = write(Request::post("/sign-in"), &BringCode { code }).await?;
    sign_in::keep_key(&session.key);
    Ok(())
}

/// Whether this browser has a session. Whatever else is wrong shows on the page behind.
pub async fn is_let_in() -> bool {
    let refused = accounts().await.err().and_then(|error| error.code());
    refused != Some(Code::Unauthenticated)
}

/// Gives the browser's cookie back.
pub async fn sign_out() -> Answer<()> {
    sent(Request::post("/sign-out")).await.map(drop)
}

/// All accounts of the person who is signed in.
pub async fn accounts() -> Answer<Vec<Account>> {
    let found: Accounts = read(Request::get(&path("/accounts"))).await?;
    Ok(found.accounts)
}

/// Connects an account.
pub async fn connect(account: NewAccount) -> Answer<Account> {
    write(Request::post(&path("/accounts")), &account).await
}

/// Connects a mailbox by a consent that was just given.
pub async fn connect_by_consent(consent: Consent) -> Answer<Account> {
    write(Request::post(&path("/accounts/consents")), &consent).await
}

/// Tries a connection without keeping it.
pub async fn test_connection(account: NewAccount) -> Answer<AccountTest> {
    write(Request::post(&path("/accounts/test")), &account).await
}

/// Finds the mail server of an address.
pub async fn discover(address: String) -> Answer<Discovered> {
    let wanted = MailAddress { address };
    write(Request::post(&path("/accounts/discover")), &wanted).await
}

/// Who tells what mails are about.
pub async fn model() -> Answer<ChosenModel> {
    read(Request::get(&path("/model"))).await
}

/// Chooses an endpoint for that.
pub async fn choose_model(wanted: ChooseModel) -> Answer<ChosenModel> {
    write(Request::put(&path("/model")), &wanted).await
}

/// Goes back to what is built in.
pub async fn forget_model() -> Answer<()> {
    sent(Request::delete(&path("/model"))).await.map(drop)
}

/// What is sent of an account's mails.
pub async fn model_consent(account: AccountId) -> Answer<ModelConsent> {
    read(Request::get(&consent_path(&account))).await
}

/// Agrees to it.
pub async fn agree_to_model(account: AccountId, to: AgreeToModel) -> Answer<()> {
    tell(Request::put(&consent_path(&account)), &to).await
}

/// Takes that back.
pub async fn withdraw_from_model(account: AccountId) -> Answer<()> {
    sent(Request::delete(&consent_path(&account)))
        .await
        .map(drop)
}

fn consent_path(account: &AccountId) -> String {
    path(&format!("/accounts/{account}/model-consent"))
}

/// Folders and labels.
pub async fn folders(account: AccountId) -> Answer<Folders> {
    read(Request::get(&path(&format!("/accounts/{account}/folders")))).await
}

/// Has the headers of a mailbox read, or brought up to date.
pub async fn read_headers(account: AccountId) -> Answer<Scan> {
    let request = Request::post(&path(&format!("/accounts/{account}/senders")));
    read(request).await
}

/// Who fills a mailbox, put together by this and in this order.
pub async fn senders(account: AccountId, by: &str, order: &str) -> Answer<Senders> {
    let path = path(&format!("/accounts/{account}/senders"));
    let query = [("by", by), ("order", order), ("limit", "200")];
    read(Request::get(&path).query(query)).await
}

/// Has a mailbox looked through for what could be suggested.
pub async fn make_suggestions(account: AccountId) -> Answer<Advice> {
    read(Request::post(&suggestions_path(&account, ""))).await
}

/// What is suggested for a mailbox.
pub async fn suggestions(account: AccountId) -> Answer<Suggestions> {
    read(Request::get(&suggestions_path(&account, ""))).await
}

/// Drafts what is suggested.
pub async fn accept_suggestion(account: AccountId, wanted: AcceptSuggestion) -> Answer<Job> {
    write_job(
        Request::post(&suggestions_path(&account, "/accept")),
        &wanted,
    )
    .await
}

/// Says that something suggested is not wanted.
pub async fn dismiss_suggestion(account: AccountId, wanted: DismissSuggestion) -> Answer<()> {
    tell(
        Request::post(&suggestions_path(&account, "/dismiss")),
        &wanted,
    )
    .await
}

/// What was learned from suggestions.
pub async fn learned(account: AccountId) -> Answer<Learned> {
    read(Request::get(&learned_path(&account))).await
}

/// Puts right a part of that.
pub async fn correct_learned(account: AccountId, correction: Correction) -> Answer<()> {
    tell(Request::put(&learned_path(&account)), &correction).await
}

/// Forgets all of it.
pub async fn forget_learned(account: AccountId) -> Answer<()> {
    sent(Request::delete(&learned_path(&account)))
        .await
        .map(drop)
}

/// The first mails of an account that wait for a person, or that somebody decided, and are all of this.
pub async fn review(
    account: AccountId,
    decided: bool,
    filter: ReviewFilter,
    most: u32,
) -> Answer<Review> {
    let most = most.to_string();
    let named = [
        ("class", filter.class.as_deref()),
        ("proposal", filter.proposal.map(Proposal::name)),
        ("why", filter.why.map(Why::name)),
        ("decided", decided.then_some("true")),
        ("limit", Some(most.as_str())),
    ];
    let named = named
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    read(Request::get(&review_path(&account)).query(named)).await
}

/// How many those are.
pub async fn review_size(account: AccountId) -> Answer<ReviewSize> {
    read(Request::get(&format!("{}/count", review_path(&account)))).await
}

/// Decides about them.
pub async fn decide_review(account: AccountId, wanted: DecideReview) -> Answer<ReviewDecided> {
    write(Request::post(&review_path(&account)), &wanted).await
}

/// Sets how sure proposals have to be.
pub async fn set_review_dial(account: AccountId, dial: ReviewDial) -> Answer<()> {
    tell(Request::put(&review_path(&account)), &dial).await
}

fn review_path(account: &AccountId) -> String {
    path(&format!("/accounts/{account}/review"))
}

/// The rules of a mailbox.
pub async fn rules(account: AccountId) -> Answer<Rules> {
    read(Request::get(&rules_path(&account, ""))).await
}

/// Stores all of them.
pub async fn save_rules(account: AccountId, rules: SaveRules) -> Answer<Rules> {
    write(Request::put(&rules_path(&account, "")), &rules).await
}

/// Has the mailbox looked through for one of them.
pub async fn look_for_rule(account: AccountId, wanted: LookForRule) -> Answer<RuleLook> {
    write(Request::post(&rules_path(&account, "/look")), &wanted).await
}

/// Drafts what a run of one found.
pub async fn draft_rule(account: AccountId, rule: String) -> Answer<Job> {
    let wanted = DraftRule { rule };
    write_job(Request::post(&rules_path(&account, "/draft")), &wanted).await
}

/// Says that a mailbox was opened: its rules look for new mail.
pub async fn mailbox_opened(account: AccountId) -> Answer<()> {
    sent(Request::post(&rules_path(&account, "/opened")))
        .await
        .map(drop)
}

fn rules_path(account: &AccountId, end: &str) -> String {
    path(&format!("/accounts/{account}/rules{end}"))
}

fn suggestions_path(account: &AccountId, end: &str) -> String {
    path(&format!("/accounts/{account}/suggestions{end}"))
}

fn learned_path(account: &AccountId) -> String {
    path(&format!("/accounts/{account}/learned"))
}

/// Mails of a search from a place on.
pub async fn items(account: AccountId, query: String, places: Range<usize>) -> Answer<Items> {
    read(found(&account, "items", &query, places)).await
}

/// Asks for mails of a search that is about to be shown, and waits for them, though not for long; whether they
/// came.
pub async fn begin_items(account: AccountId, query: String, places: Range<usize>) -> bool {
    begin(found(&account, "items", &query, places)).await
}

/// What a search of an account finds from a place on.
fn found(account: &AccountId, what: &str, query: &str, places: Range<usize>) -> RequestBuilder {
    let (offset, limit) = (places.start.to_string(), places.len().to_string());
    Request::get(&path(&format!("/accounts/{account}/{what}"))).query([
        ("q", query),
        ("offset", offset.as_str()),
        ("limit", limit.as_str()),
    ])
}

/// What is in one mail.
pub async fn message(account: AccountId, mail: ItemId) -> Answer<Message> {
    let path = path(&format!("/accounts/{account}/message"));
    read(Request::get(&path).query([("id", mail.to_string())])).await
}

/// Mails of all inboxes with the ids that batches name them by; from the page before's end on.
pub async fn emails(cursor: Option<String>) -> Answer<Emails> {
    let mut wanted = vec![("q", "in:inbox".to_owned()), ("limit", "100".to_owned())];
    wanted.extend(cursor.map(|cursor| ("cursor", cursor)));
    read(Request::get(&path("/emails")).query(wanted)).await
}

/// Asks for a batch of these mails.
pub async fn batch(of: &'static str, email_ids: Vec<EmailId>) -> Answer<BatchAccepted> {
    write(Request::post(&path(of)), &BatchRequest { email_ids }).await
}

/// A batch as it stands.
pub async fn batch_status(batch: String) -> Answer<BatchStatus> {
    read(Request::get(&path(&format!(
        "/emails/batch/status/{batch}"
    ))))
    .await
}

/// Contacts of a search from a place on.
pub async fn contacts(account: AccountId, query: String, places: Range<usize>) -> Answer<Contacts> {
    read(found(&account, "contacts", &query, places)).await
}

/// Asks for contacts of a search that is about to be shown, and waits for them, though not for long; whether
/// they came.
pub async fn begin_contacts(account: AccountId, query: String, places: Range<usize>) -> bool {
    begin(found(&account, "contacts", &query, places)).await
}

/// The mails that a job would send, before there is one.
pub async fn look_at_letters(wanted: LookAtLetters) -> Answer<LettersSeen> {
    write(Request::post(&path("/letters")), &wanted).await
}

/// Keeps files that go along with mails of an account.
pub async fn keep_attachments(account: AccountId, files: &[Vec<u8>]) -> Answer<KeptFiles> {
    let sizes: Vec<String> = files.iter().map(|file| file.len().to_string()).collect();
    let builder = Request::post(&path(&format!("/accounts/{account}/attachments")))
        .query([("sizes", sizes.join(","))])
        .header("Content-Type", "application/octet-stream");
    let body = js_sys::Uint8Array::from(files.concat().as_slice());
    let request = builder.body(body).map_err(|_| CallError::Unreadable(0))?;
    Said::of(send(request).await?).await?.read()
}

/// The templates that are kept with an account.
pub async fn templates(account: AccountId) -> Answer<KeptTemplates> {
    read(Request::get(&templates_path(&account))).await
}

/// A version of one; the newest one unless another is asked for.
pub async fn template(
    account: AccountId,
    name: String,
    version: Option<u32>,
) -> Answer<KeptTemplate> {
    let version = version.map(|version| version.to_string());
    let builder = Request::get(&path(&format!("/accounts/{account}/template"))).query([
        ("name", name.as_str()),
        ("version", version.as_deref().unwrap_or_default()),
    ]);
    read(builder).await
}

/// Keeps one.
pub async fn keep_template(account: AccountId, wanted: KeepTemplate) -> Answer<KeptTemplate> {
    write(Request::put(&templates_path(&account)), &wanted).await
}

/// Forgets one.
pub async fn forget_template(account: AccountId, name: String) -> Answer<()> {
    let builder = Request::delete(&templates_path(&account)).query([("name", name.as_str())]);
    sent(builder).await.map(drop)
}

fn templates_path(account: &AccountId) -> String {
    path(&format!("/accounts/{account}/templates"))
}

/// A page of those who get no mail from an account.
pub async fn suppressed(
    account: AccountId,
    search: String,
    cursor: Option<String>,
) -> Answer<SuppressedAddresses> {
    let builder = Request::get(&suppressed_path(&account)).query([
        ("search", search.as_str()),
        ("cursor", cursor.as_deref().unwrap_or_default()),
        ("limit", "20"),
    ]);
    read(builder).await
}

/// Has addresses get no more mail from an account.
pub async fn suppress(account: AccountId, wanted: Suppress) -> Answer<SuppressReport> {
    write(Request::post(&suppressed_path(&account)), &wanted).await
}

/// Lets an address get mail again.
pub async fn release(account: AccountId, address: String) -> Answer<()> {
    let builder =
        Request::delete(&suppressed_path(&account)).query([("address", address.as_str())]);
    sent(builder).await.map(drop)
}

fn suppressed_path(account: &AccountId) -> String {
    path(&format!("/accounts/{account}/suppressed"))
}

/// Address books.
pub async fn books(account: AccountId) -> Answer<AddressBooks> {
    read(Request::get(&path(&format!(
        "/accounts/{account}/address-books"
    ))))
    .await
}

/// Mailboxes of a search, the first so many.
pub async fn mailboxes(account: AccountId, query: String, limit: u32) -> Answer<Mailboxes> {
    let limit = limit.to_string();
    let builder = Request::get(&path(&format!("/accounts/{account}/mailboxes")))
        .query([("q", query.as_str()), ("limit", limit.as_str())]);
    read(builder).await
}

/// Takes a file of mail into the sandbox; `on_progress` is told the part of it that is sent.
pub async fn import(
    account: &AccountId,
    file: &web_sys::File,
    on_progress: impl Fn(f64) + 'static,
) -> Answer<ImportReport> {
    let name = browser::encoded(&file.name());
    let path = path(&format!("/accounts/{account}/import?name={name}"));
    upload::upload(&path, file, on_progress).await
}

/// The rows of a workbook.
pub async fn workbook(bytes: &[u8]) -> Answer<Workbook> {
    let request = Request::post(&path("/workbooks"))
        .header("Content-Type", "application/octet-stream")
        .body(js_sys::Uint8Array::from(bytes));
    let response = send(request.map_err(|_| CallError::Unreadable(0))?).await?;
    Said::of(response).await?.read()
}

/// How the sandbox misbehaves.
pub async fn dials(account: AccountId) -> Answer<Dials> {
    read(Request::get(&path(&format!("/accounts/{account}/dials")))).await
}

/// Sets how the sandbox misbehaves.
pub async fn set_dials(account: AccountId, dials: Dials) -> Answer<Dials> {
    write(
        Request::put(&path(&format!("/accounts/{account}/dials"))),
        &dials,
    )
    .await
}

/// Drafts a job. `key` names the intention: the same key never makes a second job.
pub async fn draft(job: &NewJob, key: &str) -> Answer<Job> {
    write_job(
        Request::post(&path("/jobs")).header("Idempotency-Key", key),
        job,
    )
    .await
}

/// Asks how a job stands, if it changed since `etag`.
pub async fn job(job: JobId, etag: Option<String>) -> Answer<JobNews> {
    let mut builder = Request::get(&job_path(&job, "")).cache(web_sys::RequestCache::NoStore);
    if let Some(etag) = &etag {
        builder = builder.header("If-None-Match", etag);
    }
    let response = sent(builder).await?;
    let ask_again = ask_again(&response);
    let fresh_tag = response.headers().get("ETag");
    if response.status() == 304 {
        return Ok(JobNews {
            job: None,
            etag: fresh_tag.or(etag),
            ask_again,
        });
    }
    Ok(JobNews {
        job: Some(of_jobs::one(Said::of(response).await?).await?),
        etag: fresh_tag,
        ask_again,
    })
}

/// What confirming a draft would do.
pub async fn preview(job: JobId) -> Answer<Preview> {
    read(Request::get(&job_path(&job, "/preview"))).await
}

/// Asks for the preview of a draft that is about to be shown, and waits for it, though not for long; whether it came.
pub async fn begin_preview(job: &JobId) -> bool {
    begin(Request::get(&job_path(job, "/preview"))).await
}

/// Says yes to exactly what was previewed.
pub async fn confirm(job: JobId, confirm: Confirm) -> Answer<Job> {
    write_job(Request::post(&job_path(&job, "/confirm")), &confirm).await
}

/// What a person can ask of a job by a button that needs nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// Hold it.
    Pause,
    /// Go on.
    Resume,
    /// Stop it, or drop a draft.
    Cancel,
    /// Draft a child that tries again what failed.
    Retry,
    /// The same, and make the folder that mails were to be moved into.
    RetryMakingFolder,
    /// Draft a child that does what was not started.
    Rest,
    /// Draft a child that takes back what was done.
    Undo,
}

/// Asks something of a job. Answers the job, or its new child.
pub async fn ask(job: JobId, ask: Ask) -> Answer<Job> {
    let end = match ask {
        Ask::Pause => "/pause",
        Ask::Resume => "/resume",
        Ask::Cancel => "/cancel",
        Ask::Retry => "/retry",
        Ask::RetryMakingFolder => "/retry?make_folder=true",
        Ask::Rest => "/rest",
        Ask::Undo => "/undo",
    };
    read_job(Request::post(&job_path(&job, end))).await
}

/// Leaves the items as they are that ended so.
pub async fn leave(job: JobId, which: LeaveAsIs) -> Answer<Job> {
    write_job(Request::post(&job_path(&job, "/leave")), &which).await
}

/// What was brought for each of a job's items.
pub async fn job_rows(job: JobId) -> Answer<JobRows> {
    read(Request::get(&job_path(&job, "/rows"))).await
}

/// What came back of a job's mails; `look` has the mailbox looked through for that.
pub async fn bounces(job: JobId, look: bool) -> Answer<Bounces> {
    let path = job_path(&job, "/bounces");
    read(match look {
        true => Request::post(&path),
        false => Request::get(&path),
    })
    .await
}

/// The rows of a job that get no mail.
pub async fn left_out(job: JobId) -> Answer<LeftOutRows> {
    read(Request::get(&job_path(&job, "/left-out"))).await
}

/// Says of a mail that may have arrived or not that it did.
pub async fn mail_arrived(job: JobId, item: ItemId) -> Answer<()> {
    tell(
        Request::post(&job_path(&job, "/arrived")),
        &OpenMail { item },
    )
    .await
}

/// Drafts a job that sends such a mail once more.
pub async fn send_mail_again(job: JobId, item: ItemId) -> Answer<Job> {
    write_job(Request::post(&job_path(&job, "/again")), &OpenMail { item }).await
}

/// Discards a draft, as one that nobody will confirm.
pub async fn discard(draft: JobId) -> Answer<()> {
    sent(Request::delete(&job_path(&draft, ""))).await.map(drop)
}

/// One page of a job's items, with their outcomes.
pub async fn job_items(
    job: JobId,
    outcome: Option<Outcome>,
    cursor: Option<String>,
) -> Answer<ItemOutcomes> {
    job_items_by(job, outcome, cursor, 100).await
}

/// The same with so many on a page.
pub async fn job_items_by(
    job: JobId,
    outcome: Option<Outcome>,
    cursor: Option<String>,
    limit: u32,
) -> Answer<ItemOutcomes> {
    let limit = limit.to_string();
    let mut builder = Request::get(&job_path(&job, "/items")).query([("limit", limit.as_str())]);
    if let Some(outcome) = outcome {
        builder = builder.query([("outcome", outcome_name(outcome))]);
    }
    read(with_cursor(builder, cursor)).await
}

/// A large page of a job's items, whether they have ended or not.
pub async fn rows(job: JobId, cursor: Option<String>) -> Answer<ItemOutcomes> {
    let builder = Request::get(&job_path(&job, "/items")).query([("limit", "500")]);
    read(with_cursor(builder, cursor)).await
}

/// The latest jobs, and milliseconds after which it is worth asking again.
pub async fn recent_jobs() -> Answer<(Vec<Job>, Option<u32>)> {
    let response = sent(Request::get(&path("/jobs")).query([("limit", "50")])).await?;
    let ask_again = ask_again(&response);
    let found = of_jobs::page(Said::of(response).await?).await?;
    Ok((found.jobs, ask_again))
}

/// One page of the history: of jobs in this state, or of all but the drafts that nobody has confirmed.
pub async fn jobs(state: Option<State>, cursor: Option<String>) -> Answer<Jobs> {
    let which = match state {
        Some(state) => ("state", state.name()),
        None => ("drafts", "false"),
    };
    let builder = Request::get(&path("/jobs")).query([("limit", "50"), which]);
    of_jobs::page(asked(with_cursor(builder, cursor)).await?).await
}

/// The drafts that wait for a yes: no more than may be open.
pub async fn drafts() -> Answer<Vec<Job>> {
    let query = [("limit", "100"), ("drafts", "true")];
    let found = asked(Request::get(&path("/jobs")).query(query)).await?;
    Ok(of_jobs::page(found).await?.jobs)
}

/// The latest events of the audit trail, newest first.
pub async fn audit_events() -> Answer<Vec<AuditEvent>> {
    let request = Request::get(&path("/audit")).query([("limit", "500")]);
    let found: AuditEvents = read(request).await?;
    Ok(found.events)
}

/// A file of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// The outcome of each item.
    Results,
    /// What an export brought.
    Export,
    /// All that is on record of it.
    Audit,
}

/// Where the browser gets a file: an address of its own, because a link carries no token.
pub async fn link(job: JobId, file: File) -> Answer<Link> {
    let end = match file {
        File::Results => "/results.csv/link",
        File::Export => "/export/link",
        File::Audit => "/audit.json/link",
    };
    read(Request::get(&job_path(&job, end))).await
}

/// An outcome's name on the wire.
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Failed => "failed",
        Outcome::Skipped => "skipped",
        Outcome::Cancelled => "cancelled",
        Outcome::Uncertain => "uncertain",
    }
}

/// When the server wants to be asked again, in milliseconds; in whole seconds, where something on the
/// way leaves out the header that names them.
fn ask_again(response: &Response) -> Option<u32> {
    let number = |name: &str| -> Option<u32> {
        let value = response.headers().get(name)?;
        value.trim().parse().ok()
    };
    let seconds = || number("Retry-After").map(|seconds| seconds.saturating_mul(1_000));
    number("Ask-Again-Ms").or_else(seconds)
}

fn path(end: &str) -> String {
    format!("{BASE}{end}")
}

fn job_path(job: &JobId, end: &str) -> String {
    format!("{BASE}/jobs/{job}{end}")
}

fn with_cursor(builder: RequestBuilder, cursor: Option<String>) -> RequestBuilder {
    match cursor {
        Some(cursor) => builder.query([("cursor", cursor.as_str())]),
        None => builder,
    }
}

async fn read<T: DeserializeOwned>(builder: RequestBuilder) -> Answer<T> {
    asked(builder).await?.read()
}

async fn write<T: DeserializeOwned>(
    builder: RequestBuilder,
    value: &impl serde::Serialize,
) -> Answer<T> {
    told(builder, serde_json::to_string(value).ok())
        .await?
        .read()
}

/// Asks for something that makes or changes a job. What reads the answer is there before anything is asked: nothing
/// is done that could not be told of.
async fn read_job(builder: RequestBuilder) -> Answer<Job> {
    of_jobs::fetch().await?;
    of_jobs::one(asked(builder).await?).await
}

/// The same, of what is said with it.
async fn write_job(builder: RequestBuilder, value: &impl serde::Serialize) -> Answer<Job> {
    of_jobs::fetch().await?;
    of_jobs::one(told(builder, serde_json::to_string(value).ok()).await?).await
}

/// The same where there is nothing to answer.
async fn tell(builder: RequestBuilder, value: &impl serde::Serialize) -> Answer<()> {
    told(builder, serde_json::to_string(value).ok())
        .await
        .map(drop)
}

async fn asked(builder: RequestBuilder) -> Answer<Said> {
    let request = builder.build().map_err(|_| CallError::Unreadable(0))?;
    match soon::take(&request.url()) {
        Some(begun) => begun.await,
        None => Said::of(send(request).await?).await,
    }
}

async fn told(builder: RequestBuilder, body: Option<String>) -> Answer<Said> {
    let body = body.ok_or(CallError::Unreadable(0))?;
    let builder = builder.header("Content-Type", "application/json");
    let request = builder.body(body).map_err(|_| CallError::Unreadable(0))?;
    Said::of(send(request).await?).await
}

async fn sent(builder: RequestBuilder) -> Answer<Response> {
    send(builder.build().map_err(|_| CallError::Unreadable(0))?).await
}

/// Asks for what is about to be read, and waits for it, though not for long; whether it came. Failing that it is asked
/// for then.
async fn begin(builder: RequestBuilder) -> bool {
    match builder.build() {
        Ok(request) => soon::begin(request).await,
        Err(_) => false,
    }
}
