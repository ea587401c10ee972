//! A Cyrus passes the suite that every directory passes. One server for all rules, emptied before each.

use std::sync::Mutex;

use async_trait::async_trait;
use bulkhead_connectors::imap::Reach;
use bulkhead_connectors::imap::directory::Directory;
use bulkhead_engine::ports::MailboxStore;
use bulkhead_engine::testing::mailboxes::{Made, MailboxesUnderTest, conforms};
use bulkhead_shared::kinds::mailbox::Guid;
use bulkhead_tests::servers::cyrus::{Cyrus, Names};
use bulkhead_tests::servers::imap_client::Client;

use crate::directory::connection;

const RIGHTS: &str = "lrswipkxtecda";

struct Fixture<'a> {
    server: &'a Cyrus,
    directory: Directory,
    admin: Mutex<Client>,
}

/// Names of all folders, deleted ones first.
fn folders(admin: &mut Client) -> Vec<String> {
    let lines = admin.command("LIST \"\" (\"DELETED.*\" \"user.*\") RETURN (STATUS (MESSAGES))");
    let names = lines
        .iter()
        .filter_map(|line| line.strip_prefix("* STATUS "));
    let mut names: Vec<String> = names
        .filter_map(|line| Some(line.rsplit_once(" (")?.0.trim_matches('"').to_owned()))
        .collect();
    names.sort();
    names
}

fn remove(admin: &mut Client, name: &str) {
    admin.command(&format!("SETACL \"{name}\" admin {RIGHTS}"));
    admin.command(&format!("DELETE \"{name}\""));
}

impl<'a> Fixture<'a> {
    async fn with(server: &'a Cyrus, made: Vec<Made>) -> Self {
        let mut admin = server.admin();
        // Deleting a mailbox in use makes it a deleted one, and deleting that ends it.
        for _ in 0..2 {
            let all = folders(&mut admin);
            let is_root =
                |name: &&String| !name.starts_with("DELETED") && name.matches('.').count() == 2;
            for name in all
                .iter()
                .filter(|name| name.starts_with("DELETED") || is_root(name))
            {
                remove(&mut admin, name);
            }
        }
        assert_eq!(folders(&mut admin), [""; 0]);
        for made in made {
            make(server, &mut admin, &made);
        }
        let directory = Directory::open(&connection(server, "admin"), Reach::Anywhere).await;
        Self {
            server,
            directory: directory.unwrap(),
            admin: Mutex::new(admin),
        }
    }

    /// What the server calls a mailbox's folders.
    async fn names(&self, guid: &Guid) -> Vec<String> {
        let found = self
            .directory
            .look(std::slice::from_ref(guid))
            .await
            .unwrap();
        let mailbox = found.into_iter().next().flatten().unwrap();
        let (local, domain) = mailbox.profile.upn.split_once('@').unwrap();
        let local = local.replace('.', "^");
        let prefix = match mailbox.is_inactive() {
            true => format!("DELETED.user.{local}."),
            false => format!("user.{local}"),
        };
        let mut all = folders(&mut self.admin.lock().unwrap());
        all.retain(|name| {
            let rest = name.strip_prefix(&prefix);
            rest.is_some_and(|rest| rest.starts_with(['.', '@']) || mailbox.is_inactive())
                && name.ends_with(&format!("@{domain}"))
        });
        all
    }
}

fn make(server: &Cyrus, admin: &mut Client, made: &Made) {
    let address = made.address();
    admin.command(&format!("CREATE {}", server.name(&address, "")));
    let mut owner = server.acting_as(&address);
    for (folder, id, minute) in &made.messages {
        let path = match folder.as_str() {
            "INBOX" => "INBOX".to_owned(),
            folder => {
                let _ = admin
                    .try_command(format!("CREATE {}", server.name(&address, folder)).as_bytes());
                server.own_name(folder)
            }
        };
        // Two versions of one mail.
        let mail =
            format!("From: {address}\r\nMessage-ID: {id}\r\nSubject: s\r\n\r\nof {address}\r\n");
        let received = format!("01-Jan-2026 10:{minute:02}:00 +0000");
        owner.append_at(&path, "", &received, mail.as_bytes());
    }
    if made.inactive {
        remove(admin, &server.name(&address, ""));
    }
}

#[async_trait]
impl MailboxesUnderTest for Fixture<'_> {
    fn store(&self) -> &dyn MailboxStore {
        &self.directory
    }

    async fn messages(&self, guid: &Guid) -> Vec<(String, String)> {
        let names = self.names(guid).await;
        let mut admin = self.admin.lock().unwrap();
        let mut found = Vec::new();
        for name in names {
            // Trash is where what was replaced went.
            let path = name.split('@').next().unwrap_or_default();
            let path = path.trim_start_matches("DELETED.");
            let mut levels: Vec<&str> = path.split('.').skip(2).collect();
            if name.starts_with("DELETED") {
                levels.pop();
            }
            if levels.first() == Some(&"Trash") {
                continue;
            }
            let folder = match levels.is_empty() {
                true => "INBOX".to_owned(),
                false => levels.join("/"),
            };
            admin.command(&format!("SETACL \"{name}\" admin +lrs"));
            admin.command(&format!("EXAMINE \"{name}\""));
            let lines = admin.command("UID FETCH 1:* (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])");
            let ids = lines.iter().filter_map(|line| {
                let (_, rest) = line.split_once('<')?;
                Some(format!("<{}>", rest.split('>').next()?))
            });
            found.extend(ids.map(|id| (folder.clone(), id)));
            admin.command("UNSELECT");
            admin.command(&format!("SETACL \"{name}\" admin -lrs"));
        }
        found
    }

    async fn deliver(&self, guid: &Guid, id: &str) {
        let found = self
            .directory
            .look(std::slice::from_ref(guid))
            .await
            .unwrap();
        let address = found[0].as_ref().unwrap().profile.upn.clone();
        let mail = format!("From: a@x\r\nMessage-ID: {id}\r\n\r\nnew\r\n");
        self.server
            .acting_as(&address)
            .append("INBOX", &[mail.into_bytes()], "");
    }

    async fn delete_as_somebody_else(&self, guid: &Guid) {
        let names = self.names(guid).await;
        remove(&mut self.admin.lock().unwrap(), &names[0]);
    }

    async fn purge(&self, guid: &Guid) {
        for name in self.names(guid).await {
            remove(&mut self.admin.lock().unwrap(), &name);
        }
    }

    /// The server dies half-way in tests of their own.
    async fn lose_answers(&self, _lose: bool) -> bool {
        false
    }
}

#[tokio::test]
async fn a_cyrus_conforms_to_the_port() {
    let server = Cyrus::start_naming(Names::DotsAndDomains);
    conforms(async |made| Fixture::with(&server, made).await).await;
}
