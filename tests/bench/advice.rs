//! Suggestions for whole mailboxes: how long senders and lists are weighed, and what that asks of the database.
//! `cargo xtask bench advice` builds the server for release and runs this.

use std::fmt;
use std::time::{Duration, Instant};

use bulkhead_shared::api::{Connection, NewAccount, ScanState, Suggestions};
use bulkhead_shared::ids::AccountId;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use serde::Serialize;
use serde_json::Value;

use crate::sandbox::usage;

/// Mails of the sandbox, and on Dovecot.
const IN_SANDBOX: u32 = 100_000;
const ON_DOVECOT: usize = 20_000;
/// Senders on Dovecot, every other one a list.
const SENDERS: usize = 400;
/// Suggestions come within so many seconds at most ("within minutes", as it was asked for).
const AIM_SECONDS: f64 = 180.0;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Advised {
    sandbox: Weighing,
    dovecot: Weighing,
}

/// One mailbox.
#[derive(Debug, Serialize)]
struct Weighing {
    mails: u64,
    /// Senders and lists that were weighed.
    sources: u64,
    suggestions: usize,
    /// From the request to the suggestions, headers read before.
    seconds: f64,
    /// Calls to the database, and messages.
    table_calls: u64,
    messages: u64,
}

/// Measures both.
pub(crate) async fn measure() -> Advised {
    let server = Bulkhead::with_mails(IN_SANDBOX).await;
    let account = server.api.sandbox().await;
    let sandbox = weigh(&server, &account, u64::from(IN_SANDBOX)).await;
    let dovecot = Dovecot::start(Mode::Normal);
    let messages: Vec<Vec<u8>> = (0..ON_DOVECOT).map(message).collect();
    let (read, unread) = messages.split_at(ON_DOVECOT / 2);
    let mut client = dovecot.client();
    client.append("INBOX", read, "\\Seen");
    client.append("INBOX", unread, "");
    let connection = Connection::Imap(dovecot.connection());
    let new = NewAccount {
        name: None,
        connection,
    };
    let account = server.api.connect(&new).await.id;
    let dovecot = weigh(&server, &account, ON_DOVECOT as u64).await;
    server.stop().await;
    Advised { sandbox, dovecot }
}

fn message(number: usize) -> Vec<u8> {
    let sender = number * 7 % SENDERS;
    let list = match sender.is_multiple_of(2) {
        true => format!(
            "List-Id: <l{sender}.example.org>\r\nList-Unsubscribe: <mailto:u{sender}@example.org>\r\nPrecedence: bulk\r\n"
        ),
        false => String::new(),
    };
    format!(
        "From: Sender {sender} <s{sender}@example.org>\r\nTo: alice@example.org\r\n{list}Subject: Offer {number}\r\n\
         Message-ID: <{number}@bench>\r\n\r\nNew this week: everything for less, only until Sunday.\r\n"
    )
    .into_bytes()
}

async fn weigh(server: &Bulkhead, account: &AccountId, mails: u64) -> Weighing {
    let path = format!("/accounts/{account}/suggestions");
    let before = usage(server).await;
    let begun = Instant::now();
    server.api.post(&path, &Value::Null).await.success();
    let told = loop {
        let told: Suggestions = server.api.get(&path).await.success().json();
        let advice = told.advice.as_ref().unwrap();
        assert_ne!(advice.state, ScanState::Failed, "{:?}", advice.problem);
        if advice.state == ScanState::Done {
            break told;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let seconds = begun.elapsed().as_secs_f64();
    let after = usage(server).await;
    Weighing {
        mails,
        sources: told.advice.map_or(0, |advice| advice.weighed),
        suggestions: told.suggestions.len(),
        seconds,
        table_calls: after.table_calls - before.table_calls,
        messages: after.messages - before.messages,
    }
}

impl fmt::Display for Advised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, one) in [("sandbox", &self.sandbox), ("Dovecot", &self.dovecot)] {
            writeln!(
                f,
                "{place}: {} mails, {} senders and lists weighed in {:.1} s (at most {AIM_SECONDS:.0}), {} suggestions, {} calls of the database, {} messages",
                one.mails, one.sources, one.seconds, one.suggestions, one.table_calls, one.messages
            )?;
        }
        Ok(())
    }
}
