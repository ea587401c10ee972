//! Lists asked to write no more, through the running server: by a request to a real web server, and by a mail through a
//! real Exim. Nothing else reaches either of them.

use std::time::{Duration, Instant};

use bulkhead_shared::api::{
    Connection, ImapConnection, NewAccount, Scan, ScanState, Security, Senders, Submission,
};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::operations::{Operation, Unsubscribe};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::outcome::{ItemReason, Outcome};
use bulkhead_tests::api::PATIENCE;
use bulkhead_tests::driver::{Bulkhead, Options};
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::exim::Exim;
use bulkhead_tests::servers::list_server::ListServer;

struct World {
    server: Bulkhead,
    dovecot: Dovecot,
    exim: Exim,
    list: ListServer,
    account: AccountId,
}

impl World {
    async fn start() -> Self {
        let (dovecot, exim, list) = (
            Dovecot::start(Mode::Normal),
            Exim::start(),
            ListServer::start(),
        );
        let certificates = list.certificate_file();
        let server = Bulkhead::start(Options {
            mails: 10,
            environment: vec![
                ("BULKHEAD_PRIVATE_HOSTS".to_owned(), "allow".to_owned()),
                (
                    "SSL_CERT_FILE".to_owned(),
                    certificates.display().to_string(),
                ),
            ],
            ..Options::default()
        })
        .await;
        let connection = Connection::Imap(ImapConnection {
            submission: Some(Submission {
                host: "127.0.0.1".to_owned(),
                port: exim.port,
                security: Security::None,
                per_minute: Some(10_000),
            }),
            ..dovecot.connection()
        });
        let new = NewAccount {
            name: None,
            connection,
        };
        let account = server.api.connect(&new).await.id;
        Self {
            server,
            dovecot,
            exim,
            list,
            account,
        }
    }

    /// A mail of a list, as it arrives in the mailbox.
    fn arrives(&self, list: &str, said: &str) {
        let mail = format!(
            "Authentication-Results: mx.example.org; dkim=pass header.d=lists.example\r\n\
             Received: from lists.example by mx.example.org; Fri, 27 Nov 2026 00:00:00 +0000\r\n\
             DKIM-Signature: d=lists.example; h=list-unsubscribe:list-unsubscribe-post; b=a\r\n\
             From: {list} <{list}@lists.example>\r\nTo: alice+{list}@example.org\r\nList-Id: <{list}.lists.example>\r\n\
             {said}Subject: Issue\r\n\r\nHello\r\n"
        );
        let mut client = self.dovecot.client();
        client.append("INBOX", &[mail.into_bytes()], "");
    }

    fn one_click(&self, path: &str) -> String {
        format!(
            "List-Unsubscribe: <mailto:never@example.org>, <{}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n",
            self.list.page(path)
        )
    }

    async fn senders(&self) -> Senders {
        let path = format!("/accounts/{}/senders?by=list", self.account);
        let begun = Instant::now();
        loop {
            let told: Senders = self.server.api.get(&path).await.success().json();
            let is_done = |scan: &Scan| scan.state == ScanState::Done;
            if told.scan.as_ref().is_some_and(is_done) {
                return told;
            }
            assert!(begun.elapsed() < PATIENCE);
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_asked_once_each_in_their_own_way() {
    let world = World::start().await;
    let api = &world.server.api;
    for _ in 0..3 {
        world.arrives("news", &world.one_click("/200"));
    }
    world.arrives("later", &world.one_click("/302"));
    world.arrives("cut", &world.one_click("/cut"));
    world.arrives(
        "talk",
        "List-Unsubscribe: <mailto:talk-leave@example.org?subject=leave%20talk>\r\n",
    );
    world.arrives("page", "List-Unsubscribe: <https://lists.example/page>\r\n");
    let unsubscribe = || Operation::Unsubscribe(Unsubscribe {});
    let draft = api
        .draft_query(
            &world.account,
            unsubscribe(),
            "in:inbox subject:issue",
            JobOptions::default(),
        )
        .await;
    let draft = api
        .wait_until(&draft.id, "a draft", |job| job.total == 5)
        .await;
    let preview = api.preview(&draft.id).await;
    let lists = preview.lists.clone().unwrap();
    assert_eq!((lists.asked, lists.first[0].mails), (4, 3));
    assert_eq!(
        world.list.requests(),
        [],
        "nothing is asked before somebody says yes"
    );
    api.confirm(&draft.id).await;
    let job = api.wait_for_end(&draft.id).await;
    let counts = job.counts;
    assert_eq!(
        (
            counts.succeeded,
            counts.failed,
            counts.uncertain,
            counts.skipped
        ),
        (2, 1, 1, 1),
        "{job:?}"
    );
    let failed = api.outcomes(&draft.id, Some("failed")).await;
    assert_eq!(failed[0].reason, Some(ItemReason::LeadsElsewhere));
    let open = api.outcomes(&draft.id, Some("uncertain")).await;
    assert_eq!(
        (open[0].outcome, open[0].reason),
        (
            Some(Outcome::Uncertain),
            Some(ItemReason::MayBeUnsubscribed)
        )
    );
    let mut asked: Vec<String> = world
        .list
        .requests()
        .iter()
        .map(|request| request.line.clone())
        .collect();
    asked.sort();
    assert_eq!(
        asked,
        [
            "POST /200 HTTP/1.1",
            "POST /302 HTTP/1.1",
            "POST /cut HTTP/1.1"
        ]
    );
    assert_eq!(world.exim.taken().len(), 1, "{}", world.exim.log());
    assert!(world.exim.log().contains("talk-leave@example.org"));
    // What was asked is told where senders are looked through.
    api.post(
        &format!("/accounts/{}/senders", world.account),
        &serde_json::json!({}),
    )
    .await;
    let told = world.senders().await;
    let of = |key: &str| {
        let group = told.groups.iter().find(|group| group.key == key).unwrap();
        group.unsubscribed
    };
    assert!(of("news.lists.example").is_some_and(|asked| asked.answered && !asked.still_comes));
    assert!(of("cut.lists.example").is_some_and(|asked| !asked.answered));
    assert_eq!(of("later.lists.example"), None);
    world.server.stop().await;
}
