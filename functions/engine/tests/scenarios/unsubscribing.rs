//! Lists are asked to write no more: each once, as its newest mail says, and never again by itself.

use bulkhead_engine::access;
use bulkhead_engine::accounts;
use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::{children, preview, results};
use bulkhead_engine::ports::{Delivery, Span, Table};
use bulkhead_engine::records::names;
use bulkhead_engine::scan;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::unsubscribe;
use bulkhead_shared::api::{Gate, GroupBy, GroupOrder, RiskLevel};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::job::State;
use bulkhead_shared::limits;
use bulkhead_shared::operations::{Operation, Unsubscribe};
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_shared::selection::Selection;
use bulkhead_shared::unsubscribe::{Distrust, MailingList, Way};
use futures::executor::block_on;
use jiff::SignedDuration;

use super::options;

/// Lines by which the account's own server vouches for what a mail says of unsubscribing.
const VOUCHED: &str = "Authentication-Results: mx.example.org; dkim=pass header.d=lists.example\r\n\
    Received: from lists.example by mx.example.org; Fri, 27 Nov 2026 00:00:00 +0000\r\n\
    DKIM-Signature: d=lists.example; h=list-unsubscribe:list-unsubscribe-post; b=a\r\n";
const POST: &str = "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n";
const PAGE: &str = "https://lists.example/u";

fn mail(list: &str, lines: &str) -> String {
    format!(
        "{VOUCHED}From: {list} <{list}@lists.example>\r\nTo: me+x@example.org\r\nList-Id: <{list}.lists.example>\r\n\
         {lines}Subject: x\r\n\r\nHello\r\n"
    )
}

/// A mailbox with mails of every sort: two of a list that takes one request, one each of the others, and one of a
/// person.
async fn stage() -> Stage {
    stage_in(MemoryMailbox::new(7)).await
}

/// The same with this mailbox of seven mails.
async fn stage_in(mailbox: MemoryMailbox) -> Stage {
    let one_click = format!("List-Unsubscribe: <{PAGE}>\r\n{POST}");
    mailbox.write(1, &mail("news", &one_click));
    mailbox.write(2, &mail("news", &one_click));
    let by_mail = "List-Unsubscribe: <mailto:leave@lists.example?subject=bye&body=a%0D%0Ab&cc=x@x.example>\r\n";
    mailbox.write(3, &mail("talk", by_mail));
    mailbox.write(
        4,
        &mail("page", "List-Unsubscribe: <https://lists.example/page>\r\n"),
    );
    mailbox.write(5, &mail("mute", ""));
    mailbox.write(6, &mail("forged", &one_click).replace(VOUCHED, ""));
    mailbox.write(7, "From: Ann <ann@example.org>\r\nSubject: x\r\n\r\nHi\r\n");
    Stage::new(mailbox).await.unwrap()
}

async fn drafted(stage: &Stage, selection: Selection) -> JobId {
    let operation = Operation::Unsubscribe(Unsubscribe {});
    stage.draft(operation, selection, options()).await.unwrap()
}

async fn done(stage: &Stage, selection: Selection) -> JobId {
    let id = drafted(stage, selection).await;
    stage.confirm(&id).await.unwrap();
    stage.run().await.unwrap();
    id
}

async fn lists(stage: &Stage, id: &JobId) -> Vec<MailingList> {
    let preview = preview::preview(&stage.ports, &stage.user, id)
        .await
        .unwrap();
    preview.lists.unwrap().first
}

async fn ends(stage: &Stage, id: &JobId) -> Vec<(Outcome, Option<ItemReason>)> {
    let rows = results::endings(&stage.ports, &stage.user, id)
        .await
        .unwrap();
    rows.into_iter()
        .map(|row| (row.outcome.unwrap(), row.reason))
        .collect()
}

