//! Mail as it is in real mailboxes: odd encodings, broken headers, deep nesting, 20 MB, folder names in
//! any language. And servers that talk nonsense.

use async_trait::async_trait;
use bulkhead_connectors::imap::{Imap, Reach};
use bulkhead_engine::ports::{CallError, MailStore, MessageSink, PartsError};
use bulkhead_shared::api::Item;
use bulkhead_shared::outcome::ItemReason;
use bulkhead_shared::query::Query;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    at_port, change, changes, find, moved_to, now, open, states, taken_back, tally,
};

/// The folder these mails are in, as people name folders.
const FOLDER: &str = "Entwürfe & 日本/😀";
/// The same on the wire.
const WIRE: &str = "Entw&APw-rfe &- &ZeVnLA-/&2D3eAA-";

fn odd_messages() -> Vec<Vec<u8>> {
    let mut nested =
        b"Subject: nested\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n".to_vec();
    for depth in 0..60 {
        let part = format!(
            "--b{depth}\r\nContent-Type: multipart/mixed; boundary=b{}\r\n\r\n",
            depth + 1
        );
        nested.extend_from_slice(part.as_bytes());
    }
    let large = [
        b"Subject: twenty megabytes\r\nFrom: big@example.com\r\n\r\n".to_vec(),
        b"0123456789012345678901234567890123456789012345678901234567890123456789ABCDEF\r\n"
            .repeat(20 * 1024 * 1024 / 78),
    ]
    .concat();
    let long = format!("Subject: {}\r\n\r\nx\r\n", "long ".repeat(80_000));
    vec![
        b"From: J\xf6rg <joerg@example.com>\r\nSubject: Gr\xfc\xdfe aus K\xf6ln\r\n\r\nlatin\r\n".to_vec(),
        "From: =?UTF-8?B?5bGx55Sw?= <yamada@example.jp>\r\nSubject: =?ISO-2022-JP?B?GyRCRnxLXBsoQg==?= \
         =?utf-8?Q?_und_=C3=A4?=\r\n\r\nmixed\r\n"
            .as_bytes()
            .to_vec(),
        "From: raw utf8 Åsa <asa@example.se>\r\nSubject: åäö utan kodning\r\n\r\nx\r\n".as_bytes().to_vec(),
        b"no header at all, only text\r\nand more\r\n".to_vec(),
        b"Subject\r\n: ???\r\nFrom: <<>>,;:\r\n\tfolded to nothing\r\nContent-Type: ;;=\r\n\r\n\r\n".to_vec(),
        b"Subject: =?broken?X?==?= =?utf-8?B?####?=\r\nFrom: undisclosed-recipients:;\r\nDate: yesterday\r\n\r\n".to_vec(),
        b"Subject: a\x01b\x1b[31m\r\nFrom: \"Quote \\\" and ) {12}\" <q@example.com>\r\n\r\nx".to_vec(),
        nested,
        long.into_bytes(),
        b"\r\n".to_vec(),
        large,
    ]
}

async fn opened(server: &Dovecot) -> (Imap, Vec<Vec<u8>>) {
    let mut other = server.client();
    other.command(&format!("CREATE \"{WIRE}\""));
    let messages = odd_messages();
    for message in &messages {
        other.append(WIRE, std::slice::from_ref(message), "");
    }
    (open(server).await, messages)
}

#[tokio::test]
async fn odd_mail_is_listed_as_far_as_it_can_be_read() {
    let server = Dovecot::start(Mode::Normal);
    let (imap, messages) = opened(&server).await;
    let folders = imap.folders().await.unwrap().folders;
    assert!(folders.iter().any(|folder| folder.name == FOLDER));
    let query = Query::parse(&format!("in:\"{FOLDER}\"")).unwrap();
    let page = imap.list(&query, now(), None, 50).await.unwrap();
    assert_eq!(page.items.len(), messages.len());
    assert_eq!(page.total, Some(messages.len() as u64));
    let subject = |text: &str| -> Vec<&Item> {
        let has = |item: &&Item| item.subject.contains(text);
        page.items.iter().filter(has).collect()
    };
    assert_eq!(subject("日本 und ä")[0].from, "山田 <yamada@example.jp>");
    assert_eq!(
        subject("åäö utan kodning")[0].from,
        "raw utf8 Åsa <asa@example.se>"
    );
    assert_eq!(
        subject("aus K").len(),
        1,
        "a subject in 8-bit Latin-1 is there"
    );
    // Sixty parts in one another, and no file in any.
    assert!(!subject("nested")[0].has_attachment);
    assert!(subject("twenty")[0].size > 20 << 20);
    for item in &page.items {
        let shown = [&item.subject, &item.from, &item.to];
        assert!(shown.iter().all(|text| !text.chars().any(char::is_control)));
        assert!(shown.iter().all(|text| text.chars().count() <= 500));
    }
}

