//! The API as a script would use it: one method for each call, and a few that wait.
//!
//! Each answer about a job is checked on its way through: its counts add up and its version never
//! falls (invariant 1), so every story guards that at every moment it looks.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use bulkhead_shared::api::{
    Account, AccountKind, AccountTest, Accounts, AddressBook, AddressBooks, AuditEvent,
    AuditEvents, Confirm, Contacts, Dials, Folders, Item, ItemOutcome, ItemOutcomes, Items, Job,
    Jobs, NewAccount, NewJob, Preview,
};
use bulkhead_shared::ids::{AccountId, ItemId, JobId};
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::Card;
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::problem::Problem;
use bulkhead_shared::selection::Selection;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use reqwest::{Method, StatusCode, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How long a story waits for anything before it gives up.
pub const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(40);

/// A signed-in client.
pub struct Api {
    http: reqwest::Client,
    base: Url,
    token: String,
    versions: Mutex<HashMap<JobId, u64>>,
}

/// A raw answer, for stories about the contract itself.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("unreadable answer ({error}): {}", self.excerpt()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The beginning of the body: enough for a message.
    fn excerpt(&self) -> String {
        self.text().chars().take(400).collect()
    }

    /// The problem this answer is, with everything RFC 9457 asks of it checked.
    pub fn problem(&self) -> Problem {
        let media_type = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        assert_eq!(
            media_type,
            Some("application/problem+json"),
            "{}",
            self.text()
        );
        let problem: Problem = self.json();
        assert_eq!(problem.status, self.status.as_u16());
        assert_eq!(problem.code.status(), problem.status);
        assert!(
            problem.kind.starts_with("urn:bulkhead:problem:"),
            "{}",
            problem.kind
        );
        problem
    }

    /// This answer, which has to be a success.
    pub fn success(self) -> Self {
        assert!(
            self.status.is_success(),
            "{}: {}",
            self.status,
            self.excerpt()
        );
        self
    }
}

impl Api {
    /// A client for the server at this address, with this token.
    pub fn new(base: Url, token: String) -> Self {
        let http = bulkhead_cloud::http_client::builder()
            .timeout(PATIENCE)
            .build()
            .unwrap();
        let versions = Mutex::default();
        Self {
            http,
            base,
            token,
            versions,
        }
    }

    /// From now on with this token.
    pub(crate) fn sign_in(&mut self, token: String) {
        self.token = token;
    }

    /// The address of a path below the API's base.
    pub fn url(&self, path: &str) -> Url {
        self.base
            .join(&format!("{}{path}", bulkhead_shared::api::BASE))
            .unwrap()
    }

