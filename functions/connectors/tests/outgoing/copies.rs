//! What the copies of sent mails tell of all mails of a job at once.

use std::collections::BTreeSet;

use bulkhead_engine::ports::{Delivery, Postbox};

use crate::support::{World, letter};

const MAILS: usize = 12;

async fn sent(postbox: &dyn Postbox, beginning: &str) -> BTreeSet<String> {
    let ids = postbox.sent(beginning).await.unwrap();
    ids.into_iter().map(|id| id.to_string()).collect()
}

#[tokio::test]
async fn copies_of_a_job_are_told_by_how_their_ids_begin() {
    let world = World::start();
    let postbox = world.plain().await;
    assert_eq!(sent(postbox.as_ref(), "snd_test.").await, BTreeSet::new());
    let letters: Vec<_> = (0..MAILS).map(|number| letter(number, "bo")).collect();
    for letter in &letters {
        let told = postbox.deliver(std::slice::from_ref(letter)).await;
        assert_eq!(told.unwrap(), [Delivery::Done]);
    }
    // Others' mails, whose ids hold the same or are written in other ways, or have none.
    let others = [
        "Message-ID: <x.snd_test.1@example.org>\r\n\r\nx\r\n",
        "Message-ID: <snd_test2.1@example.org>\r\n\r\nx\r\n",
        "In-Reply-To: <snd_test.1@example.org>\r\n\r\nx\r\n",
        "Message-ID:\r\n <snd_test.98@example.org>\r\n\r\nx\r\n",
        "Message-Id: snd_test.99@example.org\r\n\r\nx\r\n",
    ];
    let others = others.map(|text| text.as_bytes().to_vec());
    world.dovecot.client().append("Sent", &others, "");
    let mut expected: BTreeSet<String> = letters.iter().map(|it| it.id.to_string()).collect();
    expected.insert("snd_test.98@example.org".to_owned());
    assert_eq!(sent(postbox.as_ref(), "snd_test.").await, expected);
    assert_eq!(sent(postbox.as_ref(), "snd_other.").await, BTreeSet::new());
}
