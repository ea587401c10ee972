//! A real Cyrus as its administrator sees it: deleted mailboxes recovered, restored by each rule, taken back;
//! the server killed half-way. What is compared is what the owners' mail programs see.

use std::collections::BTreeMap;
use std::time::Duration;

use bulkhead_connectors::imap::Reach;
use bulkhead_connectors::imap::directory::Directory;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found, ItemState, MailboxState, Restored};
use bulkhead_engine::ports::{CallError, MailboxStore};
use bulkhead_shared::api::{Credentials, ImapConnection, Security};
use bulkhead_shared::ids::ItemId;
use bulkhead_shared::kinds::mailbox::{
    ConflictRule, Mailbox, MailboxName, Profile, Restoration, Search,
};
use bulkhead_shared::outcome::ItemReason;
use bulkhead_tests::servers::cyrus::{Cyrus, Names};
use bulkhead_tests::servers::imap_client::{Client, Seen};

/// A user's folders and how many mails each of them has: 50 in all.
pub(crate) const FOLDERS: [(&str, usize); 3] = [("", 30), ("Work", 15), ("Work/Deep", 5)];

/// What an owner sees, by folder.
pub(crate) type View = BTreeMap<&'static str, Vec<Seen>>;

pub(crate) fn connection(server: &Cyrus, user: &str) -> ImapConnection {
    ImapConnection {
        host: "127.0.0.1".to_owned(),
        port: server.imap_port,
        security: Security::None,
        user: user.to_owned(),
        credentials: Credentials::Password(server.password.to_owned()),
        submission: None,
    }
}

pub(crate) async fn open(server: &Cyrus) -> Directory {
    open_at(server, server.imap_port).await
}

/// The same by another way.
pub(crate) async fn open_at(server: &Cyrus, port: u16) -> Directory {
    let connection = ImapConnection {
        port,
        ..connection(server, "admin")
    };
    Directory::open(&connection, Reach::Anywhere).await.unwrap()
}

/// Mails that name whose they are; `body` tells two versions of one mail apart.
pub(crate) fn mails(
    owner: &str,
    folder: &str,
    numbers: std::ops::Range<usize>,
    body: &str,
) -> Vec<Vec<u8>> {
    let mail = |n| {
        format!(
            "From: {owner}@example.com\r\nSubject: {owner} {folder} {n:03} {body}\r\n\
             Message-ID: <{owner}.{folder}.{n}@example.com>\r\n\r\n{body}\r\n"
        )
        .into_bytes()
    };
    numbers.map(mail).collect()
}

/// A user with folders and mails, some of them read and tagged; what they see.
pub(crate) fn user(server: &Cyrus, admin: &mut Client, name: &str, mails_are: &str) -> View {
    for (folder, _) in FOLDERS {
        admin.command(&format!("CREATE \"{}\"", server.name(name, folder)));
    }
    let mut owner = server.acting_as(name);
    for (folder, count) in FOLDERS {
        let path = server.own_name(folder);
        let (read, unread) = (0..count / 2, count / 2..count);
        owner.append(&path, &mails(mails_are, folder, read, "a"), "\\Seen work");
        owner.append(&path, &mails(mails_are, folder, unread, "a"), "\\Flagged");
    }
    view(server, name)
}

pub(crate) fn view(server: &Cyrus, name: &str) -> View {
    let mut owner = server.acting_as(name);
    let seen = |folder| owner.contents(&server.own_name(folder));
    let folders = FOLDERS.map(|(folder, _)| folder);
    folders.into_iter().zip(folders.map(seen)).collect()
}

pub(crate) fn delete(server: &Cyrus, admin: &mut Client, name: &str) {
    let name = server.name(name, "");
    admin.command(&format!("SETACL \"{name}\" admin x"));
    admin.command(&format!("DELETE \"{name}\""));
}

/// All there is, as the administrator's plain client sees it.
pub(crate) fn listed(admin: &mut Client) -> Vec<String> {
    let list = "LIST \"\" (\"user*\" \"DELETED*\") RETURN (STATUS (MESSAGES UIDVALIDITY UIDNEXT))";
    let mut lines = admin.command(list);
    lines.retain(|line| line.starts_with("* STATUS"));
    lines.sort();
    lines
}