#[tokio::test]
async fn odd_mail_is_exported_to_the_byte_in_small_pieces() {
    let server = Dovecot::start(Mode::Normal);
    let (imap, messages) = opened(&server).await;
    let mut ids = find(&imap, &format!("in:\"{FOLDER}\"")).await;
    ids.reverse();
    ids.push("1.1.Nowhere".parse().unwrap());
    let mut sink = Sink::default();
    imap.fetch(&ids, &mut sink).await.unwrap();
    let expected: Vec<_> = messages.iter().rev().collect();
    assert_eq!(sink.messages.len(), expected.len());
    assert!(
        sink.places.iter().copied().eq(0..expected.len()),
        "in the order asked"
    );
    for (got, expected) in sink.messages.iter().zip(expected) {
        assert!(
            got.1 == *expected,
            "{} bytes became {}",
            expected.len(),
            got.1.len()
        );
    }
    assert_eq!(sink.messages[0].0, "big@example.com");
    assert_eq!(sink.skipped, [messages.len()]);
    assert!(sink.largest <= 64 << 10, "pieces of {}", sink.largest);
}

#[tokio::test]
async fn odd_mail_moves_and_comes_back() {
    for mode in [Mode::Normal, Mode::Old] {
        let server = Dovecot::start(mode);
        let (imap, messages) = opened(&server).await;
        let ids = find(&imap, &format!("in:\"{FOLDER}\"")).await;
        let seen = states(&imap, &ids).await;
        let forward = changes(&ids, &seen, moved_to("Archive"));
        let effects = change(&imap, &forward).await;
        assert_eq!(tally(&effects), (messages.len(), 0, 0, 0));
        let back = change(&imap, &taken_back(&forward, &effects)).await;
        assert_eq!(tally(&back), (messages.len(), 0, 0, 0));
        assert_eq!(server.client().contents(WIRE).len(), messages.len());
    }
}

#[tokio::test]
async fn searches_for_text_in_any_language() {
    let server = Dovecot::start(Mode::Normal);
    let (imap, _) = opened(&server).await;
    assert_eq!(find(&imap, "subject:日本").await.len(), 1);
    assert_eq!(find(&imap, "from:山田").await.len(), 1);
    assert_eq!(find(&imap, "has:attachment").await.len(), 1);
    assert_eq!(find(&imap, "larger:10M").await.len(), 1);
    assert_eq!(find(&imap, "subject:\"a \\\" ) LOGOUT\"").await.len(), 0);
    assert_eq!(find(&imap, "in:inbox").await.len(), 0);
    let mark = imap.sync_token().await.unwrap();
    assert_eq!(imap.sync_token().await.unwrap(), mark);
}

#[tokio::test]
async fn a_server_that_talks_nonsense_is_an_error_and_no_more() {
    let server = Dovecot::start(Mode::Normal);
    let nonsense: [&[u8]; 6] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"* OK hi\r\n* CAPABILITY (((((\r\nb1 OK\r\n* 1 FETCH (\r\n\xff\xfe\r\nb2 OK\r\nb3 OK\r\n",
        b"* OK hi\r\nb1 OK [CAPABILITY IMAP4rev1] x\r\nb2 OK [\r\nb3 NO\r\nb4 BAD\r\nb5 OK\r\n",
        b"* PREAUTH come in\r\n",
        b"* BYE\r\n",
        b"\x16\x03\x01\x00\r\n",
    ];
    for bytes in nonsense {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let _ = client.write_all(bytes).await;
                let _ = client.read(&mut [0; 1_000]).await;
            }
        });
        let answer = match Imap::open(&at_port(&server, port), Reach::Anywhere).await {
            Ok(imap) => imap.folders().await.map(|_| ()),
            Err(error) => Err(error),
        };
        let passes = matches!(
            answer,
            Err(CallError::Unavailable(_) | CallError::Refused(_) | CallError::SignIn)
        );
        assert!(passes, "{}: {answer:?}", String::from_utf8_lossy(bytes));
    }
}

/// What an export hands on.
#[derive(Default)]
pub(crate) struct Sink {
    pub(crate) messages: Vec<(String, Vec<u8>)>,
    /// The place of each message.
    places: Vec<usize>,
    pub(crate) skipped: Vec<usize>,
    pub(crate) reasons: Vec<ItemReason>,
    largest: usize,
}

#[async_trait]
impl MessageSink for Sink {
    async fn begin(&mut self, index: usize, _: Timestamp, sender: &str) -> Result<(), PartsError> {
        self.places.push(index);
        self.messages.push((sender.to_owned(), Vec::new()));
        Ok(())
    }

    async fn bytes(&mut self, bytes: &[u8]) -> Result<(), PartsError> {
        self.largest = self.largest.max(bytes.len());
        self.messages.last_mut().unwrap().1.extend_from_slice(bytes);
        Ok(())
    }

    async fn end(&mut self) -> Result<(), PartsError> {
        Ok(())
    }

    async fn skip(&mut self, index: usize, reason: ItemReason) -> Result<(), PartsError> {
        self.skipped.push(index);
        self.reasons.push(reason);
        Ok(())
    }
}