#[test]
fn each_list_is_asked_once_and_the_others_say_why_not() {
    block_on(async {
        for selection in [None, Some(Stage::inbox())] {
            let stage = stage().await;
            let selection = selection.unwrap_or_else(|| stage.these(1..=7));
            let id = drafted(&stage, selection).await;
            let preview = preview::preview(&stage.ports, &stage.user, &id)
                .await
                .unwrap();
            assert_eq!(
                (preview.total, preview.risk.level, preview.gate),
                (6, RiskLevel::Medium, Gate::Confirm)
            );
            let told = preview.lists.unwrap();
            assert_eq!(told.asked, 2);
            let told: Vec<(&str, u64, &Way)> = told
                .first
                .iter()
                .map(|list| (list.key.as_str(), list.mails, &list.way))
                .collect();
            let one_click = Way::OneClick {
                url: PAGE.to_owned(),
                host: "lists.example".to_owned(),
                vouched_by: "mx.example.org".to_owned(),
                signed_by: "lists.example".to_owned(),
            };
            let distrusted = Way::NotTrusted {
                url: PAGE.to_owned(),
                why: Distrust::NotChecked,
            };
            let by_mail = Way::Mail {
                to: "leave@lists.example".to_owned(),
                from: "me+x@example.org".to_owned(),
                subject: "bye".to_owned(),
                body: "a\nb".to_owned(),
            };
            let page = Way::WebPage {
                url: "https://lists.example/page".to_owned(),
            };
            let expected = [
                ("news.lists.example", 2, &one_click),
                ("ann@example.org", 1, &Way::NotTold),
                ("forged.lists.example", 1, &distrusted),
                ("mute.lists.example", 1, &Way::NotTold),
                ("page.lists.example", 1, &page),
                ("talk.lists.example", 1, &by_mail),
            ];
            assert_eq!(told, expected);
            stage.confirm(&id).await.unwrap();
            stage.run().await.unwrap();
            assert_eq!(stage.mailbox.asked(), [PAGE]);
            let sent = stage.mailbox.delivered();
            assert_eq!(sent.len(), 1);
            assert_eq!(
                (sent[0].envelope.from.as_str(), sent[0].envelope.to.as_str()),
                ("me+x@example.org", "leave@lists.example")
            );
            let text = String::from_utf8(sent[0].bytes.clone()).unwrap();
            assert!(
                text.contains("\r\nSubject: bye\r\n") && text.ends_with("a\r\nb"),
                "{text}"
            );
            assert!(
                !text.contains("Cc:") && !text.contains("List-Unsubscribe"),
                "{text}"
            );
            let skipped = |why| (Outcome::Skipped, Some(why));
            let expected = [
                (Outcome::Succeeded, None),
                skipped(ItemReason::NoUnsubscribe),
                skipped(ItemReason::NotTrusted),
                skipped(ItemReason::NoUnsubscribe),
                skipped(ItemReason::WebPageOnly),
                (Outcome::Succeeded, None),
            ];
            assert_eq!(ends(&stage, &id).await, expected);
            // It was said before that this is for good.
            let undone = children::undo(&stage.ports, &stage.user, &id).await;
            assert!(matches!(undone, Err(Error::NotPossible(_))));
            assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
        }
    });
}

#[test]
fn what_becomes_of_the_mails_between_preview_and_confirmation_changes_nothing() {
    block_on(async {
        let stage = stage().await;
        let id = drafted(&stage, stage.these([1, 3])).await;
        stage
            .mailbox
            .act(1, |place| place.folder = "Trash".to_owned());
        stage.confirm(&id).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.mailbox.asked(), [PAGE]);
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 2);
    });
}

#[test]
fn spam_is_not_answered() {
    block_on(async {
        let stage = stage().await;
        for mail in [1, 2] {
            stage
                .mailbox
                .act(mail, |place| place.folder = "Spam".to_owned());
        }
        let id = done(&stage, stage.these([1, 2, 3])).await;
        assert_eq!(lists(&stage, &id).await[0].way, Way::Spam);
        assert_eq!(stage.mailbox.asked(), [""; 0]);
        assert_eq!(
            ends(&stage, &id).await[0],
            (Outcome::Skipped, Some(ItemReason::FromSpam))
        );
    });
}

