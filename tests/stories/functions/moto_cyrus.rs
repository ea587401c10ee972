//! Whole mailboxes of a Cyrus through the functions: listed, validated, recovered, told row by row, and taken back.

use bulkhead_shared::api::{
    AuditBundle, Connection, Credentials, ImapConnection, Mailboxes, NewAccount, NewJob, Security,
};
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_shared::operations::mailbox::validate::READY;
use bulkhead_shared::operations::{Operation, RecoverMailboxes, ValidateMailboxes};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::functions::{Cloud, Expected, Wishes};
use bulkhead_tests::servers::cyrus::{Cyrus, Names};
use bulkhead_tests::servers::leavers::folders;
use reqwest::StatusCode;

const USERS: usize = 5;
/// What is in rows and mailboxes, and may be in no log.
const SECRETS: [&str; 4] = ["giraffe", "x.example", "eyJ", "X-Amz-Signature"];

fn deleted_users(cyrus: &Cyrus) {
    let mut admin = cyrus.admin();
    for n in 0..USERS {
        let user = format!("giraffe{n}");
        admin.command(&format!("CREATE user/{user}"));
        let mail = format!("From: {user}@x.example\r\nMessage-ID: <{n}@x.example>\r\n\r\nx\r\n");
        cyrus
            .acting_as(&user)
            .append("INBOX", &[mail.into_bytes()], "\\Seen");
        admin.command(&format!("SETACL user/{user} admin x"));
        admin.command(&format!("DELETE user/{user}"));
    }
}

fn job(account: &AccountId, operation: Operation, sheet: &Sheet) -> NewJob {
    NewJob {
        account: account.clone(),
        operation,
        selection: Selection::Rows {
            rows: sheet.ready().map(|row| sheet.row(row)).collect(),
        },
        options: JobOptions::default(),
        confirm: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mailboxes_on_cyrus_go_there_and_back_through_the_functions() {
    let cyrus = Cyrus::start_naming(Names::Slashes);
    deleted_users(&cyrus);
    let before = folders(&cyrus);
    cyrus.let_in("admin");
    let cloud = Cloud::start(Wishes::default()).await;
    let api = cloud.api("giraffe-keeper");
    let new = NewAccount {
        name: Some("Giraffes".to_owned()),
        connection: Connection::Cyrus(ImapConnection {
            host: "127.0.0.1".to_owned(),
            port: cyrus.imap_port,
            security: Security::None,
            user: "admin".to_owned(),
            credentials: Credentials::Password(cyrus.password.to_owned()),
            submission: None,
        }),
    };
    let account = api.connect(&new).await.id;
    let path = format!("/accounts/{account}/mailboxes?q=in:inactive");
    let listed: Mailboxes = api.get(&path).await.success().json();
    assert_eq!(listed.total, USERS as u64);

    // One row too many: nobody knows its mailbox.
    let mut table = "Ticket,source_guid,target_upn,display_name\r\n".to_owned();
    for (n, mailbox) in listed.mailboxes.iter().enumerate() {
        let guid = &mailbox.guid;
        table.push_str(&format!(
            "T-{n},{guid},giraffe.new{n}@x.example,Giraffe {n}\r\n"
        ));
    }
    let unknown = "T-x,3f2504e0-4f89-41d3-9a0c-0305e82c3301,nobody@x.example,Nobody\r\n";
    let sheet = |text: &str| {
        let grid = Grid::read(text.as_bytes(), Limits::default()).unwrap();
        Sheet::new(Purpose::Recover, grid).unwrap()
    };
    let all = sheet(&format!("{table}{unknown}"));
    let validate = Operation::ValidateMailboxes(ValidateMailboxes {
        purpose: Purpose::Recover,
        columns: all.columns(),
        conflict_resolution: Default::default(),
    });
    let draft = api.draft(&job(&account, validate, &all)).await;
    api.confirm(&draft.id).await;
    let validated = api.wait_for_end(&draft.id).await;
    assert_eq!(validated.state, State::Completed, "{validated:#?}");
    let found = api.outcomes(&draft.id, None).await;
    let classes: Vec<&str> = found
        .iter()
        .filter_map(|item| item.result.as_ref())
        .map(|result| result.class.as_str())
        .collect();
    assert_eq!(classes[..USERS], [READY; USERS]);
    assert_eq!(classes[USERS..], ["no_such_source"]);
    assert_eq!(folders(&cyrus), before, "nothing was touched");

    let wanted = sheet(&table);
    let columns = wanted.columns();
    let recover = Operation::RecoverMailboxes(RecoverMailboxes { columns });
    let draft = api.draft(&job(&account, recover, &wanted)).await;
    api.confirm(&draft.id).await;
    let recovered = api.wait_for_end(&draft.id).await;
    assert_eq!(recovered.counts.succeeded, USERS as u64, "{recovered:#?}");
    let csv = api.get(&format!("/jobs/{}/results.csv", draft.id)).await;
    let results = sheet(&csv.success().text());
    assert_eq!((results.len(), results.ready().count()), (USERS, 0));
    let bundle = api.get(&format!("/jobs/{}/audit.json", draft.id)).await;
    let bundle: AuditBundle = bundle.success().json();
    assert_eq!(bundle.items.len(), USERS);
    assert!(bundle.items.iter().all(|item| item.started_at.is_some()));
    assert!(bundle.events.iter().any(|event| event.event == "job_ended"));
    assert_eq!(
        folders(&cyrus)
            .iter()
            .filter(|line| line.contains("giraffe.new"))
            .count(),
        USERS
    );

    let undone = api.undo(&draft.id).await;
    assert_eq!(undone.counts.succeeded, USERS as u64, "{undone:#?}");
    assert_eq!(folders(&cyrus), before);

    // Invariant 6: what is somebody else's is answered like what does not exist.
    let theirs = cloud.api("zebra-keeper");
    for path in [path, format!("/jobs/{}/audit.json", draft.id)] {
        assert_eq!(
            theirs.get(&path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    cloud.stop(&SECRETS, Expected::default()).await;
}
