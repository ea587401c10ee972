//! The suite that every connector passes, on servers that can much, can little, and work otherwise.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::kinds::mail::Place;
use bulkhead_engine::ports::{Account, DraftStore, MailStore};
use bulkhead_engine::testing::connector::{
    Letter, Undecoded, UnderTest, conforms, search_letters, searches,
};
use bulkhead_shared::api::{Credentials, ImapConnection, Security};
use bulkhead_tests::servers::cyrus::Cyrus;
use bulkhead_tests::servers::dovecot::{self, Dovecot, Mode};
use bulkhead_tests::servers::imap_client::Client;

use crate::proxy::{self, Cut};
const FOLDERS: [&str; 4] = ["INBOX", "Archive", "Trash", "Work"];

struct Mailbox {
    imap: Imap,
    other: Mutex<Client>,
    cut: Arc<AtomicUsize>,
}

/// A server whose users are used one after another: each rule has an empty mailbox.
struct Users {
    server: Server,
    used: AtomicUsize,
}

enum Server {
    Dovecot(Dovecot),
    Cyrus(Cyrus),
}

impl Users {
    fn of(server: Server) -> Self {
        Self {
            server,
            used: AtomicUsize::new(0),
        }
    }

    fn of_dovecot(mode: Mode) -> Self {
        Self::of(Server::Dovecot(Dovecot::start(mode)))
    }

    /// How the next user gets in, and a plain client that is in.
    fn next(&self) -> (ImapConnection, Client) {
        let n = self.used.fetch_add(1, Ordering::SeqCst);
        let (port, user, password, other) = match &self.server {
            Server::Dovecot(server) => {
                let (user, password) = (dovecot::user(n), server.password.clone());
                let other = Client::sign_in(server.port, &user, &password);
                (server.port, user, password, other)
            }
            Server::Cyrus(server) => {
                let (user, other) = server.mail_user(n);
                (server.imap_port, user, server.password.to_owned(), other)
            }
        };
        let to = ImapConnection {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            user,
            credentials: Credentials::Password(password),
            submission: None,
        };
        (to, other)
    }
}

impl Mailbox {
    async fn with(users: &Users, letters: Vec<Letter>) -> Self {
        let (mut to, mut other) = users.next();
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
        let (port, switch) = proxy::start(to.port, cut).await;
        to.port = port;
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

    fn drafts(&self) -> &dyn DraftStore {
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

    async fn lose_next_answer(&self) {
        // The suite loses changes in two folders: each is a command, and both have to take effect.
        self.cut.store(2, Ordering::SeqCst);
    }
}

#[tokio::test]
async fn conforms_on_a_modern_server() {
    let users = Users::of_dovecot(Mode::Normal);
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

#[tokio::test]
async fn conforms_without_move_and_condstore() {
    let users = Users::of_dovecot(Mode::Old);
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

#[tokio::test]
async fn conforms_without_uidplus() {
    let users = Users::of_dovecot(Mode::NoUidplus);
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

/// With change numbers of each message's own, names for mails that last, and moves that are whole.
#[tokio::test]
async fn conforms_on_cyrus() {
    let users = Users::of(Server::Cyrus(Cyrus::start()));
    conforms(async |letters| Mailbox::with(&users, letters).await).await;
}

#[tokio::test]
async fn every_search_of_the_table_finds_what_it_says() {
    for mode in [Mode::Normal, Mode::Bare] {
        let users = Users::of_dovecot(mode);
        let mailbox = Mailbox::with(&users, search_letters()).await;
        searches(mailbox.connector(), Undecoded::CutLetters).await;
    }
}

#[tokio::test]
async fn every_search_of_the_table_finds_the_same_on_cyrus() {
    let users = Users::of(Server::Cyrus(Cyrus::start()));
    let mailbox = Mailbox::with(&users, search_letters()).await;
    searches(mailbox.connector(), Undecoded::OldCharsets).await;
}
