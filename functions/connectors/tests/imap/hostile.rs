//! Servers that flood, drip or say nothing: every call has an end, and no other account waits for it.

use std::time::{Duration, Instant};

use bulkhead_connectors::imap::{Accounts, Imap, Reach};
use bulkhead_engine::ports::{CallError, MailStore};
use bulkhead_shared::ids::AccountId;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::support::{at_port, find, messages, plain};

/// A server of one mail that answers every FETCH with this, for ever.
async fn flooding(piece: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(serve(client, piece));
        }
    });
    port
}

async fn serve(client: tokio::net::TcpStream, piece: &'static [u8]) -> std::io::Result<()> {
    let (read, mut write) = client.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"* OK hello\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let (tag, command) = line.split_once(' ').unwrap();
        let told = match command.split(' ').next().unwrap() {
            "CAPABILITY" => "* CAPABILITY IMAP4rev1\r\n",
            "SELECT" => "* 1 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n",
            "LIST" => "* LIST () \"/\" INBOX\r\n",
            "UID" if command.contains("SEARCH") => "* SEARCH 1\r\n",
            "UID" => {
                let flood = piece.repeat((64 << 10) / piece.len());
                loop {
                    write.write_all(&flood).await?;
                }
            }
            _ => "",
        };
        write
            .write_all(format!("{told}{tag} OK\r\n").as_bytes())
            .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_flood_has_an_end() {
    let server = Dovecot::start(Mode::Normal);
    for piece in [
        &b"* 1 FETCH (UID 1 FLAGS ())\r\n"[..],
        b"* 5 FETCH (UID 5 FLAGS (\\Seen) BODY[] {5}\r\nhello)\r\n",
        b"* OK Still here\r\n",
        b"\r\n",
        b"x",
        b"* 1 FETCH (A {1}\r\n",
    ] {
        let imap = Imap::open(&at_port(&server, flooding(piece).await), Reach::Anywhere)
            .await
            .unwrap();
        let id = "7.1.INBOX".parse().unwrap();
        let began = Instant::now();
        let flooded = imap.states(&[id]).await;
        assert!(
            matches!(flooded, Err(CallError::Unavailable(_))),
            "{}: {flooded:?}",
            String::from_utf8_lossy(piece)
        );
        println!(
            "{}: {:?}",
            String::from_utf8_lossy(piece).trim(),
            began.elapsed()
        );
    }
}

/// Bytes of this process in memory.
fn in_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let words = line.unwrap().split_whitespace().nth(1).unwrap();
    words.parse::<u64>().unwrap() << 10
}

#[tokio::test]
async fn a_flood_stays_out_of_memory_and_delays_no_other_account() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(3), "");
    let accounts = std::sync::Arc::new(Accounts::new(Reach::Anywhere));
    let id = |number: u128| AccountId::new(Timestamp::UNIX_EPOCH, number);
    let before = in_memory();
    // Answers that are all about the one mail that was asked for, each different, with large headers.
    let piece = b"* 1 FETCH (UID 1 FLAGS () BODY[HEADER.FIELDS (FROM)] {1000}\r\n".to_vec();
    let piece = [piece, vec![b'x'; 1_000], b")\r\n".to_vec()]
        .concat()
        .leak();
    let port = flooding(piece).await;
    let flood = accounts
        .open(&id(1), &at_port(&server, port))
        .await
        .unwrap();
    let flooded = tokio::spawn(async move { flood.items(&["7.1.INBOX".parse().unwrap()]).await });
    let other = accounts.open(&id(2), &plain(&server)).await.unwrap();
    let mut most = 0;
    while !flooded.is_finished() {
        let began = Instant::now();
        assert_eq!(find(other.as_ref(), "").await.len(), 3);
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{:?}",
            began.elapsed()
        );
        most = most.max(in_memory().saturating_sub(before));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(matches!(
        flooded.await.unwrap(),
        Err(CallError::Unavailable(_))
    ));
    println!("beside a flood: {} MiB more", most >> 20);
    assert!(most < 100 << 20, "{} MiB", most >> 20);
}

#[tokio::test]
async fn a_mute_server_delays_no_other_account() {
    let server = Dovecot::start(Mode::Normal);
    server.client().append("INBOX", &messages(3), "");
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let accounts = std::sync::Arc::new(Accounts::new(Reach::Anywhere));
    let id = |number: u128| AccountId::new(Timestamp::UNIX_EPOCH, number);
    let mute_to = at_port(&server, mute.local_addr().unwrap().port());
    let waiting = tokio::spawn({
        let accounts = accounts.clone();
        async move {
            let began = Instant::now();
            (
                accounts.open(&id(1), &mute_to).await.is_err(),
                began.elapsed(),
            )
        }
    });
    let began = Instant::now();
    let imap = accounts.open(&id(2), &plain(&server)).await.unwrap();
    assert_eq!(find(imap.as_ref(), "").await.len(), 3);
    assert!(
        began.elapsed() < Duration::from_secs(8),
        "{:?}",
        began.elapsed()
    );
    let (failed, after) = waiting.await.unwrap();
    assert!(failed && after < Duration::from_secs(15), "{after:?}");
}
