//! Replies among the drafts, through the running server: in the sandbox, and in a mailbox on a real Dovecot where
//! somebody edits one, and sends another.

use bulkhead_shared::api::{
    Connection, Email, EmailStatus, Emails, ImapConnection, Message, NewAccount, Role, Security,
};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{DraftReply, Operation};
use bulkhead_shared::outcome::Outcome;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};

fn saying(text: &str) -> Operation {
    DraftReply::saying(text).into()
}

/// How many mails lie in the folder for this.
async fn in_folder(server: &Bulkhead, account: &AccountId, role: Role) -> u64 {
    let folders = server.api.folders(account).await.folders;
    let folder = folders.into_iter().find(|it| it.role == Some(role));
    match folder {
        Some(folder) => {
            let query = format!("in:\"{}\"", folder.name);
            server.api.count(account, &query).await
        }
        None => 0,
    }
}

/// The mails of all accounts.
async fn emails(server: &Bulkhead) -> Vec<Email> {
    let mut emails = Vec::new();
    let mut path = "/emails?q=in:inbox".to_owned();
    loop {
        let page: Emails = server.api.get(&path).await.success().json();
        emails.extend(page.emails);
        match page.next_cursor {
            Some(cursor) => path = format!("/emails?q=in:inbox&cursor={cursor}"),
            None => return emails,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_are_drafted_in_the_sandbox_and_taken_back() {
    let server = Bulkhead::with_mails(400).await;
    let account = server.api.sandbox().await;
    let (drafts, trash) = (
        in_folder(&server, &account, Role::Drafts).await,
        in_folder(&server, &account, Role::Trash).await,
    );
    let job = server
        .api
        .run(&account, saying("Dear {{ name }}, soon."), "in:inbox")
        .await;
    assert_eq!(job.state, State::Completed);
    let made = job.counts.succeeded;
    // Most of a mailbox is written by programs and lists.
    assert!(made > 0 && job.counts.skipped > made, "{:?}", job.counts);
    assert_eq!(
        in_folder(&server, &account, Role::Drafts).await,
        drafts + made
    );
    for done in server.api.outcomes(&job.id, Some("succeeded")).await {
        assert_eq!(done.outcome, Some(Outcome::Succeeded));
    }
    let newest = server.api.items(&account, "in:drafts").await.remove(0);
    let path = format!("/accounts/{account}/message?id={}", newest.id);
    let message: Message = server.api.get(&path).await.success().json();
    assert!(newest.subject.starts_with("Re:"), "{}", newest.subject);
    assert!(
        message.source.contains("In-Reply-To: <"),
        "{}",
        message.source
    );
    let text = message.text.unwrap_or_default();
    assert!(text.starts_with("Dear ") && text.contains("\n> "), "{text}");
    let undone = server.api.undo(&job.id).await;
    assert_eq!(undone.counts.succeeded, made);
    assert_eq!(in_folder(&server, &account, Role::Drafts).await, drafts);
    assert_eq!(
        in_folder(&server, &account, Role::Trash).await,
        trash + made
    );
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_edited_stays_and_what_was_sent_is_told_as_that() {
    let dovecot = Dovecot::start(Mode::Normal);
    let mut client = dovecot.client();
    for number in 1..=3 {
        let mail = format!(
            "From: Ann <ann{number}@one.example>\r\nTo: alice@example.org\r\nSubject: Question {number}\r\n\
             Message-ID: <q{number}@one.example>\r\n\r\nWhen?\r\n"
        );
        client.append("INBOX", &[mail.into_bytes()], "");
    }
    let server = Bulkhead::start(Options {
        mails: 1,
        environment: vec![("BULKHEAD_PRIVATE_HOSTS".to_owned(), "allow".to_owned())],
        ..Options::default()
    })
    .await;
    let connection = Connection::Imap(ImapConnection {
        security: Security::None,
        ..dovecot.connection()
    });
    let new = NewAccount {
        name: None,
        connection,
    };
    let account = server.api.connect(&new).await.id;
    let job = server.api.run(&account, saying("Soon."), "in:inbox").await;
    assert_eq!(job.counts.succeeded, 3, "{job:?}");
    client.select("Drafts");
    let answered = |client: &mut bulkhead_tests::servers::imap_client::Client, number: u32| {
        let search = format!("UID SEARCH HEADER In-Reply-To \"<q{number}@one.example>\"");
        let lines = client.command(&search);
        let found = lines.iter().find_map(|line| line.strip_prefix("* SEARCH "));
        found.unwrap_or_default().trim().to_owned()
    };
    let (first, second) = (answered(&mut client, 1), answered(&mut client, 2));
    // A mail program that edits puts another one in the place of the draft.
    client.command(&format!("UID STORE {first} +FLAGS (\\Deleted)"));
    client.command("EXPUNGE");
    let edited = b"From: alice@example.org\r\nTo: ann1@one.example\r\nSubject: Re: Question 1\r\n\
                   In-Reply-To: <q1@one.example>\r\nMessage-ID: <edited@example.org>\r\n\r\nTomorrow.\r\n";
    client.append("Drafts", &[edited.to_vec()], "\\Draft");
    // And one that sends moves it to the sent mails.
    client.command(&format!("UID MOVE {second} Sent"));
    let emails = emails(&server).await;
    let status = |subject: &str| {
        let mut emails = emails.iter();
        let email = emails.find(|email| email.subject == subject);
        email.unwrap().status
    };
    assert_eq!(status("Question 1"), Some(EmailStatus::Processed));
    assert_eq!(status("Question 2"), Some(EmailStatus::Sent));
    assert_eq!(status("Question 3"), Some(EmailStatus::Processed));
    // What is not as it was left stays: of three only the third is taken back.
    let undone = server.api.undo(&job.id).await;
    assert_eq!(undone.counts.succeeded, 1, "{undone:?}");
    client.select("Drafts");
    let left = client.command("UID SEARCH ALL");
    assert_eq!(
        left.iter()
            .filter(|line| line.starts_with("* SEARCH 4"))
            .count(),
        1,
        "{left:?}"
    );
    client.select("Sent");
    assert_eq!(client.command("UID SEARCH ALL"), ["* SEARCH 1"]);
    server.stop().await;
}