async fn mailboxes(directory: &Directory) -> Vec<Mailbox> {
    let everything = Search::All(Vec::new());
    directory.list(&everything, 0, 1_000).await.unwrap().rows
}

pub(crate) async fn inactive(directory: &Directory) -> Vec<Mailbox> {
    let page = directory.list(&Search::Inactive(true), 0, 1_000).await;
    page.unwrap().rows
}

async fn called(directory: &Directory, address: &str) -> Option<Mailbox> {
    let name = MailboxName::read(address).unwrap();
    directory.find(&[name]).await.unwrap().remove(0)
}

fn person(address: &str) -> Profile {
    Profile {
        upn: address.to_owned(),
        smtp: address.to_owned(),
        display_name: "Ann Lee".to_owned(),
        department: "Sales".to_owned(),
        ..Profile::default()
    }
}

fn from_to(id: ItemId, from: MailboxState, to: MailboxState) -> Change {
    Change {
        id,
        from: ItemState::present(from),
        to: Some(to),
    }
}

pub(crate) fn recovery(mailbox: &Mailbox, address: &str) -> Change {
    let to = MailboxState::Active(person(address));
    from_to(mailbox.id(), MailboxState::Inactive, to)
}

pub(crate) fn restore(
    source: &Mailbox,
    target: &str,
    folder: Option<&str>,
    rule: ConflictRule,
) -> Change {
    let restoration = Restoration {
        source: source.guid.clone(),
        target: MailboxName::read(target).unwrap(),
    };
    let to = MailboxState::Restored(Restored {
        rule,
        folder: folder.map(str::to_owned),
        copied: 0,
        receipt: Vec::new(),
    });
    from_to(restoration.id().unwrap(), MailboxState::NotRestored, to)
}

/// The other way round, from what was done.
pub(crate) fn back(change: &Change, effect: &Effect) -> Change {
    let Effect::Done { id, state } = effect else {
        panic!("{effect:?}")
    };
    Change {
        id: id.clone(),
        from: state.clone(),
        to: change.from.state.clone(),
    }
}

pub(crate) async fn done(directory: &Directory, change: &Change) -> Effect {
    let effect = tried(directory, change).await.unwrap();
    assert!(matches!(effect, Effect::Done { .. }), "{effect:?}");
    effect
}

pub(crate) async fn tried(directory: &Directory, change: &Change) -> Result<Effect, CallError> {
    let effects = directory.change(std::slice::from_ref(change), "tag").await;
    effects.map(|mut effects| effects.remove(0))
}

/// As a job does after an answer that never came.
pub(crate) async fn found_out(directory: &Directory, change: &Change) -> Found {
    let found = directory
        .reconcile(std::slice::from_ref(change), "tag")
        .await;
    found.unwrap().remove(0)
}

/// Makes a change while the server dies so long after its beginning, and again when it is back.
async fn through_a_death(
    server: &mut Cyrus,
    directory: &mut Directory,
    change: &Change,
    after: Duration,
) -> Effect {
    let dies = async {
        tokio::time::sleep(after).await;
        server.kill();
    };
    let (effect, ()) = tokio::join!(tried(directory, change), dies);
    println!("when the server died: {effect:?}");
    server.start_again();
    *directory = open(server).await;
    match found_out(directory, change).await {
        Found::Done { id, state } => Effect::Done { id, state },
        Found::NotDone { .. } => done(directory, change).await,
        found => panic!("{found:?}"),
    }
}

#[tokio::test]
async fn mailboxes_are_recovered_through_a_server_that_dies_and_put_back_as_they_were() {
    recover_and_put_back(16).await;
}

#[tokio::test]
#[ignore = "two minutes"]
async fn so_are_120() {
    recover_and_put_back(120).await;
}