#[test]
fn a_lost_answer_is_uncertain_and_nothing_asks_again() {
    block_on(async {
        let stage = stage().await;
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let id = done(&stage, stage.these([1])).await;
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        let job = stage.job(&id).await.unwrap();
        assert_eq!((job.state, job.counts.uncertain), (State::Completed, 1));
        assert_eq!(
            ends(&stage, &id).await,
            [(Outcome::Uncertain, Some(ItemReason::MayBeUnsubscribed))]
        );
        assert_eq!(stage.mailbox.asked(), [PAGE]);
        let again = children::retry(&stage.ports, &stage.user, &id, limits::OPEN_JOBS).await;
        assert!(again.is_err());
        let asked = unsubscribe::asked(stage.table.as_ref(), &stage.account)
            .await
            .unwrap();
        assert!(!asked.of("news.lists.example", None).unwrap().answered);
        // A mail leaves a copy.
        stage.mailbox.trouble(|trouble| trouble.lose_answers = 1);
        let id = done(&stage, stage.these([3])).await;
        assert_eq!(ends(&stage, &id).await, [(Outcome::Succeeded, None)]);
        assert_eq!(stage.mailbox.delivered().len(), 1);
        // Of one that was not sent there is none, which proves nothing.
        stage.mailbox.trouble(|trouble| trouble.break_off = 1);
        let id = done(&stage, stage.these([3])).await;
        stage.run_to_end(&id).await;
        assert_eq!(
            ends(&stage, &id).await,
            [(Outcome::Uncertain, Some(ItemReason::MayBeUnsubscribed))]
        );
        assert_eq!(stage.mailbox.delivered().len(), 1);
    });
}

#[test]
fn a_table_that_was_put_back_asks_no_list_again() {
    block_on(async {
        let stage = stage().await;
        let id = drafted(&stage, stage.these([1, 3])).await;
        stage.confirm(&id).await.unwrap();
        let backup = stage.table.rows();
        stage.run().await.unwrap();
        stage.put_back(backup);
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.uncertain), (State::Completed, 2));
        assert_eq!(stage.mailbox.asked(), [PAGE]);
        assert_eq!(stage.mailbox.delivered().len(), 1);
    });
}

/// Of lists that were asked there are no copies that would tell.
#[test]
fn where_notes_may_lack_each_list_is_asked_that_is_not_noted() {
    block_on(async {
        let stage = stage().await;
        let id = drafted(&stage, stage.these([1, 3])).await;
        stage.confirm(&id).await.unwrap();
        stage.ledger.lose();
        let job = stage.run_to_end(&id).await;
        assert_eq!((job.state, job.counts.succeeded), (State::Completed, 2));
        assert_eq!(stage.mailbox.asked(), [PAGE]);
        assert_eq!(stage.mailbox.delivered().len(), 1);
    });
}

#[test]
fn invariant_8_lists_are_asked_no_faster_than_the_account_may_send() {
    block_on(async {
        let stage = stage_in(MemoryMailbox::new(7).sending_at_most(1, 60)).await;
        let id = drafted(&stage, stage.these([1, 3])).await;
        stage.confirm(&id).await.unwrap();
        while stage.step().await.unwrap() {}
        let asked = stage.mailbox.asked().len() + stage.mailbox.delivered().len();
        assert_eq!(asked, 1, "one a minute");
        let job = stage.run_to_end(&id).await;
        assert_eq!(job.counts.succeeded, 2);
    });
}

