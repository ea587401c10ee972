//! Mails to many: how long a thousand of them are looked at, and fifty are sent through a local Exim.
//! `cargo xtask bench letters` builds the server for release and runs this.

use std::fmt;
use std::time::Instant;

use bulkhead_shared::api::{
    Connection, ImapConnection, LettersSeen, NewAccount, NewJob, Security, Submission,
};
use bulkhead_shared::operations::Operation;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use bulkhead_tests::driver::Bulkhead;
use bulkhead_tests::servers::dovecot::{Dovecot, Mode};
use bulkhead_tests::servers::exim::Exim;
use serde::Serialize;
use serde_json::{Value, json};

/// Recipients of a preview, and milliseconds that it may take at most (the requirements' own figures).
const LOOKED_AT: usize = 1_000;
const LOOK_AIM_MS: f64 = 300.0;
/// Mails that are sent, and milliseconds that they may take at most.
const SENT: usize = 50;
const SENT_AIM_MS: f64 = 2_000.0;
/// Previews, of which the median counts.
const LOOKS: usize = 15;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub(crate) struct Letters {
    /// Milliseconds from request to answer, the median.
    look_ms: f64,
    look_worst_ms: f64,
    /// Milliseconds from the confirmation to the end of the job.
    sent_ms: f64,
}

/// Measures all of it.
pub(crate) async fn measure() -> Letters {
    let server = Bulkhead::with_mails(10).await;
    let (look_ms, look_worst_ms) = look(&server).await;
    let sent_ms = send(&server).await;
    server.stop().await;
    Letters {
        look_ms,
        look_worst_ms,
        sent_ms,
    }
}

/// A mail of the length of a bill, with HTML, a condition and a fallback.
fn operation() -> Value {
    let lines =
        "Whatever stands here is the same for each of them, and as long as a line usually is.\n"
            .repeat(20);
    json!({"type": "bulk_send", "from": "Alice <alice@example.org>", "subject": "Bill {{ number }} for {{ name }}",
        "text": format!("Dear {{{{ name }}}},\n\nyour bill {{{{ number }}}} is {{{{ amount }}}}.\n{{% if note %}}{{{{ note }}}}{{% endif %}}\n{lines}"),
        "html": format!("<p>Dear {{{{ name }}}},</p><p>your bill {{{{ number }}}} is <b>{{{{ amount }}}}</b>.</p><p>{lines}</p>"),
        "name_column": "name", "fallbacks": {"note": "-"}, "hold_seconds": 0})
}

fn rows(count: usize) -> Vec<Value> {
    let row = |n: usize| {
        let note = if n.is_multiple_of(3) {
            ""
        } else {
            "Thank you."
        };
        json!({"to": format!("user{n}@example.org"), "name": format!("Zo\u{eb} {n}"), "number": n, "amount": "12.50 €", "note": note})
    };
    (0..count).map(row).collect()
}

async fn look(server: &Bulkhead) -> (f64, f64) {
    let mut operation = operation();
    operation.as_object_mut().unwrap().remove("type");
    let wanted = json!({"operation": operation, "rows": rows(LOOKED_AT)});
    let mut took = Vec::new();
    for _ in 0..LOOKS {
        let begun = Instant::now();
        let answer = server.api.post("/letters", &wanted).await.success();
        took.push(begun.elapsed().as_secs_f64() * 1_000.0);
        let seen: LettersSeen = answer.json();
        assert_eq!((seen.good as usize, seen.faults_total), (LOOKED_AT, 0));
    }
    took.sort_by(f64::total_cmp);
    (took[LOOKS / 2], took[LOOKS - 1])
}

async fn send(server: &Bulkhead) -> f64 {
    let (dovecot, exim) = (Dovecot::start(Mode::Normal), Exim::start());
    let connection = Connection::Imap(ImapConnection {
        submission: Some(Submission {
            host: "127.0.0.1".to_owned(),
            port: exim.port,
            security: Security::None,
            per_minute: Some(10_000),
        }),
        ..dovecot.connection()
    });
    let name = Some("Alice".to_owned());
    let account = server
        .api
        .connect(&NewAccount { name, connection })
        .await
        .id;
    let operation: Operation = serde_json::from_value(operation()).unwrap();
    let job = NewJob {
        account,
        operation,
        selection: Selection::Rows { rows: rows(SENT) },
        options: JobOptions::default(),
        confirm: None,
    };
    let draft = server.api.draft(&job).await;
    let begun = Instant::now();
    server.api.confirm(&draft.id).await;
    let job = server.api.wait_for_end(&draft.id).await;
    let took = begun.elapsed().as_secs_f64() * 1_000.0;
    assert_eq!(job.counts.succeeded as usize, SENT, "{job:#?}");
    assert_eq!(exim.wait_for(SENT), SENT);
    took
}

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let over = |ms: f64, aim: f64| if ms < aim { "" } else { ", over the aim" };
        writeln!(
            f,
            "{LOOKED_AT} mails looked at     {:>8.1} ms, at worst {:.1}   aim: under {LOOK_AIM_MS:.0} ms{}",
            self.look_ms,
            self.look_worst_ms,
            over(self.look_ms, LOOK_AIM_MS)
        )?;
        write!(
            f,
            "{SENT} mails sent through Exim {:>8.1} ms   aim: under {SENT_AIM_MS:.0} ms{}",
            self.sent_ms,
            over(self.sent_ms, SENT_AIM_MS)
        )
    }
}
