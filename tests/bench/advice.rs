//! Suggestions for whole mailboxes: how long senders and lists are weighed, and what that asks of the database.
//! `cargo xtask bench advice` builds the server for release and runs this.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, Instant};

use bulkhead_shared::api::{Connection, NewAccount, ScanState, Suggestions};
use bulkhead_shared::ids::AccountId;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::Value;

use crate::sandbox::usage;

/// Mails of the sandbox, and on Dovecot.
const IN_SANDBOX: u32 = 100_000;
const ON_DOVECOT: usize = 20_000;
/// Senders on Dovecot, as many of each [`Sender`].
const SENDERS: usize = 400;
/// Days between two mails of one, and since the last ones.
const DAYS_BETWEEN: usize = 5;
const DAYS_SINCE: usize = 4;
/// What is older was not put away yet when that became a habit.
const HABIT_DAYS: usize = 90;
/// Looks at how far it is, for telling what they cost.
const LOOKS: u64 = 10;
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
    /// Calls to the database without those of looking how far it is, and messages.
    table_calls: u64,
    messages: u64,
}

/// Measures both.
pub(crate) async fn measure() -> Advised {
    let server = Bulkhead::with_mails(IN_SANDBOX).await;
    let account = server.api.sandbox().await;
    let sandbox = weigh(&server, &account, u64::from(IN_SANDBOX)).await;
    let dovecot = Dovecot::start(Mode::Normal);
    fill(&dovecot);
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

/// Who writes, and what the owner of the mailbox does with it.
#[derive(Clone, Copy)]
enum Sender {
    /// A list that nobody opens.
    Unopened,
    /// A list that is read and, of late, put away by hand.
    PutAway,
    /// A program that nobody opens.
    Machine,
    /// A person, who is read.
    Person,
}

impl Sender {
    fn of(number: usize) -> Self {
        match number % 4 {
            0 => Self::Unopened,
            1 => Self::PutAway,
            2 => Self::Machine,
            _ => Self::Person,
        }
    }

    /// The folder and the flags of a mail that is so old.
    fn place(self, days: usize) -> (&'static str, &'static str) {
        match self {
            Self::Unopened | Self::Machine => ("INBOX", ""),
            Self::PutAway if days < HABIT_DAYS => ("Archive", "\\Seen"),
            Self::PutAway | Self::Person => ("INBOX", "\\Seen"),
        }
    }
}

/// Every sender has written every few days for months.
fn fill(dovecot: &Dovecot) {
    let now = Timestamp::now();
    let mut places: BTreeMap<_, Vec<(String, Vec<u8>)>> = BTreeMap::new();
    for number in (0..ON_DOVECOT).rev() {
        let (sender, days) = (
            number % SENDERS,
            number / SENDERS * DAYS_BETWEEN + DAYS_SINCE,
        );
        let received = now - SignedDuration::from_hours(24 * days as i64);
        let received = received.strftime("%d-%b-%Y %H:%M:%S +0000").to_string();
        let place = Sender::of(sender).place(days);
        let mails = places.entry(place).or_default();
        mails.push((received, message(number, sender)));
    }
    let mut client = dovecot.client();
    for ((folder, flags), mails) in places {
        client.try_command(format!("CREATE \"{folder}\"").as_bytes());
        client.append_received(folder, &mails, flags);
    }
}

fn message(number: usize, sender: usize) -> Vec<u8> {
    let (address, more, text) = match Sender::of(sender) {
        Sender::Unopened | Sender::PutAway => (
            format!("news{sender}@example.org"),
            format!(
                "List-Id: <l{sender}.example.org>\r\nList-Unsubscribe: <mailto:u{sender}@example.org>\r\n\
                 Precedence: bulk\r\n"
            ),
            "New this week: everything for less, only until Sunday.",
        ),
        Sender::Machine => (
            format!("no-reply@s{sender}.example.org"),
            "Auto-Submitted: auto-generated\r\n".to_owned(),
            "The nightly build of your project has finished. This message was sent automatically.",
        ),
        Sender::Person => (
            format!("ann{sender}@example.org"),
            String::new(),
            "Hello Alice, it was good to see you yesterday. How is your mother? See you soon, Ann",
        ),
    };
    format!(
        "From: Sender {sender} <{address}>\r\nTo: alice@example.org\r\n{more}Subject: Number {number}\r\n\
         Message-ID: <{number}@bench>\r\n\r\n{text}\r\n"
    )
    .into_bytes()
}

async fn weigh(server: &Bulkhead, account: &AccountId, mails: u64) -> Weighing {
    let path = format!("/accounts/{account}/suggestions");
    let before = usage(server).await;
    let begun = Instant::now();
    server.api.post(&path, &Value::Null).await.success();
    let mut looks = 0;
    let told = loop {
        looks += 1;
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
    for _ in 0..LOOKS {
        server.api.get(&path).await.success();
    }
    let looked = usage(server).await.table_calls - after.table_calls;
    Weighing {
        mails,
        sources: told.advice.map_or(0, |advice| advice.weighed),
        suggestions: told.suggestions.len(),
        seconds,
        table_calls: (after.table_calls - before.table_calls)
            .saturating_sub(looks * looked / LOOKS),
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
