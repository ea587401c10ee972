//! Nothing is handed over twice, wherever a process dies.

use std::collections::BTreeSet;

use bulkhead_engine::jobs::children;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Operation, TestDeliver, Unsubscribe};
use futures::executor::block_on;

use super::{MAILS, Queueing, live_and_die, ready};

/// Delivers everything, dying at this step. Says whether it lived long enough to die there.
fn deliver_and_die(queueing: Queueing, is_blind: bool, step: u32) -> bool {
    block_on(async {
        let deliver = Operation::TestDeliver(TestDeliver {});
        let (stage, fuse, id) = ready(&deliver, queueing).await;
        stage.mailbox.trouble(|trouble| trouble.blind = is_blind);
        let (job, died) = live_and_die(&stage, &fuse, &id, step, queueing).await;
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        let context = format!("{queueing:?}, blind {is_blind}, died at step {step}: {job:?}");
        assert_eq!(job.state, State::Completed, "invariant 4: {context}");
        let delivered = stage.mailbox.delivered();
        let ids: BTreeSet<_> = delivered.iter().map(|letter| &letter.id).collect();
        assert_eq!(ids.len(), delivered.len(), "invariant 3: {context}");
        let (done, unclear) = (job.counts.succeeded, job.counts.uncertain);
        assert_eq!(done + unclear, MAILS, "{context}");
        assert!(done <= delivered.len() as u64, "{context}");
        // What one call of one worker holds.
        assert!(unclear <= 2, "{context}");
        let again = children::retry(&stage.ports, &stage.user, &id, 50).await;
        assert!(again.is_err(), "{context}");
        died
    })
}

#[test]
fn invariant_3_nothing_is_delivered_twice_wherever_a_job_dies() {
    for queueing in [Queueing::Kept, Queueing::Doubled, Queueing::Lost] {
        for is_blind in [false, true] {
            let mut step = 0;
            while deliver_and_die(queueing, is_blind, step) {
                step += 1;
            }
            assert!(step > 20, "it took only {step} steps");
        }
    }
}

/// Asks a list by one request and another one by a mail, dying at this step. Says whether it lived long enough.
fn unsubscribe_and_die(queueing: Queueing, step: u32) -> bool {
    block_on(async {
        let unsubscribe = Operation::Unsubscribe(Unsubscribe {});
        let (stage, fuse, id) = ready(&unsubscribe, queueing).await;
        let (job, died) = live_and_die(&stage, &fuse, &id, step, queueing).await;
        stage.sweep().await.unwrap();
        stage.run().await.unwrap();
        let context = format!("{queueing:?}, died at step {step}: {job:?}");
        assert_eq!(job.state, State::Completed, "invariant 4: {context}");
        let (asked, sent) = (stage.mailbox.asked().len(), stage.mailbox.delivered().len());
        assert!(asked <= 1 && sent <= 1, "invariant 3: {context}");
        let (done, unclear) = (job.counts.succeeded, job.counts.uncertain);
        assert_eq!(
            (done + unclear, job.counts.skipped),
            (2, MAILS - 2),
            "{context}"
        );
        assert!(done <= (asked + sent) as u64 && unclear <= 1, "{context}");
        let again = children::retry(&stage.ports, &stage.user, &id, 50).await;
        assert!(again.is_err(), "{context}");
        died
    })
}

/// Two mails of lists that can be asked; the others say nothing.
pub(super) fn write_lists(mailbox: &MemoryMailbox) {
    for mail in 1..=MAILS {
        let said = match mail {
            1 => {
                "Authentication-Results: mx.example.org; dkim=pass header.d=l.example\r\n\
                 Received: from l.example by mx.example.org\r\n\
                 DKIM-Signature: d=l.example; h=list-unsubscribe:list-unsubscribe-post; b=a\r\n\
                 List-Unsubscribe: <https://l.example/u>\r\n\
                 List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
            }
            2 => "List-Unsubscribe: <mailto:u@l.example>\r\n",
            _ => "",
        };
        mailbox.write(
            mail,
            &format!("{said}From: l{mail}@l.example\r\nSubject: x\r\n\r\n"),
        );
    }
}

#[test]
fn invariant_3_no_list_is_asked_twice_wherever_a_job_dies() {
    for queueing in [Queueing::Kept, Queueing::Doubled, Queueing::Lost] {
        let mut step = 0;
        while unsubscribe_and_die(queueing, step) {
            step += 1;
        }
        assert!(step > 10, "it took only {step} steps");
    }
}
