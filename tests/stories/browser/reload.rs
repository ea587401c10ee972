//! In the middle of a job: reload, a second tab, and Back show the same job, still counting.

use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_tests::browser::story;
use bulkhead_tests::driver::Bulkhead;

use super::visit;
use crate::steps::{run_into_the_middle, speed_up};

#[tokio::test(flavor = "multi_thread")]
async fn reload_and_a_second_tab_find_the_job_again() {
    story("reload", async |browser| {
        let server = Bulkhead::with_mails(4_000).await;
        let account = server.api.sandbox().await;
        visit(browser, &server).await;
        let operation = Operation::Archive(Archive {});
        let job = run_into_the_middle(&server, &account, operation, "in:inbox").await;
        let address = server.page(&format!("/jobs/{}", job.id));
        browser.open(&address).await;
        let seen = browser
            .count_until("count-succeeded", |count| count >= 200)
            .await;

        browser.reload().await;
        let again = browser
            .count_until("count-succeeded", |count| count >= seen)
            .await;
        assert_eq!(browser.count("count-total").await, job.total);

        let first = browser.open_tab(&address).await;
        browser
            .count_until("count-succeeded", |count| count >= again)
            .await;
        browser.click("hide").await;
        browser.see_no("job-page").await;
        browser.back().await;
        browser.see("count-succeeded").await;

        speed_up(&server, &account).await;
        browser.see("completion-summary").await;
        assert_eq!(browser.count("count-succeeded").await, job.total);
        browser.turn_to(first).await;
        browser.see("completion-summary").await;
        assert_eq!(browser.count("count-succeeded").await, job.total);
        server.stop().await;
    })
    .await;
}
