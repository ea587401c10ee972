//! The audit trail: an unbroken chain that says who did what, and holds no content.

use bulkhead_shared::operations::{Archive, Operation};
use bulkhead_tests::driver::Bulkhead;

#[tokio::test(flavor = "multi_thread")]
async fn every_job_leaves_a_chain_of_facts() {
    let mut server = Bulkhead::with_mails(500).await;
    let account = server.api.sandbox().await;
    let subject = server.api.items(&account, "in:inbox").await[0]
        .subject
        .clone();
    let job = server
        .api
        .run(&account, Operation::Archive(Archive {}), "in:inbox")
        .await;
    server.restart().await;
    let undo = server.api.undo(&job.id).await;

    let events = server.api.audit().await;
    let mut previous = "0".repeat(64);
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.sequence, index as u64 + 1, "a gap before {event:?}");
        assert_eq!(event.previous, previous, "the chain is broken at {event:?}");
        assert!(!serde_json::to_string(event).unwrap().contains(&subject));
        previous.clone_from(&event.hash);
    }
    for id in [&job.id, &undo.id] {
        let of_job = events.iter().filter(|event| event.job.as_ref() == Some(id));
        let names: Vec<_> = of_job.map(|event| event.event.as_str()).collect();
        assert!(names.contains(&"job_confirmed"), "{id}: {names:?}");
        assert!(names.len() >= 2, "{id} has no end: {names:?}");
    }
    server.stop().await;
}
