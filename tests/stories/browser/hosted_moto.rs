//! On AWS: sign in on pages of its own, work while tokens come and go, sign out everywhere.
//! (KMS and S3 come from moto; the module says so in its name, for runs without it.)

use std::time::{Duration, Instant};

use bulkhead_cloud::sign_in::PASSWORD;
use bulkhead_shared::api::{Connection, NewAccount};
use bulkhead_tests::browser::{Browser, story};
use bulkhead_tests::driver::app;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

use super::{confirm, end, search, select_all_matching};

const MAILS: usize = 600;
/// Shorter than the job takes to do and to undo, so that tokens end in the middle of it.
const LIFETIME: Duration = Duration::from_secs(10);
/// After so long the app takes a new one.
const FRESH: Duration = Duration::from_secs(8);
/// Long enough to press several buttons meanwhile.
const SLOW: Duration = Duration::from_secs(2);

async fn cloud(parameters: Vec<(&'static str, String)>) -> Cloud {
    let mut wishes = Wishes {
        app: Some(app()),
        ..Wishes::default()
    };
    wishes.parameters.extend(parameters);
    Cloud::start(wishes).await
}

/// A mailbox of Ann's, connected.
async fn mailbox(cloud: &Cloud) -> Dovecot {
    let dovecot = Dovecot::start(Mode::Normal);
    let message = |number: usize| {
        format!(
            "From: Ben <ben@example.com>\r\nSubject: mail {number:04}\r\n\
             Message-ID: <{number}@example.com>\r\n\r\nHello.\r\n"
        )
        .into_bytes()
    };
    let messages: Vec<Vec<u8>> = (0..MAILS).map(message).collect();
    dovecot.client().append("INBOX", &messages, "");
    let connection = Connection::Imap(dovecot.connection());
    let name = Some("Dovecot".to_owned());
    let account = NewAccount { name, connection };
    cloud.api("ann").connect(&account).await;
    dovecot
}

/// Fills the form of the hosted sign-in.
async fn enter(browser: &Browser, name: &str) {
    browser.fill("login-name", name).await;
    browser.fill("login-password", PASSWORD).await;
    browser.click("login-submit").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_in_works_on_imap_through_renewals_and_signs_out() {
    story("hosted", async |browser| {
        let cloud = cloud(Vec::new()).await;
        let dovecot = mailbox(&cloud).await;
        cloud.sign_in.let_tokens_live(LIFETIME);
        let wanted = format!("{}/jobs?state=completed", cloud.address());
        browser.open(&wanted).await;
        enter(browser, "ann").await;
        browser.see("history-empty").await;
        assert_eq!(browser.address().await, wanted, "back where she was going");

        // Several calls find the token old while the new one takes its time: they wait for the same.
        tokio::time::sleep(LIFETIME).await;
        let (renewed, begin) = (cloud.sign_in.renewals(), Instant::now());
        cloud.sign_in.be_slow(SLOW);
        browser.click("account").await;
        browser.click("nav-history").await;
        browser.click("account").await;
        browser.see("mail-row").await;
        cloud.sign_in.be_slow(Duration::ZERO);
        let most = 1 + begin.elapsed().as_secs() / FRESH.as_secs();
        let renewed = cloud.sign_in.renewals() - renewed;
        assert!(renewed as u64 <= most, "{renewed} renewals");

        search(browser, "in:inbox", MAILS as u64).await;
        select_all_matching(browser).await;
        browser.click("action-archive").await;
        assert_eq!(confirm(browser).await, MAILS as u64);
        assert_eq!(end(browser).await, MAILS as u64);
        assert_eq!(dovecot.client().contents("INBOX").len(), 0);
        browser.click("undo").await;
        assert_eq!(confirm(browser).await, MAILS as u64);
        assert_eq!(end(browser).await, MAILS as u64);
        assert_eq!(dovecot.client().contents("INBOX").len(), MAILS);
        browser.click("done").await;
        // However long that took: the sidebar asks on, and needs a new token for it.
        browser
            .until("renew the session", async || {
                (cloud.sign_in.renewals() > 1).then_some(())
            })
            .await;

        browser.reload().await;
        browser.see("mail-row").await;
        let first = browser.open_tab(&wanted).await;
        browser.see("history-row").await;
        assert_eq!(cloud.sign_in.open_sessions(), 2, "a session for each tab");
        browser.click("account-menu").await;
        browser.click("sign-out").await;
        browser.see("signed-out").await;
        browser.turn_to(first).await;
        browser.see("signed-out").await;
        browser
            .until("end both sessions", async || {
                (cloud.sign_in.open_sessions() == 0).then_some(())
            })
            .await;
        browser.open(&wanted).await;
        browser.see("login-name").await;
        cloud
            .stop(&[PASSWORD, &dovecot.password], Expected::default())
            .await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_let_in_is_told_so_and_may_try_again() {
    story("hosted_denied", async |browser| {
        let cloud = cloud(Vec::new()).await;
        cloud.sign_in.deny("ben");
        browser.open(cloud.address()).await;
        enter(browser, "ben").await;
        browser.see("sign-in-problem").await;
        // An answer to a question that this tab never asked signs nobody in.
        let foreign = format!("{}/signed-in?code=0&state=0", cloud.address());
        browser.open(&foreign).await;
        browser.see("sign-in-problem").await;
        assert_eq!(cloud.sign_in.open_sessions(), 0);

        browser.click("sign-in-submit").await;
        enter(browser, "ann").await;
        browser.see("connect-submit").await;
        cloud.stop(&[PASSWORD], Expected::default()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_elsewhere_leads_back_to_the_sign_in() {
    story("hosted_ended", async |browser| {
        let cloud = cloud(Vec::new()).await;
        browser.open(&format!("{}/jobs", cloud.address())).await;
        enter(browser, "ann").await;
        browser.see("history-empty").await;
        // The console says that the refresh token was refused.
        browser.expect_complaint("400 (Bad Request)");
        cloud.sign_in.refuse_refresh(true);
        browser.reload().await;
        // Straight on to the sign-in, which still knows her: she is back without a password.
        browser.see("history-empty").await;
        assert_eq!(cloud.sign_in.renewals(), 0);
        cloud.stop(&[PASSWORD], Expected::default()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_early_is_renewed_once() {
    story("hosted_early", async |browser| {
        let cloud = cloud(Vec::new()).await;
        // Longer than the page takes to come up on a busy machine.
        let lifetime = Duration::from_secs(8);
        cloud.sign_in.let_tokens_live(lifetime);
        cloud.sign_in.promise_lifetime(Duration::from_secs(3_600));
        browser.open(&format!("{}/connect", cloud.address())).await;
        enter(browser, "ann").await;
        browser.see("connect-submit").await;
        tokio::time::sleep(lifetime + Duration::from_secs(1)).await;
        browser.expect_complaint("401 (Unauthorized)");
        browser.click("nav-history").await;
        browser.see("history-empty").await;
        assert_eq!(cloud.sign_in.renewals(), 1);
        cloud.stop(&[PASSWORD], Expected::default()).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_too_much_waits_and_goes_on() {
    story("hosted_waiting", async |browser| {
        let cloud = cloud(vec![("RequestsPerMinute", "10".to_owned())]).await;
        browser.expect_complaint("429 (Too Many Requests)");
        browser.open(&format!("{}/jobs", cloud.address())).await;
        enter(browser, "ann").await;
        browser.see("history-empty").await;
        browser
            .until("have asked too much", async || {
                browser.click("nav-connect").await;
                browser.click("nav-history").await;
                (browser.how_many("waiting").await > 0).then_some(())
            })
            .await;
        browser.see_no("waiting").await;
        browser.see("history-empty").await;
        assert_eq!(browser.how_many("problem").await, 0);
        cloud.stop(&[PASSWORD], Expected::default()).await;
    })
    .await;
}
