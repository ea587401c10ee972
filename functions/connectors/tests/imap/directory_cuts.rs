//! Bulkhead dies at every command that it sends to a real Cyrus: whoever comes after it brings the change to its
//! end, and what owners see is what they had, each mail once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_connectors::imap::directory::Directory;
use bulkhead_engine::kinds::mailbox::{Change, Effect, Found};
use bulkhead_shared::kinds::mailbox::{ConflictRule, Mailbox};
use bulkhead_tests::servers::cyrus::Cyrus;
use bulkhead_tests::servers::imap_client::{Client, Seen};

use super::directory::{
    FOLDERS, View, back, delete, done, expected, found_out, inactive, listed, mails, open, open_at,
    recovery, restore, tried, user, view,
};
use super::meddler::{self, Act};

/// What becomes of the command at which Bulkhead dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Death {
    /// The server has done it.
    After,
    /// The server is at it while somebody comes after the one who died.
    During,
}

/// At which command it dies.
#[derive(Debug, Default)]
struct Watch {
    /// Commands until then; none while nobody dies.
    left: Option<usize>,
    death: Option<Death>,
    /// At which it was.
    died_at: Option<String>,
}

/// The way to a server on which Bulkhead dies.
struct Deadly {
    port: u16,
    watch: Arc<Mutex<Watch>>,
}

/// A restore sends many commands, and each death takes half a second: it dies at each third.
const STEP: usize = 3;

/// Commands that change nothing: dying at one of them is like dying after the one before.
const LOOKS: [&str; 9] = [
    "LIST",
    "STATUS",
    "GETMETADATA",
    "GETACL",
    "SELECT",
    "EXAMINE",
    "UID FETCH",
    "UID SEARCH",
    "CAPABILITY",
];

impl Deadly {
    async fn start(server: &Cyrus) -> Self {
        let watch = Arc::new(Mutex::new(Watch::default()));
        let seen = Arc::clone(&watch);
        let meddle = move |command: &str| seen.lock().unwrap().act(command);
        let port = meddler::start(server.imap_port, meddle).await;
        Self { port, watch }
    }

    /// Makes a change and dies at the n-th command that changes something; at which, if there are so many.
    async fn die(
        &self,
        server: &Cyrus,
        change: &Change,
        (n, death): (usize, Death),
    ) -> Result<String, Effect> {
        *self.watch.lock().unwrap() = Watch::default();
        let directory = open_at(server, self.port).await;
        *self.watch.lock().unwrap() = Watch {
            left: Some(n),
            death: Some(death),
            died_at: None,
        };
        let effect = tried(&directory, change).await;
        let died_at = self.watch.lock().unwrap().died_at.take();
        match died_at {
            Some(command) => Ok(command),
            None => Err(effect.unwrap()),
        }
    }
}

impl Watch {
    fn act(&mut self, command: &str) -> Act {
        if self.died_at.is_some() {
            return Act::SayAndHangUp(String::new());
        }
        let Some(left) = self.left.as_mut() else {
            return Act::Pass;
        };
        if LOOKS.iter().any(|look| command.starts_with(look)) {
            return Act::Pass;
        }
        *left -= 1;
        if *left > 0 {
            return Act::Pass;
        }
        self.died_at = Some(command.to_owned());
        match self.death {
            Some(Death::During) => Act::Leave,
            _ => Act::Lose,
        }
    }
}

/// As a job does after a death: looks what became of the change, and makes it where it was not made.
async fn brought_to_its_end(server: &Cyrus, change: &Change, at: &str) -> (Directory, Effect) {
    let directory = open(server).await;
    for _ in 0..3 {
        match found_out(&directory, change).await {
            Found::Done { id, state } => return (directory, Effect::Done { id, state }),
            Found::NotDone { .. } => {
                let effect = done(&directory, change).await;
                return (directory, effect);
            }
            // The job looks again a while later.
            Found::Unclear => tokio::time::sleep(Duration::from_millis(200)).await,
            found => panic!("{at}: {found:?}"),
        }
    }
    panic!("{at}: nobody can tell what became of it")
}

