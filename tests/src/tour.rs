//! A walk through every page of the app and every state it can be in, for whoever wants to look at all of
//! them: axe in the stories, and the screenshots.
//!
//! Jobs are made by the API and looked at in the browser, so that a state stays as long as somebody looks.

use bulkhead_shared::api::{Dials, Job};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::{Archive, CheckContacts, MarkRead, Operation, Trash};
use bulkhead_shared::options::{JobOptions, Protected};

use crate::browser::{Browser, Theme, View};
use crate::driver::{Bulkhead, Options};

/// Mails of the sandbox: a job over all of them needs its count typed, and has a middle.
const MAILS: u32 = 2_000;
/// Contacts of the sandbox: more than a page of them.
const CONTACTS: u32 = 200;
/// Milliseconds of each call that somebody is to see waiting.
const WAITING_MS: u64 = 60_000;
/// Milliseconds of each call of a job that somebody is to see running: half a minute and more in all.
const RUNNING_MS: u64 = 1_500;

/// Where the walk has come to.
#[derive(Debug, Clone, Copy)]
pub struct Stop {
    /// What is on the screen, fit for the name of a file.
    pub name: &'static str,
    /// Whether it is there in narrow windows only.
    pub narrow: bool,
}

impl Stop {
    /// The windows in which it is there.
    pub fn sizes(self) -> &'static [(u32, u32)] {
        match self.narrow {
            true => &View::SIZES[..1],
            false => &View::SIZES,
        }
    }
}

/// Walks, and calls `look` at every stop; it may change the window, which is put back after it.
pub async fn tour(browser: &Browser, look: impl AsyncFn(Stop)) {
    let server = Bulkhead::start(Options {
        mails: MAILS,
        contacts: CONTACTS,
        ..Options::default()
    })
    .await;
    let account = server.api.sandbox().await;
    let tour = Tour {
        browser,
        server,
        account,
        look,
    };
    tour.outside().await;
    tour.mailbox().await;
    tour.dialogs().await;
    tour.other_pages().await;
    tour.a_job().await;
    tour.a_job_with_failures().await;
    tour.contacts().await;
    tour.mailboxes().await;
    tour.waiting().await;
    tour.narrow().await;
    tour.way_out().await;
    tour.server.stop().await;
}

struct Tour<'a, L> {
    browser: &'a Browser,
    server: Bulkhead,
    account: AccountId,
    look: L,
}

