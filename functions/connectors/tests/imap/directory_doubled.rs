//! Mailboxes that a Cyrus calls the same: where it is built without a library for ids, two of its processes that make
//! a mailbox in the same second give both one id, and keep the mails of both in one place.

use std::collections::BTreeSet;

use bulkhead_engine::kinds::mailbox::Effect;
use bulkhead_engine::ports::MailboxStore;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::cyrus::Cyrus;
use bulkhead_tests::servers::imap_client::Client;

use crate::directory::{delete, inactive, listed, open, recovery};

/// Mailboxes that each of two administrators makes, both at once.
const EACH: usize = 150;
const ID: &str = "/shared/vendor/cmu/cyrus-imapd/uniqueid";

/// What the server calls a mailbox for good.
fn id(admin: &mut Client, name: &str) -> String {
    let lines = admin.command(&format!("GETMETADATA \"{name}\" {ID}"));
    let line = lines.iter().find(|line| line.contains(ID)).unwrap();
    line.split_once(ID).unwrap().1.to_owned()
}

/// Makes and deletes mailboxes; answers those whose id an earlier one has too.
fn make(server: &Cyrus) -> Vec<String> {
    let users = |who: usize| (0..EACH).map(move |n| format!("who{who}n{n}"));
    // Who signs in while another does may be told that the password is wrong.
    let clients = [server.admin(), server.admin()];
    std::thread::scope(|scope| {
        for (who, mut admin) in clients.into_iter().enumerate() {
            scope.spawn(move || {
                for user in users(who) {
                    admin.command(&format!("CREATE user/{user}"));
                }
            });
        }
    });
    let (mut admin, mut ids) = (server.admin(), BTreeSet::new());
    let mut doubled: Vec<String> = users(0).chain(users(1)).collect();
    doubled.retain(|user| !ids.insert(id(&mut admin, &format!("user/{user}"))));
    for user in &doubled {
        delete(server, &mut admin, user);
    }
    doubled
}

#[tokio::test]
async fn mailboxes_that_share_an_id_are_told_apart_and_left_alone() {
    let server = Cyrus::start();
    let doubled = make(&server);
    println!("{} of {} mailboxes share an id", doubled.len(), 2 * EACH);
    let directory = open(&server).await;
    let deleted = inactive(&directory).await;
    let names: BTreeSet<&str> = deleted.iter().map(|it| it.profile.upn.as_str()).collect();
    assert_eq!(names, doubled.iter().map(String::as_str).collect());
    let guids: BTreeSet<_> = deleted.iter().map(|it| &it.guid).collect();
    assert_eq!(guids.len(), deleted.len());
    let mut admin = server.admin();
    let before = listed(&mut admin);
    for mailbox in deleted.iter().take(3) {
        let change = recovery(mailbox, "back@x.example");
        let effects = directory.change(&[change], "t").await.unwrap();
        assert_eq!(effects, [Effect::Refused(ItemReason::SharedId)]);
    }
    assert_eq!(listed(&mut admin), before);
}