async fn recover_and_put_back(users: usize) {
    let mut server = Cyrus::start();
    let mut admin = server.admin();
    let mut before = Vec::new();
    for n in 0..users {
        let name = format!("old{n:03}");
        before.push(user(&server, &mut admin, &name, &name));
    }
    // Shared with somebody, who has it as before after all of this.
    admin.command("SETACL user/old005 new006 lr");
    for n in 0..users {
        delete(&server, &mut admin, &format!("old{n:03}"));
    }
    let as_deleted = listed(&mut admin);
    assert_eq!(as_deleted.len(), users * FOLDERS.len());
    let mut directory = open(&server).await;
    let deleted = inactive(&directory).await;
    assert_eq!(deleted.len(), users);
    assert!(deleted.iter().all(|mailbox| mailbox.items == Some(50)));
    let mut done_to = Vec::new();
    for (n, mailbox) in deleted.iter().enumerate() {
        let change = recovery(mailbox, &format!("new{n:03}@example.org"));
        let effect = match n == users / 2 {
            true => {
                let after = Duration::from_millis(110);
                through_a_death(&mut server, &mut directory, &change, after).await
            }
            false => done(&directory, &change).await,
        };
        done_to.push(back(&change, &effect));
    }
    for (n, seen) in before.iter().enumerate() {
        assert_eq!(view(&server, &format!("new{n:03}")), *seen, "{n}");
    }
    let mut admin = server.admin();
    let rights = admin.command("GETACL user/new007/Work");
    assert_eq!(rights, ["* ACL user/new007/Work new007 lrswipkxtecdan"]);
    // What the row said of the person is found again, and nobody else's place is taken.
    let found = called(&directory, "new003@example.org").await.unwrap();
    assert_eq!(
        (found.guid.clone(), found.profile),
        (deleted[3].guid.clone(), person("new003@example.org"))
    );
    done(&directory, &recovery(&deleted[3], "new003@example.org")).await;
    let other = tried(&directory, &recovery(&deleted[3], "new004@example.org")).await;
    assert_eq!(other.unwrap(), Effect::Changed);
    for (n, change) in done_to.iter().enumerate() {
        match n == users / 3 {
            true => {
                let after = Duration::from_millis(110);
                through_a_death(&mut server, &mut directory, change, after).await
            }
            false => done(&directory, change).await,
        };
    }
    let mut admin = server.admin();
    assert_eq!(
        listed(&mut admin),
        as_deleted,
        "under the names of before, with their times"
    );
    let mut lines = as_deleted.iter();
    let name = lines.find_map(|line| {
        line.strip_prefix("* STATUS ")?
            .strip_prefix("DELETED/user/old005/")
    });
    let name = name.unwrap().split(' ').next().unwrap();
    let rights = admin
        .command(&format!("GETACL DELETED/user/old005/{name}"))
        .remove(0);
    for (right, is_there) in [
        (" new006 lr", true),
        (" old005 lrswipkxtecdan", true),
        (" new005 ", false),
    ] {
        assert_eq!(rights.contains(right), is_there, "{rights}");
    }
    done(&directory, &recovery(&deleted[9], "old009@example.org")).await;
    assert_eq!(view(&server, "old009"), before[9]);
    let taken = tried(&directory, &recovery(&deleted[8], "old009@example.org")).await;
    assert_eq!(taken.unwrap(), Effect::Refused(ItemReason::AddressTaken));
}

/// What a target sees after a restore by a rule: for each mail of the source with what is there of it.
pub(crate) fn expected(
    rule: ConflictRule,
    source: &View,
    target: &View,
) -> BTreeMap<&'static str, Vec<String>> {
    let mut expected = BTreeMap::new();
    for (folder, mails) in source {
        let subjects = |mails: &[Seen]| -> Vec<String> {
            mails.iter().map(|seen| seen.subject.clone()).collect()
        };
        let (theirs, ours) = (subjects(&target[folder]), subjects(mails));
        // Without the version at its end a subject names the mail.
        let name = |subject: &str| subject.rsplit_once(' ').unwrap().0.to_owned();
        let is_in =
            |subject: &String, all: &[String]| all.iter().any(|other| name(other) == name(subject));
        let replaced = |subject: &&String| {
            rule == ConflictRule::KeepSource && is_in(subject, &ours) && !ours.contains(subject)
        };
        let mut all: Vec<String> = theirs
            .iter()
            .filter(|theirs| !replaced(theirs))
            .cloned()
            .collect();
        all.extend(
            ours.iter()
                .filter(|ours| match rule {
                    ConflictRule::KeepBoth => true,
                    ConflictRule::KeepSource => !theirs.contains(ours),
                    ConflictRule::KeepTarget | ConflictRule::KeepNewer => !is_in(ours, &theirs),
                })
                .cloned(),
        );
        all.sort();
        expected.insert(*folder, all);
    }
    expected
}

