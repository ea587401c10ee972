//! The same on a real mail server: 5,000 mails on Dovecot, the plug pulled half-way, somebody else
//! at work in the same mailbox. What came of it is read by a plain IMAP client.

use bulkhead_shared::api::{Connection, Dials, Job, NewAccount, UndoPreview};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{
    Archive, Export, ExportFormat, Label, MarkRead, Move, Operation,
};
use bulkhead_shared::options::JobOptions;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::imap_client::{Client, Seen};

const MAILS: usize = 5_000;
const FOLDERS: [&str; 3] = ["INBOX", "Archive", "Trash"];

/// Mails as they come in life: most are plain, some are odd in one way or another.
fn messages() -> Vec<Vec<u8>> {
    (0..MAILS).map(message).collect()
}

fn message(number: usize) -> Vec<u8> {
    let head = format!(
        "From: Ann {number} <ann{number}@example.com>\r\nTo: Bob <bob@example.org>\r\n\
         Date: Mon, 5 Jan 2026 10:00:00 +0000\r\nMessage-ID: <{number}@example.com>\r\n"
    );
    let rest: &[u8] = match number % 100 {
        1 => b"Subject: =?iso-8859-1?Q?Gr=FC=DFe?= %\r\n\r\nencoded word\r\n",
        2 => b"Subject: Gr\xfc\xdfe %\r\n\r\n8 bits without a name\r\n",
        3 => b"Subject: %\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nno end\r\n",
        4 => b"Subject: %\r\nBroken header line\r\n: nameless\r\n\r\nFrom here on it is text\r\n",
        _ => b"Subject: %\r\n\r\nWords to fill a mail with.\r\n",
    };
    // The % becomes the number, so that each subject is the mail's name.
    let mut message = head.into_bytes();
    for &byte in rest {
        match byte {
            b'%' => message.extend_from_slice(format!("mail {number:05}").as_bytes()),
            byte => message.push(byte),
        }
    }
    message
}

/// A mailbox with everything in the inbox, a third of it read, and our server connected to it.
async fn connected() -> (Dovecot, Bulkhead, AccountId) {
    let dovecot = Dovecot::start(Mode::Normal);
    let mut client = dovecot.client();
    for (index, messages) in messages().chunks(MAILS / 3).enumerate() {
        let flags = if index == 0 { "\\Seen" } else { "" };
        client.append("INBOX", messages, flags);
    }
    let server = Bulkhead::with_mails(10).await;
    let connection = Connection::Imap(dovecot.connection());
    let new = NewAccount {
        name: Some("Dovecot".to_owned()),
        connection,
    };
    let account = server.api.connect(&new).await.id;
    assert!(server.api.test(&account).await.ok);
    (dovecot, server, account)
}

fn everything(client: &mut Client) -> Vec<(&'static str, Vec<Seen>)> {
    FOLDERS
        .map(|folder| (folder, client.contents(folder)))
        .into()
}