/// All there is, with who may do what in it and what the administrator noted.
fn everything(admin: &mut Client) -> Vec<String> {
    let mut all = listed(admin);
    let names: Vec<String> = all
        .iter()
        .map(|line| line.split(' ').nth(2).unwrap().to_owned())
        .collect();
    for name in names {
        let rights = admin.command(&format!("GETACL {name}")).remove(0);
        let pairs: Vec<&str> = rights.split(' ').skip(3).collect();
        // Who comes first says nothing.
        let mut pairs: Vec<String> = pairs.chunks(2).map(|pair| pair.join(" ")).collect();
        pairs.sort();
        all.extend(pairs);
        all.extend(admin.command(&format!("GETMETADATA {name} (/private/comment)")));
    }
    all
}

async fn recovered_through_every_death(death: Death) {
    let server = Cyrus::start();
    let mut admin = server.admin();
    let before = user(&server, &mut admin, "old", "old");
    // Who gets it had a look at some of it before.
    admin.command("SETACL user/old/Work new lr");
    delete(&server, &mut admin, "old");
    let as_deleted = everything(&mut admin);
    let deadly = Deadly::start(&server).await;
    let mailbox = inactive(&open(&server).await).await.remove(0);
    let change = recovery(&mailbox, "new@example.org");
    let mut deaths = 0;
    for n in 1.. {
        let Ok(command) = deadly.die(&server, &change, (n, death)).await else {
            break;
        };
        let at = format!("recovery, {n}: {command}");
        let (directory, effect) = brought_to_its_end(&server, &change, &at).await;
        assert_eq!(view(&server, "new"), before, "{at}");
        for line in admin.command("LIST \"\" \"*\"") {
            assert!(line.contains(" user/new"), "{at}: {line}");
        }
        for (folder, _) in FOLDERS {
            let name = server.name("new", folder);
            let rights = admin.command(&format!("GETACL {name}")).remove(0);
            assert!(rights.contains(" new lrswipkxtecdan"), "{at}: {rights}");
            assert!(!rights.contains(" old "), "{at}: {rights}");
        }
        done(&directory, &back(&change, &effect)).await;
        assert_eq!(everything(&mut admin), as_deleted, "{at}");
        deaths = n;
    }
    // It is there by the last round, in which nobody died. The same for the way back.
    assert!(deaths > 5, "{deaths}");
    let directory = open(&server).await;
    let effect = brought_to_its_end(&server, &change, "the last").await.1;
    let undo = back(&change, &effect);
    let mut deaths = 0;
    for n in 1.. {
        let Ok(command) = deadly.die(&server, &undo, (n, death)).await else {
            break;
        };
        let at = format!("way back, {n}: {command}");
        brought_to_its_end(&server, &undo, &at).await;
        assert_eq!(everything(&mut admin), as_deleted, "{at}");
        done(&directory, &change).await;
        assert_eq!(view(&server, "new"), before, "{at}");
        deaths = n;
    }
    assert!(deaths > 5, "{deaths}");
    assert_eq!(everything(&mut admin), as_deleted);
}

#[tokio::test]
async fn a_recovery_is_whole_wherever_bulkhead_dies() {
    recovered_through_every_death(Death::After).await;
}

#[tokio::test]
async fn a_recovery_is_whole_wherever_bulkhead_dies_and_the_server_goes_on() {
    recovered_through_every_death(Death::During).await;
}

/// What a target sees, all of it: every folder by its name.
fn all_of(server: &Cyrus, name: &str) -> BTreeMap<String, Vec<Seen>> {
    let mut owner = server.acting_as(name);
    let folders: Vec<String> = owner
        .command("LIST \"\" \"*\"")
        .iter()
        .map(|line| {
            line.rsplit_once("\"/\" ")
                .unwrap()
                .1
                .trim_matches('"')
                .to_owned()
        })
        .collect();
    folders
        .into_iter()
        .map(|folder| {
            let contents = owner.contents(&folder);
            (folder, contents)
        })
        .collect()
}