#[tokio::test]
async fn mailboxes_are_restored_by_each_rule_and_taken_out_again() {
    restore_and_take_back(2).await;
}

#[tokio::test]
#[ignore = "four minutes"]
async fn so_are_40_by_each_rule() {
    restore_and_take_back(40).await;
}

async fn restore_and_take_back(each: usize) {
    let mut server = Cyrus::start();
    let mut admin = server.admin();
    let rules = ConflictRule::ALL.into_iter().cycle().take(4 * each);
    let mut rows = Vec::new();
    for (n, rule) in rules.enumerate() {
        let (from, into) = (format!("from{n:03}"), format!("into{n:03}"));
        let source = user(&server, &mut admin, &from, &from);
        admin.command(&format!("CREATE user/{into}"));
        admin.command(&format!("CREATE user/{into}/Work"));
        let mut owner = server.acting_as(&into);
        // Some to the byte, some in another version, and some of their own.
        owner.append("INBOX", &mails(&from, "", 0..5, "a"), "");
        owner.append("INBOX", &mails(&from, "", 5..10, "b"), "\\Flagged mine");
        owner.append("INBOX", &mails(&into, "", 0..5, "a"), "\\Seen");
        owner.append("Work", &mails(&into, "Work", 0..5, "a"), "");
        let work = owner.contents("Work");
        let target = View::from([
            ("", owner.contents("INBOX")),
            ("Work", work),
            ("Work/Deep", vec![]),
        ]);
        delete(&server, &mut admin, &from);
        rows.push((rule, into, source, target));
    }
    let before = listed(&mut admin);
    let mut directory = open(&server).await;
    let deleted = inactive(&directory).await;
    let mut done_to = Vec::new();
    for (n, (rule, into, source, target)) in rows.iter().enumerate() {
        let change = restore(&deleted[n], &format!("{into}@example.org"), None, *rule);
        let effect = match n % each == each - 1 {
            true => {
                let after = Duration::from_millis(60 + 60 * (n / each) as u64);
                through_a_death(&mut server, &mut directory, &change, after).await
            }
            false => done(&directory, &change).await,
        };
        let now = view(&server, into);
        let subjects: BTreeMap<&str, Vec<String>> = now
            .iter()
            .map(|(folder, mails)| {
                (
                    *folder,
                    mails.iter().map(|seen| seen.subject.clone()).collect(),
                )
            })
            .collect();
        assert_eq!(subjects, expected(*rule, source, target), "{n} {rule:?}");
        // What was copied is as it was, read or not, tagged or not.
        for (folder, mails) in &now {
            for mail in mails.iter().filter(|mail| !target[folder].contains(mail)) {
                assert!(source[folder].contains(mail), "{n} {rule:?} {mail:?}");
            }
        }
        let restoration = Restoration::of(&change.id).unwrap();
        let told = directory
            .restored(&[restoration])
            .await
            .unwrap()
            .remove(0)
            .unwrap();
        assert!(told.copied >= 40 && told.rule == *rule, "{told:?}");
        // Twice is once.
        assert_eq!(tried(&directory, &change).await.unwrap(), Effect::Changed);
        let found = found_out(&directory, &change).await;
        assert!(matches!(found, Found::Done { .. }), "{found:?}");
        assert_eq!(view(&server, into), now);
        done_to.push(back(&change, &effect));
    }
    // Something comes after it, and stays.
    let mut owner = server.acting_as("into000");
    owner.append("INBOX", &mails("late", "", 0..1, "a"), "");
    owner.append("Work/Deep", &mails("late", "", 0..1, "a"), "");
    for (n, (rule, into, _, target)) in rows.iter().enumerate() {
        match n % each == 0 {
            true => {
                let after = Duration::from_millis(60 + 30 * (n / each) as u64);
                through_a_death(&mut server, &mut directory, &done_to[n], after).await
            }
            false => done(&directory, &done_to[n]).await,
        };
        let mut owner = server.acting_as(into);
        let late = usize::from(n == 0);
        assert_eq!(owner.contents("INBOX").len(), target[""].len() + late);
        if n > 0 {
            assert_eq!(owner.contents("INBOX"), target[""], "{n} {rule:?}");
            assert_eq!(owner.contents("Work"), target["Work"], "{n} {rule:?}");
        }
    }
    let mut admin = server.admin();
    let sources = |lines: &[String]| -> Vec<String> {
        lines
            .iter()
            .filter(|line| line.contains("/from"))
            .cloned()
            .collect()
    };
    let now = listed(&mut admin);
    assert_eq!(
        sources(&now),
        sources(&before),
        "the sources are as they were"
    );
    let has = |name: &str| now.iter().any(|line| line.contains(name));
    assert!(
        has(" user/into000/Work/Deep ") && !has(" user/into001/Work/Deep "),
        "{now:?}"
    );
    for n in 0..4 * each {
        let name = format!("user/into{n:03}/Work");
        let rights = admin.command(&format!("GETACL {name}"));
        assert_eq!(
            rights,
            [format!("* ACL {name} into{n:03} lrswipkxtecdan")],
            "nothing stays lent"
        );
    }
}