impl<L: AsyncFn(Stop)> Tour<'_, L> {
    async fn look(&self, name: &'static str) {
        let narrow = false;
        (self.look)(Stop { name, narrow }).await;
        self.browser.look_as_before().await;
    }

    /// Looks at what this brings up.
    async fn look_for(&self, sign: &str, name: &'static str) {
        self.browser.see(sign).await;
        self.look(name).await;
    }

    async fn open(&self, path: &str) {
        self.browser.open(&self.server.page(path)).await;
    }

    /// Before and while signing in.
    async fn outside(&self) {
        self.browser.expect_complaint("401 (Unauthorized)");
        self.open("/").await;
        self.look_for("token", "sign-in").await;
        self.browser.fill("token", "not the token").await;
        self.browser.submit("token").await;
        self.look_for("problem", "sign-in-refused").await;
        self.browser.open(&self.server.sign_in_address()).await;
        self.browser.see("mail-row").await;
    }

    /// The list in all that it can show.
    async fn mailbox(&self) {
        let browser = self.browser;
        self.look_for("mail-row", "mailbox").await;
        browser.click("mail-row").await;
        browser.see("reader").await;
        self.look_for("read-source", "reading").await;
        browser.click("read-source").await;
        self.look_for("read-words", "reading-source").await;
        browser.click("read-close").await;
        self.open("/jobs").await;
        self.look_for("history-empty", "history-empty").await;
        self.open("/").await;
        browser.see("mail-row").await;
        browser.click("search-help").await;
        self.look_for("search-help-sheet", "search-help").await;
        browser.click("search-help").await;
        browser.fill("search", "larger:much").await;
        browser
            .read_until("search-error", |text| !text.is_empty())
            .await;
        self.look("search-not-understood").await;
        browser.fill("search", "from:nobody-at-all").await;
        browser.submit("search").await;
        self.look_for("list-empty", "mailbox-empty").await;
        self.open("/").await;
        browser.see("mail-row").await;
        browser.click("row-checkbox").await;
        self.look_for("toolbar", "one-selected").await;
        browser.click("select-all").await;
        self.look_for("all-matching", "all-selected").await;
    }

    /// What is asked before a job is drafted; everything is selected.
    async fn dialogs(&self) {
        let browser = self.browser;
        for (action, dialog, name) in [
            ("action-label", "label-dialog", "which-labels"),
            ("action-move", "move-dialog", "which-folder"),
            ("action-export", "export-dialog", "which-format"),
        ] {
            browser.click(action).await;
            self.look_for(dialog, name).await;
            browser.click("close").await;
            browser.see_no(dialog).await;
        }
        browser.click("clear-selection").await;
        browser.click("row-checkbox").await;
        browser.click("action-archive").await;
        // It goes by itself, which may be before everybody has looked.
        self.look_for("undo-bar-undo", "way-back").await;
        browser.click("help").await;
        self.look_for("help-sheet", "keys").await;
        browser.click("close").await;
        browser.click("account-menu").await;
        self.look_for("account-menu-panel", "account-menu").await;
        browser.click("account-menu").await;
        browser.click("dials").await;
        self.look_for("dials-dialog", "rehearse").await;
        browser.click("dials-more").await;
        self.look("dials").await;
        browser.click("close").await;
    }

    /// Pages without a job.
    async fn other_pages(&self) {
        self.open("/connect").await;
        self.look_for("connect-submit", "connect").await;
        // Nobody answers there, on any machine.
        for (field, text) in [("host", "127.0.0.1"), ("user", "ann"), ("password", "x")] {
            let field = format!("connect-{field}");
            self.browser.fill(&field, text).await;
        }
        self.browser.click("connect-test").await;
        self.look_for("connect-result", "connect-refused").await;
        self.open("/batch").await;
        self.look_for("batch-emails", "batch").await;
        self.browser.click("batch-all").await;
        self.look_for("batch-limit", "batch-limits").await;
        self.browser.click("batch-trim").await;
        self.browser.click("batch-process").await;
        self.look_for("batch-results", "batch-done").await;
        let jobs = self.server.api.jobs().await;
        if let Some(job) = jobs.first() {
            self.open(&format!("/jobs/{}", job.id)).await;
            self.look_for("proposals", "proposals").await;
        }
        self.advice().await;
        self.open(&format!("/accounts/{}/review", self.account))
            .await;
        self.look_for("review-chips", "review").await;
        self.rules().await;
        self.open("/no/such/page").await;
        self.look_for("not-found", "not-found").await;
        self.browser.expect_complaint("404 (Not Found)");
        self.open("/jobs/arc_00000000000000000000000000").await;
        self.look_for("problem", "no-such-job").await;
    }

    /// Who fills the mailbox, what is suggested and what was learned.
    async fn advice(&self) {
        let browser = self.browser;
        let senders = format!("/accounts/{}/senders", self.account);
        self.open(&senders).await;
        browser.see("group-row").await;
        browser.see_no("scanning").await;
        self.look_for("advice-strip", "senders").await;
        browser.click("to-suggestions").await;
        browser.see("suggestion-card").await;
        browser.see_no("advising").await;
        self.look("suggestions").await;
        browser.click("suggestion-why").await;
        self.look_for("suggestion-sample", "suggestion-why").await;
        browser.click("view-learned").await;
        self.look_for("nothing-learned", "nothing-learned").await;
        self.open(&format!("{senders}?state=suggestions")).await;
        browser.click("suggestion-dismiss").await;
        browser.click("view-learned").await;
        self.look_for("lesson", "learned").await;
    }

    /// Rules: none, one that is written, and what its test says.
    async fn rules(&self) {
        let browser = self.browser;
        self.open(&format!("/accounts/{}/rules", self.account))
            .await;
        self.look_for("no-rules", "no-rules").await;
        browser.click("new-rule").await;
        self.look_for("rule-form", "rule-form").await;
        browser.fill("rule-field-name", "Newsletters").await;
        browser.click("rule-class-newsletter").await;
        browser.click("rule-save").await;
        browser.see("rule-card").await;
        browser.click("rule-test").await;
        self.look_for("test-unknown", "rule-test").await;
    }

    /// A job from its preview to its undo.
    async fn a_job(&self) {
        let (browser, api) = (self.browser, &self.server.api);
        let risky = self.draft(Operation::Trash(Trash {}), "in:anywhere").await;
        self.in_front(&risky).await;
        self.look_for("type-count", "preview-high-risk").await;
        api.control(&risky.id, "cancel").await;

        let careful = JobOptions {
            protected: Some(Protected::KeepOut),
            ..JobOptions::default()
        };
        let archive = Operation::Archive(Archive {});
        let job = api.draft_query(&self.account, archive, "in:inbox", careful);
        let job = job.await;
        self.in_front(&job).await;
        self.look_for("kept-out", "preview-kept-out").await;
        api.control(&job.id, "cancel").await;

        let job = self.draft(Operation::Archive(Archive {}), "in:inbox").await;
        self.in_front(&job).await;
        self.look_for("undo-promise", "preview").await;
        browser.click("options").await;
        self.look_for("options.batch_size", "preview-options").await;
        self.every_call_takes(RUNNING_MS).await;
        api.confirm(&job.id).await;
        browser.count_until("count-succeeded", |n| n > 0).await;
        self.look("running").await;
        browser.click("cancel").await;
        self.look_for("cancel-question", "cancel-question").await;
        browser.click("cancel-no").await;
        browser.click("pause").await;
        self.look_for("resume", "paused").await;
        self.open("/").await;
        self.look_for("sidebar-job", "mailbox-with-a-job").await;
        self.every_call_takes(0).await;
        api.control(&job.id, "resume").await;
        api.wait_for_end(&job.id).await;
        self.in_front(&job).await;
        self.look_for("completion-summary", "done").await;

        let undo = api.child(&job.id, "undo").await;
        self.in_front(&undo).await;
        self.look_for("undo-preview", "undo-preview").await;
        api.confirm(&undo.id).await;
        api.wait_for_end(&undo.id).await;
        self.look_for("completion-summary", "undone").await;
        self.open(&format!("/jobs/{}", job.id)).await;
        self.look_for("item-line", "job-page").await;
    }

    /// One in which some fail, and the list of all.
    async fn a_job_with_failures(&self) {
        let (browser, api) = (self.browser, &self.server.api);
        let failing = Dials {
            fail_percent: 10,
            ..Dials::default()
        };
        api.turn_dials(&self.account, &failing).await;
        let job = self
            .draft(Operation::MarkRead(MarkRead {}), "is:unread")
            .await;
        api.confirm(&job.id).await;
        api.wait_for_end(&job.id).await;
        self.in_front(&job).await;
        self.look_for("failures", "done-with-failures").await;
        browser.click("failure-group-failed").await;
        self.look_for("outcome-row", "failures").await;
        browser.click("cure-leave").await;
        self.look_for("left-as-is", "left-as-is").await;
        self.every_call_takes(0).await;
        self.open("/jobs").await;
        self.look_for("history-row", "history").await;
        browser.click("cleaned").await;
        self.look("history-cleaned").await;
        self.open("/jobs?state=paused").await;
        self.look_for("history-empty", "history-none-of-these")
            .await;
    }

    /// The contacts, what is asked before a job on them, and what was found of each.
    async fn contacts(&self) {
        let (browser, api) = (self.browser, &self.server.api);
        let page = format!("/accounts/{}/contacts", self.account);
        self.open(&page).await;
        self.look_for("contact-row", "contacts").await;
        browser.click("search-help").await;
        self.look_for("search-help-sheet", "contacts-search-help")
            .await;
        browser.click("search-help").await;
        browser.fill("search", "org:nobody-at-all").await;
        browser.submit("search").await;
        self.look_for("list-empty", "contacts-none").await;
        self.open(&page).await;
        browser.see("contact-row").await;
        browser.click("add-contacts").await;
        self.look_for("add-dialog", "contacts-from-a-file").await;
        browser.click("close").await;
        browser.click("select-all").await;
        self.look_for("all-matching", "contacts-selected").await;
        browser.click("action-update_contacts").await;
        self.look_for("update_contacts-dialog", "which-edits").await;
        browser.click("close").await;
        let check = Operation::CheckContacts(CheckContacts {});
        let job = self.draft(check, "").await;
        api.confirm(&job.id).await;
        api.wait_for_end(&job.id).await;
        self.open(&format!(
            "/accounts/{}/contacts/jobs/{}",
            self.account, job.id
        ))
        .await;
        self.look_for("outcome-result", "contacts-findings").await;
    }

    /// Whole mailboxes: where a table comes from, and one with something wrong in it.
    async fn mailboxes(&self) {
        let path = format!("/accounts/{}/mailboxes", self.account);
        self.open(&path).await;
        self.look_for("inactive", "mailboxes").await;
        let file = self.server.data().with_file_name("leavers.csv");
        let table = "source_guid;target_upn;display_name\n7,39E+07;ann@company.example;Ann\n";
        std::fs::write(&file, table).unwrap();
        let name = file.display().to_string();
        self.browser.pick_files("mailbox-file", &name).await;
        self.look_for("grid-row", "mailboxes-wrong").await;
    }

    /// What is seen while the mailbox does not answer.
    async fn waiting(&self) {
        self.every_call_takes(WAITING_MS).await;
        self.open("/").await;
        self.look_for("list-loading", "mailbox-loading").await;
        self.every_call_takes(0).await;
        self.open("/").await;
        self.browser.see("mail-row").await;
    }

    /// What only a narrow window has.
    async fn narrow(&self) {
        let narrow = View::of(View::SIZES[0], Theme::Light);
        self.browser.look_in(narrow).await;
        self.browser.click("drawer").await;
        self.browser.see("nav-history").await;
        let stop = Stop {
            name: "drawer",
            narrow: true,
        };
        (self.look)(stop).await;
        self.browser.look_as_before().await;
    }

    async fn way_out(&self) {
        self.open("/").await;
        self.browser.click("account-menu").await;
        self.browser.click("sign-out").await;
        self.look_for("signed-out", "signed-out").await;
    }

    async fn draft(&self, operation: Operation, query: &str) -> Job {
        let options = JobOptions {
            batch_size: Some(20),
            parallel_chunks: Some(2),
            ..JobOptions::default()
        };
        let api = &self.server.api;
        api.draft_query(&self.account, operation, query, options)
            .await
    }

    /// The job in a dialog over the mailbox.
    async fn in_front(&self, job: &Job) {
        self.open(&format!("/accounts/{}/jobs/{}", self.account, job.id))
            .await;
    }

    async fn every_call_takes(&self, latency_ms: u64) {
        let dials = Dials {
            latency_ms,
            ..Dials::default()
        };
        self.server.api.turn_dials(&self.account, &dials).await;
    }
}
