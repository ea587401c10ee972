//! There is one draft for each mail, wherever a process dies, and none once that is taken back.

use bulkhead_engine::jobs::children;
use bulkhead_engine::testing::faults::Fuse;
use bulkhead_engine::testing::mailbox::MemoryMailbox;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_engine::{access, models};
use bulkhead_shared::api::{ChooseModel, NamedModel};
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{DraftReply, Operation, ReplyLanguage};
use bulkhead_shared::options::JobOptions;
use futures::executor::block_on;

use super::{Queueing, live_and_die};

/// Mails of a person each; every third one is of a list.
const MAILS: u64 = 9;
const ANSWERED: u64 = 6;

fn write_mails(mailbox: &MemoryMailbox) {
    for number in 1..=MAILS {
        let list = match number % 3 {
            0 => "List-Id: <l.example>\r\n",
            _ => "",
        };
        let mail = format!(
            "From: Ann <ann{number}@x.example>\r\nTo: me@example.org\r\n{list}Subject: Q {number}\r\n\
             Message-ID: <q{number}@x.example>\r\n\r\nWhen?\r\n"
        );
        mailbox.write(number, &mail);
    }
}

/// How many drafts lie in the folder for them.
fn in_drafts(stage: &Stage) -> usize {
    let places = stage.mailbox.places().into_values();
    places.filter(|place| place.folder == "Drafts").count()
}

/// Drafts everything, dying at this step; then takes it back, dying at that one. Says which it lived to see.
fn draft_and_die(
    queueing: Queueing,
    reply: &DraftReply,
    step: u32,
    undo_step: u32,
) -> (bool, bool) {
    block_on(async {
        let (mailbox, fuse) = (MemoryMailbox::new(MAILS), Fuse::new());
        write_mails(&mailbox);
        let stage = Stage::with_fuse(mailbox, Some(fuse.clone())).await.unwrap();
        choose_a_model(&stage).await;
        let operation = Operation::DraftReply(reply.clone());
        let options = JobOptions::default();
        let id = stage.draft(operation, Stage::inbox(), options).await;
        let id = id.unwrap();
        let before = stage.mailbox.places();
        let (job, died) = live_and_die(&stage, &fuse, &id, step, queueing).await;
        let context = format!("{queueing:?}, died at {step} and {undo_step}: {job:?}");
        assert_eq!(job.state, State::Completed, "invariant 4: {context}");
        let counts = (job.counts.succeeded, job.counts.skipped);
        assert_eq!(counts, (ANSWERED, MAILS - ANSWERED), "{context}");
        assert_eq!(in_drafts(&stage) as u64, ANSWERED, "invariant 3: {context}");
        let undo = children::undo(&stage.ports, &stage.user, &id).await;
        let undo = undo.unwrap();
        stage.run().await.unwrap();
        let (undone, undo_died) = live_and_die(&stage, &fuse, &undo, undo_step, queueing).await;
        let context = format!("{context}, {undone:?}");
        assert_eq!(undone.counts.succeeded, ANSWERED, "{context}");
        let mut after = stage.mailbox.places();
        after.retain(|identity, _| *identity <= MAILS);
        assert_eq!(after, before, "the mails stay as they were: {context}");
        assert_eq!(in_drafts(&stage), 0, "invariant 3: {context}");
        (died, undo_died)
    })
}

/// Chooses a model and agrees that it writes.
async fn choose_a_model(stage: &Stage) {
    let wanted = ChooseModel {
        url: "https://api.example.com/v1".to_owned(),
        model: "m".to_owned(),
        key: None,
        requests_per_minute: 1_000,
        side_by_side: 2,
        mails_per_request: 1,
    };
    let (ports, user) = (&stage.ports, &stage.user);
    models::choose(ports, user, &wanted).await.unwrap();
    let account = access::account(ports, user, &stage.account).await.unwrap();
    let named = NamedModel {
        model: "m".to_owned(),
        host: "api.example.com".to_owned(),
    };
    models::agree(ports, user, &account, &named).await.unwrap();
}

#[test]
fn invariant_3_there_is_one_draft_of_each_wherever_a_job_dies() {
    let reply = DraftReply::saying("Soon, {{ first_name }}.");
    for queueing in [Queueing::Kept, Queueing::Doubled, Queueing::Lost] {
        let mut step = 0;
        while draft_and_die(queueing, &reply, step, u32::MAX - 1).0 {
            step += 1;
        }
        assert!(step > 20, "it took only {step} steps");
        let mut step = 0;
        while draft_and_die(queueing, &reply, u32::MAX - 1, step).1 {
            step += 1;
        }
        assert!(step > 20, "the undo took only {step} steps");
    }
}

/// The model writes another text each time that it is asked.
#[test]
fn invariant_3_there_is_one_written_draft_of_each_wherever_a_job_dies() {
    let reply = DraftReply::written("Say soon", ReplyLanguage::AsMail);
    for queueing in [Queueing::Kept, Queueing::Doubled, Queueing::Lost] {
        let mut step = 0;
        while draft_and_die(queueing, &reply, step, u32::MAX - 1).0 {
            step += 1;
        }
        assert!(step > 30, "it took only {step} steps");
    }
}