/// A deleted mailbox, and one that it is restored into by a rule that makes room.
struct Restorable {
    server: Cyrus,
    admin: Client,
    source: Mailbox,
    seen: View,
    target: View,
}

impl Restorable {
    async fn new() -> Self {
        let server = Cyrus::start();
        let mut admin = server.admin();
        let seen = user(&server, &mut admin, "from", "from");
        admin.command("CREATE user/into");
        admin.command("CREATE user/into/Work");
        let mut owner = server.acting_as("into");
        owner.command("CREATE Trash (USE (\\Trash))");
        owner.append("INBOX", &mails("from", "", 0..3, "a"), "");
        owner.append("INBOX", &mails("from", "", 3..6, "b"), "\\Flagged mine");
        owner.append("INBOX", &mails("into", "", 0..2, "a"), "\\Seen");
        owner.append("Work", &mails("from", "Work", 0..2, "b"), "");
        let target = View::from([
            ("", owner.contents("INBOX")),
            ("Work", owner.contents("Work")),
            ("Work/Deep", vec![]),
        ]);
        delete(&server, &mut admin, "from");
        let source = inactive(&open(&server).await).await.remove(0);
        Self {
            server,
            admin,
            source,
            seen,
            target,
        }
    }

    fn change(&self) -> Change {
        restore(
            &self.source,
            "into@example.org",
            None,
            ConflictRule::KeepSource,
        )
    }

    /// The restore, made once and taken back.
    async fn there_and_back(&mut self) -> (Change, Change) {
        let change = self.change();
        let directory = open(&self.server).await;
        let undo = back(&change, &done(&directory, &change).await);
        done(&directory, &undo).await;
        self.is_as_before("before all");
        (change, undo)
    }

    /// The target has what the rule says, each mail once, and what made room is in the trash.
    fn is_restored(&self, at: &str) {
        let rule = ConflictRule::KeepSource;
        let subjects = |mails: &[Seen]| -> Vec<String> {
            mails.iter().map(|seen| seen.subject.clone()).collect()
        };
        let now = view(&self.server, "into");
        let now: BTreeMap<&str, Vec<String>> = now
            .iter()
            .map(|(folder, mails)| (*folder, subjects(mails)))
            .collect();
        assert_eq!(now, expected(rule, &self.seen, &self.target), "{at}");
        let theirs: Vec<Seen> = self.target.values().flatten().cloned().collect();
        let mut away: Vec<Seen> = theirs
            .into_iter()
            .filter(|mail| mail.subject.ends_with(" b"))
            .collect();
        away.sort();
        let trash = self.server.acting_as("into").contents("Trash");
        assert_eq!(subjects(&trash), subjects(&away), "{at}");
    }

    /// The target has what it had, and nothing is noted or lent.
    fn is_as_before(&mut self, at: &str) {
        let now = all_of(&self.server, "into");
        let before = BTreeMap::from([
            ("INBOX".to_owned(), self.target[""].clone()),
            ("Work".to_owned(), self.target["Work"].clone()),
            ("Trash".to_owned(), vec![]),
        ]);
        assert_eq!(now, before, "{at}");
        // What was made for it and went with it is empty, and not looked at.
        for line in self
            .admin
            .command("LIST \"\" (\"user/*\" \"DELETED/user/from/*\")")
        {
            let name = line.rsplit_once("\"/\" ").unwrap().1.to_owned();
            let rights = self.admin.command(&format!("GETACL {name}")).remove(0);
            // The fixture gave itself the right to delete the source's inbox.
            let is_lent = rights.contains(" admin ") && !rights.contains(" admin xc");
            assert!(!is_lent, "{at}: {rights}");
            let noted = self
                .admin
                .command(&format!("GETMETADATA {name} (/private/comment)"));
            let is_none = |line: &String| line.contains("/private/comment\" NIL");
            assert!(noted.iter().all(is_none), "{at}: {noted:?}");
        }
    }
}