#[tokio::test]
async fn users_of_domains_and_names_with_dots_are_recovered_and_restored() {
    let server = Cyrus::start_naming(Names::DotsAndDomains);
    let mut admin = server.admin();
    let gone = user(&server, &mut admin, "ann.lee@other.example", "ann");
    let there = user(&server, &mut admin, "bob@example.org", "bob");
    delete(&server, &mut admin, "ann.lee@other.example");
    let directory = open(&server).await;
    let all = mailboxes(&directory).await;
    let addresses: Vec<&str> = all
        .iter()
        .map(|mailbox| mailbox.profile.upn.as_str())
        .collect();
    // Of its own domain the server says nothing.
    assert_eq!(addresses, ["ann.lee@other.example", "bob"]);
    let ann = inactive(&directory).await.remove(0);
    let change = restore(
        &ann,
        "bob@example.org",
        Some("Büro/Ann v1.2"),
        ConflictRule::KeepTarget,
    );
    let effect = done(&directory, &change).await;
    let mut bob = server.acting_as("bob@example.org");
    let restored = bob.contents("INBOX.B&APw-ro.Ann v1^2.Work.Deep");
    assert_eq!(restored, gone["Work/Deep"]);
    done(&directory, &back(&change, &effect)).await;
    assert_eq!(view(&server, "bob@example.org"), there);
    let lines = listed(&mut admin);
    assert!(
        !lines
            .iter()
            .any(|line| line.contains("* STATUS user.bob.B")),
        "{lines:?}"
    );

    let taken = tried(&directory, &recovery(&ann, "bob@example.org"))
        .await
        .unwrap();
    let reason = ItemReason::AddressTaken;
    assert_eq!(
        taken,
        Effect::Refused(reason),
        "it is there under its name without a domain"
    );
    assert!(called(&directory, "bob@example.org").await.is_some());
    assert!(called(&directory, "bob@other.example").await.is_none());
    let change = recovery(&ann, "Ann.Miller@third.example");
    let effect = done(&directory, &change).await;
    assert_eq!(view(&server, "ann.miller@third.example"), gone);
    done(&directory, &back(&change, &effect)).await;
    assert_eq!(inactive(&directory).await, [ann]);
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_and_leaves_nothing_behind() {
    let server = Cyrus::start();
    let mut admin = server.admin();
    // A folder that was deleted alone, and a user who was deleted twice.
    user(&server, &mut admin, "ann", "ann");
    admin.command("SETACL user/ann/Work/Deep admin x");
    admin.command("DELETE user/ann/Work/Deep");
    user(&server, &mut admin, "bob", "bob");
    delete(&server, &mut admin, "bob");
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    user(&server, &mut admin, "bob", "bob2");
    delete(&server, &mut admin, "bob");
    let directory = open(&server).await;
    assert_eq!(mailboxes(&directory).await.len(), 3);
    let bobs = inactive(&directory).await;
    assert!(
        bobs.iter()
            .all(|bob| bob.profile.upn == "bob" && bob.items == Some(50))
    );
    assert_ne!(bobs[0].guid, bobs[1].guid);

    // Over quota: what was copied before goes again.
    admin.command("SETQUOTA user/ann (STORAGE 8)");
    let ann = called(&directory, "ann@x.example").await.unwrap();
    assert_eq!(ann.quota_bytes, Some(8 * 1_024));
    let seen = |server: &Cyrus| {
        let mut owner = server.acting_as("ann");
        [owner.contents("INBOX"), owner.contents("Work")]
    };
    let before = seen(&server);
    let token = directory.sync_token().await.unwrap();
    let change = restore(&bobs[0], "ann@x.example", None, ConflictRule::KeepBoth);
    let ended = tried(&directory, &change).await.unwrap();
    assert_eq!(ended, Effect::Refused(ItemReason::OverQuota));
    assert_eq!(seen(&server), before);
    assert_ne!(directory.sync_token().await.unwrap(), token);
    assert_eq!(
        directory
            .restored(&[Restoration::of(&change.id).unwrap()])
            .await
            .unwrap(),
        [None]
    );
    admin.command("SETQUOTA user/ann ()");

    // A mailbox in use is no source, and a deleted one no target.
    for (from, to, reason) in [
        (&ann, "ann@x.example", ItemReason::NotInactive),
        (&bobs[0], bobs[1].guid.as_str(), ItemReason::NoSuchTarget),
        (&bobs[0], "nobody@x.example", ItemReason::NoSuchTarget),
    ] {
        let refused = tried(&directory, &restore(from, to, None, ConflictRule::KeepBoth)).await;
        assert_eq!(refused.unwrap(), Effect::Refused(reason));
    }
    // A comment of somebody else's is not overwritten.
    let name = admin.command("LIST \"\" \"DELETED/user/bob/%\" RETURN (STATUS (MESSAGES))");
    let name = name
        .iter()
        .find_map(|line| line.strip_prefix("* STATUS "))
        .unwrap();
    let name = name.split(' ').next().unwrap().to_owned();
    admin.command(&format!(
        "SETMETADATA {name} (/private/comment \"keep me\")"
    ));
    for bob in &bobs {
        let recovered = tried(&directory, &recovery(bob, "bob3@x.example")).await;
        let effect = match recovered {
            Err(CallError::Unsupported(_)) => continue,
            effect => effect.unwrap(),
        };
        let change = recovery(bob, "bob3@x.example");
        done(&directory, &back(&change, &effect)).await;
    }
    let comment = admin.command(&format!("GETMETADATA {name} (/private/comment)"));
    assert!(comment[0].contains("keep me"), "{comment:?}");
    // Gone for good.
    server.run("cyr_expire", &["-D", "0s", "-X", "0s", "-E", "1"]);
    for bob in &bobs {
        let gone = tried(&directory, &recovery(bob, "bob3@x.example")).await;
        assert_eq!(gone.unwrap(), Effect::Missing);
    }
    assert_eq!(mailboxes(&directory).await.len(), 1);

    // Somebody who is no administrator.
    let refused = Directory::open(&connection(&server, "ann"), Reach::Anywhere).await;
    assert!(matches!(refused, Err(CallError::SignIn)));
    server.let_in("ann");
    let refused = Directory::open(&connection(&server, "ann"), Reach::Anywhere).await;
    assert!(
        matches!(refused, Err(CallError::Unsupported(_))),
        "{refused:?}"
    );
}
