//! The suite that every connector passes, on servers that can much and servers that can little.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::ports::{Account, MailStore};
use bulkhead_engine::testing::connector::{Letter, UnderTest, conforms, search_letters, searches};
use bulkhead_tests::servers::dovecot::{self, Client, Dovecot, Mode};

use crate::proxy::{self, Cut};
use crate::support::at_port;

const FOLDERS: [&str; 4] = ["INBOX", "Archive", "Trash", "Work"];

struct Mailbox {
    imap: Imap,
    other: Mutex<Client>,
    cut: Arc<AtomicUsize>,
}

/// A server whose users are used one after another: each rule has an empty mailbox.
struct Users {
    server: Dovecot,
    used: AtomicUsize,
}

impl Users {
    fn of(mode: Mode) -> Self {
        Self {
            server: Dovecot::start(mode),
            used: AtomicUsize::new(0),
        }
    }
}

impl Mailbox {
    async fn with(users: &Users, letters: Vec<Letter>) -> Self {
        let server = &users.server;
        let user = dovecot::user(users.used.fetch_add(1, Ordering::SeqCst));
        let mut other = Client::sign_in(server.port, &user, &server.password);
        other.command("CREATE Work");
        for letter in letters {
            let received = letter
                .received
                .strftime("%d-%b-%Y %H:%M:%S +0000")
                .to_string();
            other.append_at(
                letter.folder,
                &letter.flags.join(" "),
                &received,
                &letter.raw,
            );
        }
        let cut = Cut::After(&["UID MOVE", "UID EXPUNGE", "+FLAGS (later)"]);
        let (port, switch) = proxy::start(server.port, cut).await;
        let mut to = at_port(server, port);
        to.user = user;
        Self {
            imap: Imap::open(&to, Reach::Anywhere).await.unwrap(),
            other: Mutex::new(other),
            cut: switch,
        }
    }

    /// The plain client with the folder open that holds a letter, and the letter's UID.
    fn at<T>(&self, name: &str, act: impl FnOnce(&mut Client, &str) -> T) -> T {
        let mut other = self.other.lock().unwrap();
        let uid = other
            .find(&FOLDERS, &format!("<{name}@letters.example>"))
            .unwrap();
        act(&mut other, &uid)
    }
}

#[async_trait]
impl UnderTest for Mailbox {
    fn account(&self) -> &dyn Account {
        &self.imap
    }

    fn connector(&self) -> &dyn MailStore {
        &self.imap
    }

    async fn change_as_somebody_else(&self, name: &str, to: &Place) {
        let flags: Vec<&str> = to.flags.iter().map(String::as_str).collect();
        self.at(name, |other, uid| {
            other.command(&format!("UID STORE {uid} FLAGS ({})", flags.join(" ")));
            // To where it is already would be a move to itself, which gives it a new UID.
            let here = other.find(&[&to.folder], &format!("<{name}@letters.example>"));
            if here.is_none() {
                other.find(&FOLDERS, &format!("<{name}@letters.example>"));
                other.command(&format!("UID MOVE {uid} \"{}\"", to.folder));
            }
        });
    }

    async fn delete_as_somebody_else(&self, name: &str) {
        self.at(name, |other, uid| {
            other.command(&format!("UID STORE {uid} +FLAGS (\\Deleted)"));
            other.command(&format!("UID EXPUNGE {uid}"));
        });
    }

    async fn lose_next_answer(&self) -> bool {
        // The suite loses changes in two folders: each is a command, and both have to take effect.
        self.cut.store(2, Ordering::SeqCst);
        true
    }
}

#[tokio::test]
async fn conforms_on_a_modern_server() {
    let users = Users::of(Mode::Normal);
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

#[tokio::test]
async fn conforms_without_move_and_condstore() {
    let users = Users::of(Mode::Old);
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

#[tokio::test]
async fn conforms_without_uidplus() {
    let users = Users::of(Mode::NoUidplus);
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

#[tokio::test]
async fn every_search_of_the_table_finds_what_it_says() {
    for mode in [Mode::Normal, Mode::Bare] {
        let users = Users::of(mode);
        let mailbox = Mailbox::with(&users, search_letters()).await;
        searches(mailbox.connector()).await;
    }
}