async fn restored_through_deaths(death: Death, step: usize) {
    let mut all = Restorable::new().await;
    let deadly = Deadly::start(&all.server).await;
    let change = all.change();
    let mut deaths = 0;
    let mut undo = None;
    for n in (1..).step_by(step) {
        let command = match deadly.die(&all.server, &change, (n, death)).await {
            Ok(command) => command,
            Err(effect) => {
                undo = Some(back(&change, &effect));
                break;
            }
        };
        let at = format!("restore, {n}: {command}");
        let (directory, effect) = brought_to_its_end(&all.server, &change, &at).await;
        all.is_restored(&at);
        done(&directory, &back(&change, &effect)).await;
        all.is_as_before(&at);
        deaths = n;
    }
    assert!(deaths > 20, "{deaths}");
    let undo = undo.unwrap();
    let directory = open(&all.server).await;
    let mut deaths = 0;
    for n in (1..).step_by(step) {
        let Ok(command) = deadly.die(&all.server, &undo, (n, death)).await else {
            break;
        };
        let at = format!("taken back, {n}: {command}");
        brought_to_its_end(&all.server, &undo, &at).await;
        all.is_as_before(&at);
        done(&directory, &change).await;
        all.is_restored(&at);
        deaths = n;
    }
    assert!(deaths > 20, "{deaths}");
    all.is_as_before("in the end");
}

#[tokio::test]
async fn a_restore_is_whole_wherever_bulkhead_dies() {
    restored_through_deaths(Death::After, STEP).await;
}

#[tokio::test]
#[ignore = "a minute"]
async fn so_it_is_at_every_command_and_while_the_server_goes_on() {
    restored_through_deaths(Death::After, 1).await;
    restored_through_deaths(Death::During, 1).await;
}

/// Takes a restore back as it is, and brings it to its end before where it cannot be told what a copy did.
async fn taken_back(server: &Cyrus, change: &Change, undo: &Change, at: &str) {
    let mut effect = tried(&open(server).await, undo).await.unwrap();
    if effect == Effect::Unknown {
        brought_to_its_end(server, change, at).await;
        effect = tried(&open(server).await, undo).await.unwrap();
    }
    assert!(matches!(effect, Effect::Done { .. }), "{at}: {effect:?}");
}

#[tokio::test]
async fn a_restore_that_died_is_taken_back_as_it_is() {
    taken_back_through_deaths(STEP).await;
}

#[tokio::test]
#[ignore = "a minute"]
async fn so_it_is_wherever_it_died() {
    taken_back_through_deaths(1).await;
}

async fn taken_back_through_deaths(step: usize) {
    let mut all = Restorable::new().await;
    let (change, undo) = all.there_and_back().await;
    let deadly = Deadly::start(&all.server).await;
    for n in (1..).step_by(step) {
        let died = deadly.die(&all.server, &change, (n, Death::After)).await;
        let Ok(command) = died else { break };
        let at = format!("restore, {n}: {command}");
        taken_back(&all.server, &change, &undo, &at).await;
        all.is_as_before(&at);
    }
}

#[tokio::test]
async fn what_the_owner_took_out_of_the_trash_meanwhile_is_not_lost() {
    let step = STEP;
    let mut all = Restorable::new().await;
    let (change, undo) = all.there_and_back().await;
    let deadly = Deadly::start(&all.server).await;
    let mut between = 0;
    for n in (1..).step_by(step) {
        let died = deadly.die(&all.server, &change, (n, Death::After)).await;
        let Ok(command) = died else { break };
        let at = format!("emptied, {n}: {command}");
        let mut owner = all.server.acting_as("into");
        let there = [owner.contents("INBOX"), owner.contents("Work")].concat();
        let away = owner.contents("Trash");
        let is_there = |mail: &Seen| there.iter().any(|it| it.subject == mail.subject);
        // Copied to the trash and not removed yet.
        if !away.is_empty() && away.iter().all(is_there) {
            owner.command("STORE 1:* +FLAGS.SILENT (\\Deleted)");
            owner.command("EXPUNGE");
            between += 1;
            if between % 2 == 0 {
                brought_to_its_end(&all.server, &change, &at).await;
                all.is_restored(&at);
            }
        }
        taken_back(&all.server, &change, &undo, &at).await;
        all.is_as_before(&at);
    }
    assert!(between > 0, "{between}");
}