/// What everything comes to: each item once, all of them.
fn all_succeeded(job: &Job) {
    assert_eq!(
        (job.state, job.counts.succeeded),
        (State::Completed, MAILS as u64),
        "{job:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn archives_5_000_through_a_power_cut_and_leaves_others_changes_alone() {
    let (dovecot, mut server, account) = connected().await;
    let mut client = dovecot.client();
    let before = client.contents("INBOX");
    assert_eq!(before.len(), MAILS);

    // Small steps with a breath between them, so that there is a middle.
    let options = JobOptions {
        batch_size: Some(250),
        parallel_chunks: Some(1),
        delay_between_batches: Some(0.1),
        ..JobOptions::default()
    };
    let draft = server
        .api
        .draft_query(
            &account,
            Operation::Archive(Archive {}),
            "in:inbox",
            options,
        )
        .await;
    assert_eq!(draft.total, MAILS as u64);
    assert_eq!(client.contents("INBOX"), before, "a draft touches nothing");
    server.api.confirm(&draft.id).await;
    let half = |job: &Job| job.counts.succeeded >= MAILS as u64 / 2;
    let job = server.api.wait_until(&draft.id, "half-way", half).await;
    assert!(
        !job.state.is_ended(),
        "over before the plug could be pulled"
    );
    server.kill();
    server.restart().await;
    let job = server.api.wait_for_end(&draft.id).await;
    all_succeeded(&job);
    assert_eq!(client.contents("INBOX"), []);
    assert_eq!(
        client.contents("Archive"),
        before,
        "flags and dates are as they were"
    );

    // Somebody else stars some, throws some away, and moves some on.
    client.command("UID STORE 1:40 +FLAGS (\\Flagged)");
    client.command("UID STORE 101:110 +FLAGS (\\Deleted)");
    client.command("EXPUNGE");
    client.command("UID MOVE 201:205 Trash");
    let starred: Vec<Seen> = client
        .contents("Archive")
        .into_iter()
        .filter(is_starred)
        .collect();
    assert_eq!(starred.len(), 40);

    let undo = server.api.child(&job.id, "undo").await;
    let preview = server
        .api
        .preview(&undo.id)
        .await
        .undo
        .expect("an undo previews what can go back");
    let expected = UndoPreview {
        can_go_back: MAILS as u64 - 55,
        changed_since: 40,
        gone: 15,
        ..UndoPreview::default()
    };
    assert_eq!(preview, expected);
    server.api.confirm(&undo.id).await;
    let undo = server.api.wait_for_end(&undo.id).await;
    assert_eq!(undo.state, State::Completed);
    assert_eq!(undo.counts.succeeded, MAILS as u64 - 55, "{undo:#?}");
    assert_eq!(undo.counts.succeeded + undo.counts.skipped, undo.total);
    assert_eq!(
        client.contents("Archive"),
        starred,
        "what somebody starred stays where it is"
    );
    assert_eq!(client.contents("Trash").len(), 5);
    let back = client.contents("INBOX");
    assert_eq!(back.len(), MAILS - 55);
    assert!(
        back.iter().all(|seen| before.binary_search(seen).is_ok()),
        "as they were before"
    );
    assert!(
        !server.log().contains(&dovecot.password),
        "a password in the log"
    );
    server.stop().await;
}

fn is_starred(seen: &Seen) -> bool {
    seen.flags.iter().any(|flag| flag == "\\Flagged")
}

#[tokio::test(flavor = "multi_thread")]
async fn labels_marks_and_moves_5_000_and_takes_each_back() {
    let (dovecot, server, account) = connected().await;
    let mut client = dovecot.client();
    client.command("CREATE Projects");
    let before = everything(&mut client);
    let flagged = |client: &mut Client, flag: &str| {
        let inbox = client.contents("INBOX");
        inbox
            .iter()
            .filter(|seen| seen.flags.iter().any(|has| has == flag))
            .count()
    };

    let label = Operation::Label(Label {
        add: vec!["story".into()],
        remove: Vec::new(),
    });
    let job = server.api.run(&account, label, "in:inbox").await;
    all_succeeded(&job);
    assert_eq!(flagged(&mut client, "story"), MAILS);
    all_succeeded(&server.api.undo(&job.id).await);
    assert_eq!(everything(&mut client), before);

    let unread = MAILS - flagged(&mut client, "\\Seen");
    let job = server
        .api
        .run(
            &account,
            Operation::MarkRead(MarkRead {}),
            "in:inbox is:unread",
        )
        .await;
    assert_eq!(
        (job.counts.succeeded, job.total),
        (unread as u64, unread as u64)
    );
    assert_eq!(flagged(&mut client, "\\Seen"), MAILS);
    assert_eq!(
        server.api.undo(&job.id).await.counts.succeeded,
        unread as u64
    );
    assert_eq!(everything(&mut client), before);

    let move_away = Operation::Move(Move::into_folder("Projects"));
    let job = server.api.run(&account, move_away, "in:inbox").await;
    all_succeeded(&job);
    assert_eq!(client.contents("Projects"), before[0].1);
    all_succeeded(&server.api.undo(&job.id).await);
    assert_eq!(everything(&mut client), before);
    assert_eq!(client.contents("Projects"), []);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn exports_5_000_byte_by_byte() {
    let (dovecot, server, account) = connected().await;
    let mut client = dovecot.client();
    let before = everything(&mut client);
    let export = Operation::Export(Export {
        format: ExportFormat::Mbox,
    });
    let job = server.api.run(&account, export, "in:inbox").await;
    all_succeeded(&job);
    let file = server.api.export(&job.id).await.body;
    assert_eq!(
        file.split(|&byte| byte == b'\n')
            .filter(|line| line.starts_with(b"From "))
            .count(),
        MAILS
    );
    for number in [0, 1, 2, 3, 4, MAILS - 1] {
        let text: Vec<u8> = as_in_a_file(&message(number));
        let found = file.windows(text.len()).any(|window| window == text);
        assert!(found, "mail {number} is not in the file as it was sent");
    }
    assert_eq!(everything(&mut client), before);
    // The sandbox has dials, a real mailbox has none.
    let dials = server
        .api
        .request(reqwest::Method::PUT, &format!("/accounts/{account}/dials"));
    let refused = bulkhead_tests::api::Api::send(dials.json(&Dials::default()))
        .await
        .unwrap();
    assert!(refused.status.is_client_error(), "{}", refused.status);
    server.stop().await;
}

/// A message as it stands in an mbox: lines end as they do in files, `From ` is quoted.
fn as_in_a_file(message: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for line in message.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.starts_with(b"From ") {
            text.push(b'>');
        }
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    // The last line's end was split off as one more line.
    text.pop();
    text
}
