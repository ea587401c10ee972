//! A mailbox on Dovecot, a person signed in by the hosted sign-in, and all six functions.

mod dead_letters;
mod main_job;
mod roles;
mod trouble;

use bulkhead_shared::api::{Connection, Job, NewAccount};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_tests::api::Api;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::{Client, Seen};

/// What is in the mails and in what people send, and may be in no log: subjects, senders, texts, names,
/// passwords, tokens (each begins like this, and so does a presigned address).
const SECRETS: [&str; 9] = [
    "zebra",
    "giraffe",
    "elephant",
    "example.com",
    "pw secret",
    "alice",
    "eyJ",
    "X-Amz-Signature",
    "bearer",
];
const FOLDERS: [&str; 3] = ["INBOX", "Archive", "Trash"];

/// One person with one mailbox.
struct World {
    dovecot: Dovecot,
    cloud: Cloud,
    api: Api,
    account: AccountId,
    client: Client,
}

impl World {
    /// A mailbox of so many mails, a third of them read, connected.
    async fn with_mails(mails: usize, wishes: Wishes) -> Self {
        let dovecot = Dovecot::start(Mode::Normal);
        let mut client = dovecot.client();
        let messages: Vec<Vec<u8>> = (0..mails).map(message).collect();
        for (index, messages) in messages.chunks(mails.div_ceil(3)).enumerate() {
            let flags = if index == 0 { "\\Seen" } else { "" };
            client.append("INBOX", messages, flags);
        }
        let cloud = Cloud::start(wishes).await;
        let api = cloud.api("zebra-keeper");
        let account = api.connect(&connection(&dovecot)).await.id;
        Self {
            dovecot,
            cloud,
            api,
            account,
            client,
        }
    }

    /// Every mail, by the folder it is in.
    fn mailbox(&mut self) -> Vec<(&'static str, Vec<Seen>)> {
        FOLDERS
            .map(|folder| (folder, self.client.contents(folder)))
            .into()
    }

    /// Ends the story; nothing may have gone wrong but what is expected.
    async fn stop(self, expected: Expected) {
        self.cloud.stop(&SECRETS, expected).await;
    }
}

fn connection(dovecot: &Dovecot) -> NewAccount {
    NewAccount {
        name: Some("The elephant's mailbox".to_owned()),
        connection: Connection::Imap(dovecot.connection()),
    }
}

fn message(number: usize) -> Vec<u8> {
    format!(
        "From: Keeper {number} <keeper{number}@example.com>\r\nTo: zoo@example.com\r\n\
         Date: Mon, 5 Jan 2026 10:00:00 +0000\r\nMessage-ID: <{number}@example.com>\r\n\
         Subject: zebra {number:05}\r\n\r\nThe giraffes graze.\r\n"
    )
    .into_bytes()
}

/// What everything comes to: each mail once, all of them.
fn all_succeeded(job: &Job) {
    let all = (job.state, job.counts.succeeded);
    assert_eq!(all, (State::Completed, job.total), "{job:#?}");
}