#[test]
fn a_server_that_says_no_is_told_and_one_that_says_later_is_asked_later() {
    block_on(async {
        let stage = stage().await;
        let answers = |answer: Option<Delivery>| {
            stage.mailbox.trouble(|trouble| {
                trouble.pages = answer
                    .map(|answer| (PAGE.to_owned(), answer))
                    .into_iter()
                    .collect();
            });
        };
        answers(Some(Delivery::Refused(ItemReason::LeadsElsewhere)));
        let id = done(&stage, stage.these([1])).await;
        assert_eq!(
            ends(&stage, &id).await,
            [(Outcome::Failed, Some(ItemReason::LeadsElsewhere))]
        );
        let asked = unsubscribe::asked(stage.table.as_ref(), &stage.account)
            .await
            .unwrap();
        assert_eq!(asked.asked_at("news.lists.example"), None);
        // A person may try again what was refused.
        answers(None);
        let again = children::retry(&stage.ports, &stage.user, &id, limits::OPEN_JOBS)
            .await
            .unwrap();
        stage.run().await.unwrap();
        assert_eq!(lists(&stage, &again).await[0].key, "news.lists.example");
        stage.confirm(&again).await.unwrap();
        stage.run().await.unwrap();
        assert_eq!(stage.job(&again).await.unwrap().counts.succeeded, 1);
        assert_eq!(stage.mailbox.asked().len(), 2);
        // What passes is tried again by itself.
        answers(Some(Delivery::Deferred(SignedDuration::from_secs(90))));
        let id = drafted(&stage, stage.these([1])).await;
        stage.confirm(&id).await.unwrap();
        let began = stage.ports.clock.now();
        while stage.mailbox.asked().len() < 3 {
            stage.step().await.unwrap();
        }
        answers(None);
        stage.run().await.unwrap();
        assert_eq!(stage.job(&id).await.unwrap().counts.succeeded, 1);
        assert!(stage.ports.clock.now().duration_since(began) >= SignedDuration::from_secs(90));
    });
}

#[test]
fn what_was_asked_is_known_of_each_list_until_the_account_goes() {
    block_on(async {
        let stage = stage().await;
        done(&stage, stage.these([1, 3])).await;
        let now = stage.ports.clock.now();
        let again = drafted(&stage, stage.these([1])).await;
        let list = &lists(&stage, &again).await[0];
        assert!(list.asked_at.is_some_and(|at| at <= now));
        let rows = || async {
            let span = Span {
                partition: names::unsubscribed_partition(&stage.account),
                from: " ".to_owned(),
                to: "~".to_owned(),
                reverse: false,
                limit: None,
            };
            stage.table.range(&span).await.unwrap().len()
        };
        assert_eq!(rows().await, 2);
        let account = access::account(&stage.ports, &stage.user, &stage.account)
            .await
            .unwrap();
        accounts::delete(&stage.ports, &stage.user, account)
            .await
            .unwrap();
        assert_eq!(rows().await, 0);
    });
}

#[test]
fn senders_say_what_was_asked_and_what_comes_all_the_same() {
    block_on(async {
        let stage = stage().await;
        // As the mailbox in memory counts them: each third mail is from this list.
        let list = mail("x", &format!("List-Unsubscribe: <{PAGE}>\r\n{POST}"));
        stage
            .mailbox
            .write(3, &list.replace("x.lists.example", "list.example.org"));
        done(&stage, stage.these([3])).await;
        let account = access::account(&stage.ports, &stage.user, &stage.account)
            .await
            .unwrap();
        scan::start(&stage.ports, &stage.user, &account)
            .await
            .unwrap();
        stage.run().await.unwrap();
        let told = scan::senders(&stage.ports, &account, GroupBy::List, GroupOrder::Mails, 10)
            .await
            .unwrap();
        let group = told
            .groups
            .iter()
            .find(|group| group.key == "list.example.org")
            .unwrap();
        let unsubscribed = group.unsubscribed.unwrap();
        // Its mails are all from before that.
        assert!(unsubscribed.answered && !unsubscribed.still_comes);
        let years = scan::senders(&stage.ports, &account, GroupBy::Year, GroupOrder::Mails, 10)
            .await
            .unwrap();
        assert!(
            years
                .groups
                .iter()
                .all(|group| group.unsubscribed.is_none())
        );
    });
}