    /// A request with the token, to be shaped further by the story.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, self.url(path))
            .bearer_auth(&self.token)
    }

    /// The same beside the API's base: for another API of the same server.
    pub fn request_at(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = self.base.join(path).unwrap();
        self.http.request(method, url).bearer_auth(&self.token)
    }

    /// Sends a request, whatever the answer is.
    pub async fn send(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
        let response = request.send().await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = response.bytes().await?.to_vec();
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// GET, whatever the answer is.
    pub async fn get(&self, path: &str) -> Answer {
        Self::send(self.request(Method::GET, path)).await.unwrap()
    }

    /// POST of a JSON body, whatever the answer is.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        Self::send(self.request(Method::POST, path).json(body))
            .await
            .unwrap()
    }

    async fn read<T: DeserializeOwned>(&self, path: &str) -> T {
        self.get(path).await.success().json()
    }

    /// A GET with a cursor that is followed to its end.
    async fn pages<P: DeserializeOwned, T>(
        &self,
        path: &str,
        query: &[(&str, &str)],
        open: impl Fn(P) -> (Vec<T>, Option<String>),
    ) -> Vec<T> {
        let (mut all, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let pairs = query
                .iter()
                .copied()
                .chain(cursor.as_deref().map(|c| ("cursor", c)));
            let answer = self.get(&with_query(path, pairs)).await;
            let (mut page, next) = open(answer.success().json());
            all.append(&mut page);
            match next {
                Some(next) => {
                    assert_ne!(Some(&next), cursor.as_ref(), "the cursor stands still");
                    cursor = Some(next);
                }
                None => return all,
            }
        }
    }

    // Accounts and mails

    /// All accounts.
    pub async fn accounts(&self) -> Vec<Account> {
        self.read::<Accounts>("/accounts").await.accounts
    }

    /// The sandbox that every local server has.
    pub async fn sandbox(&self) -> AccountId {
        let accounts = self.accounts().await;
        let sandbox = accounts
            .into_iter()
            .find(|account| account.kind == AccountKind::Sandbox);
        sandbox.expect("a local server has a sandbox").id
    }

    /// Connects an account.
    pub async fn connect(&self, account: &NewAccount) -> Account {
        self.post("/accounts", account).await.success().json()
    }

    /// Tests a connected account.
    pub async fn test(&self, account: &AccountId) -> AccountTest {
        self.post(&format!("/accounts/{account}/test"), &Value::Null)
            .await
            .success()
            .json()
    }

    /// Folders and labels of an account.
    pub async fn folders(&self, account: &AccountId) -> Folders {
        self.read(&format!("/accounts/{account}/folders")).await
    }

    /// All mails that match, page by page.
    pub async fn items(&self, account: &AccountId, query: &str) -> Vec<Item> {
        let path = format!("/accounts/{account}/items");
        let open = |page: Items| (page.items, page.next_cursor);
        self.pages(&path, &[("q", query), ("limit", "500")], open)
            .await
    }

    /// Address books of an account.
    pub async fn books(&self, account: &AccountId) -> Vec<AddressBook> {
        let found: AddressBooks = self
            .read(&format!("/accounts/{account}/address-books"))
            .await;
        found.books
    }

    /// All contacts in which these words are found, page by page. Each page says how many there are.
    pub async fn contacts(&self, account: &AccountId, words: &str) -> Vec<Card> {
        let path = format!("/accounts/{account}/contacts");
        let totals = Mutex::new(Vec::new());
        let open = |page: Contacts| {
            totals.lock().unwrap().push(page.total);
            (page.contacts, page.next_cursor)
        };
        let found = self
            .pages(&path, &[("q", words), ("limit", "150")], open)
            .await;
        for total in totals.into_inner().unwrap() {
            assert_eq!(total, found.len() as u64);
        }
        found
    }

    /// How many mails match, as the first page says.
    pub async fn count(&self, account: &AccountId, query: &str) -> u64 {
        let path = format!("/accounts/{account}/items");
        let page: Items = self
            .read(&with_query(&path, [("q", query), ("limit", "1")]))
            .await;
        page.total.expect("this account tells totals")
    }

    /// The whole mailbox, as something two of which can be compared. What was found out about a mail is none of it.
    pub async fn mailbox(&self, account: &AccountId) -> BTreeMap<ItemId, Item> {
        let items = self.items(account, "in:anywhere").await;
        items
            .into_iter()
            .map(|item| {
                (
                    item.id.clone(),
                    Item {
                        class: None,
                        ..item
                    },
                )
            })
            .collect()
    }

    /// Turns the sandbox's dials.
    pub async fn turn_dials(&self, account: &AccountId, dials: &Dials) {
        let request = self.request(Method::PUT, &format!("/accounts/{account}/dials"));
        Self::send(request.json(dials)).await.unwrap().success();
    }

    // Jobs

    /// Drafts a job and waits until its selection is frozen.
    pub async fn draft(&self, job: &NewJob) -> Job {
        let drafted = self.checked(self.post("/jobs", job).await);
        self.wait_until(&drafted.id, "frozen", |job| job.state != State::Planning)
            .await
    }

    /// Drafts an operation on all that match.
    pub async fn draft_query(
        &self,
        account: &AccountId,
        operation: Operation,
        query: &str,
        options: JobOptions,
    ) -> Job {
        let selection = Selection::Query {
            query: query.to_owned(),
            except: Vec::new(),
        };
        self.draft(&NewJob {
            account: account.clone(),
            operation,
            selection,
            options,
            confirm: None,
        })
        .await
    }

    /// What confirming would do.
    pub async fn preview(&self, job: &JobId) -> Preview {
        self.read(&format!("/jobs/{job}/preview")).await
    }

    /// Looks at the preview and confirms exactly that, drift included. Waits for a check, and confirms again
    /// what that found.
    pub async fn confirm(&self, job: &JobId) -> Job {
        let confirmed = self.say_yes(job).await;
        if confirmed.state != State::Checking {
            return confirmed;
        }
        let is_checked = |job: &Job| job.state != State::Checking;
        let checked = self.wait_until(job, "checked", is_checked).await;
        if checked.state != State::Draft {
            return checked;
        }
        self.say_yes(job).await;
        self.wait_until(job, "checked", is_checked).await
    }

    async fn say_yes(&self, job: &JobId) -> Job {
        let preview = self.preview(job).await;
        let drift_hash = preview.drift.map(|drift| drift.hash);
        let confirm = Confirm {
            manifest_hash: preview.manifest_hash,
            drift_hash,
        };
        self.checked(self.post(&format!("/jobs/{job}/confirm"), &confirm).await)
    }

    /// A job as it stands.
    pub async fn job(&self, job: &JobId) -> Job {
        self.checked(self.get(&format!("/jobs/{job}")).await)
    }

    /// `pause`, `resume` or `cancel`.
    pub async fn control(&self, job: &JobId, verb: &str) -> Job {
        self.checked(
            self.post(&format!("/jobs/{job}/{verb}"), &Value::Null)
                .await,
        )
    }

    /// Drafts the job that takes this one back, or retries what failed in it (`undo`, `retry`).
    pub async fn child(&self, job: &JobId, verb: &str) -> Job {
        let answer = self
            .post(&format!("/jobs/{job}/{verb}"), &Value::Null)
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        let child = self.checked(answer);
        assert_eq!(child.parent.as_ref(), Some(job));
        self.wait_until(&child.id, "frozen", |job| job.state != State::Planning)
            .await
    }

    /// All jobs, newest first.
    pub async fn jobs(&self) -> Vec<Job> {
        let jobs = self
            .pages("/jobs", &[], |page: Jobs| (page.jobs, page.next_cursor))
            .await;
        jobs.into_iter().inspect(|job| self.check(job)).collect()
    }

    /// How each item ended, or those with one outcome.
    pub async fn outcomes(&self, job: &JobId, outcome: Option<&str>) -> Vec<ItemOutcome> {
        let path = format!("/jobs/{job}/items");
        let mut query = vec![("limit", "500")];
        query.extend(outcome.map(|outcome| ("outcome", outcome)));
        self.pages(&path, &query, |page: ItemOutcomes| {
            (page.items, page.next_cursor)
        })
        .await
    }

    /// The file an export made.
    pub async fn export(&self, job: &JobId) -> Answer {
        self.get(&format!("/jobs/{job}/export")).await.success()
    }

    /// The whole audit trail, oldest first.
    pub async fn audit(&self) -> Vec<AuditEvent> {
        let open = |page: AuditEvents| (page.events, page.next_cursor);
        let mut events = self.pages("/audit", &[], open).await;
        events.reverse();
        events
    }

    /// Waits until the job is as wanted; gives up with the job's last state.
    pub async fn wait_until(&self, id: &JobId, what: &str, wanted: impl Fn(&Job) -> bool) -> Job {
        let begin = Instant::now();
        loop {
            let job = self.job(id).await;
            if wanted(&job) {
                return job;
            }
            assert!(
                begin.elapsed() < PATIENCE,
                "{id} is not {what} in time: {job:#?}"
            );
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Waits for the job's end.
    pub async fn wait_for_end(&self, id: &JobId) -> Job {
        self.wait_until(id, "ended", |job| job.state.is_ended())
            .await
    }

    /// Drafts, confirms and waits for the end.
    pub async fn run(&self, account: &AccountId, operation: Operation, query: &str) -> Job {
        let draft = self
            .draft_query(account, operation, query, JobOptions::default())
            .await;
        self.confirm(&draft.id).await;
        self.wait_for_end(&draft.id).await
    }

    /// Undoes a job and waits for the end of that.
    pub async fn undo(&self, job: &JobId) -> Job {
        let undo = self.child(job, "undo").await;
        self.confirm(&undo.id).await;
        self.wait_for_end(&undo.id).await
    }

    fn checked(&self, answer: Answer) -> Job {
        let job: Job = answer.success().json();
        self.check(&job);
        job
    }

    /// The server was put back to an earlier time, and its versions with it.
    pub fn forget_versions(&self) {
        self.versions.lock().unwrap().clear();
    }

    /// Invariant 1.
    fn check(&self, job: &Job) {
        assert_eq!(
            job.counts.total(),
            job.total,
            "the counts do not add up: {job:#?}"
        );
        let mut versions = self.versions.lock().unwrap();
        let last = versions.entry(job.id.clone()).or_default();
        assert!(
            *last <= job.version,
            "the version fell from {last}: {job:#?}"
        );
        *last = job.version;
    }
}

/// A path with a query behind it.
pub fn with_query<'a>(path: &str, pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let url = Url::parse_with_params("http://x/", pairs).unwrap();
    format!("{path}?{}", url.query().unwrap_or_default())
}
