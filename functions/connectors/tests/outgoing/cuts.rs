//! The line is cut at every byte of the dialogue, in either direction: what is told of a mail is exactly what can be
//! known of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_engine::ports::{CallError, Delivery, Letter, Postbox};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{World, letter};

/// What ends a mail (RFC 5321, section 4.1.1.4).
const END: &[u8] = b"\r\n.\r\n";
/// Dialogues side by side.
const LANES: usize = 12;

/// Bytes that pass before the line is cut, in each direction.
#[derive(Debug, Clone, Copy)]
struct Cut {
    up: usize,
    down: usize,
}

impl Cut {
    const NEVER: Self = Self {
        up: usize::MAX,
        down: usize::MAX,
    };
}

/// What passed on a connection.
#[derive(Debug, Clone, Default)]
struct Passed {
    up: Vec<u8>,
    down: Vec<u8>,
}

impl Passed {
    /// Whether the server has the whole mail.
    fn is_whole(&self) -> bool {
        self.up.windows(END.len()).any(|window| window == END)
    }

    /// Whole answers, the numbers of their last lines.
    fn answers(&self) -> Vec<u16> {
        let lines = self.down.split_inclusive(|byte| *byte == b'\n');
        let lines = lines.filter(|line| line.ends_with(b"\n") && line[3] == b' ');
        let number = |line: &[u8]| String::from_utf8_lossy(&line[..3]).parse().unwrap();
        lines.map(number).collect()
    }
}

/// A line to a server that is cut both ways, as a router does that is gone.
struct Line {
    port: u16,
    cut: Arc<Mutex<Cut>>,
    passed: Arc<Mutex<Passed>>,
}

impl Line {
    async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let line = Self {
            port: listener.local_addr().unwrap().port(),
            cut: Arc::new(Mutex::new(Cut::NEVER)),
            passed: Arc::default(),
        };
        let (cut, passed) = (Arc::clone(&line.cut), Arc::clone(&line.passed));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
                let (from_client, to_client) = client.into_split();
                let (from_server, to_server) = server.into_split();
                let (cut, passed) = (*cut.lock().unwrap(), Arc::clone(&passed));
                tokio::spawn(async move {
                    tokio::select! {
                        () = pass(from_client, to_server, cut.up, |bytes| passed.lock().unwrap().up.extend(bytes)) => {}
                        () = pass(from_server, to_client, cut.down, |bytes| passed.lock().unwrap().down.extend(bytes)) => {}
                    }
                });
            }
        });
        line
    }

    /// Hands a mail over on a new connection that is cut like this: what is told of it, and what passed.
    async fn deliver(
        &self,
        postbox: &dyn Postbox,
        cut: Cut,
        letter: &Letter,
    ) -> (Result<Delivery, CallError>, Passed) {
        *self.cut.lock().unwrap() = cut;
        *self.passed.lock().unwrap() = Passed::default();
        let told = postbox.deliver(std::slice::from_ref(letter)).await;
        let passed = self.passed.lock().unwrap().clone();
        (told.map(|mut told| told.remove(0)), passed)
    }
}

async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut left: usize,
    mut note: impl FnMut(&[u8]),
) {
    let mut buffer = vec![0; 16 << 10];
    while left > 0 {
        let most = left.min(buffer.len());
        let Ok(read @ 1..) = from.read(&mut buffer[..most]).await else {
            return;
        };
        note(&buffer[..read]);
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
        left -= read;
    }
}

/// Checks what is told of a mail against what passed; says whether it is open.
fn check(told: &Result<Delivery, CallError>, passed: &Passed, context: &str) -> bool {
    let answers = passed.answers();
    let is_begun = answers.contains(&354);
    let is_answered = is_begun && answers.last() == Some(&250);
    match told {
        Ok(Delivery::Done) => assert!(is_answered && passed.is_whole(), "{context}"),
        Ok(Delivery::Unknown) => assert!(is_begun && !is_answered, "{context}"),
        // The line may be gone before the mail is written; then nobody has all of it.
        Ok(Delivery::Unavailable) => assert!(!passed.is_whole(), "{context}"),
        Err(CallError::Unavailable(_)) => assert!(!is_begun, "{context}"),
        other => panic!("{context}: {other:?}"),
    }
    matches!(told, Ok(Delivery::Unknown))
}

#[tokio::test(flavor = "multi_thread")]
async fn no_cut_makes_a_mail_look_sent_that_is_not_or_unsent_that_is() {
    let world = Arc::new(World::start());
    let line = Line::to(world.exim.port).await;
    let postbox = world.at(line.port).await;
    let (told, whole) = line
        .deliver(postbox.as_ref(), Cut::NEVER, &letter(100_000, "bo"))
        .await;
    assert_eq!(told.unwrap(), Delivery::Done);
    // Addresses of ports in answers have four or five digits, so a dialogue may be a little longer.
    let ups = (0..whole.up.len() + 2).map(|up| Cut { up, ..Cut::NEVER });
    let downs = (0..whole.down.len() + 6).map(|down| Cut { down, ..Cut::NEVER });
    let cuts: Vec<Cut> = ups.chain(downs).collect();
    let mut lanes = tokio::task::JoinSet::new();
    for lane in 0..LANES {
        let (world, cuts) = (Arc::clone(&world), cuts.clone());
        lanes.spawn(async move {
            let line = Line::to(world.exim.port).await;
            let mut postbox = world.at(line.port).await;
            let mut told = Vec::new();
            for (number, cut) in cuts.into_iter().enumerate().skip(lane).step_by(LANES) {
                let letter = letter(number, "bo");
                let (delivery, passed) = line.deliver(postbox.as_ref(), cut, &letter).await;
                let context = format!("{cut:?}: {delivery:?} {passed:?}");
                let is_open = check(&delivery, &passed, &context);
                if !matches!(delivery, Ok(Delivery::Unknown | Delivery::Unavailable)) {
                    // It may have kept its connection, and each dialogue is to begin at its beginning.
                    postbox = world.at(line.port).await;
                }
                told.push((letter.id.to_string(), delivery, is_open, passed.is_whole()));
            }
            told
        });
    }
    let told: Vec<_> = lanes.join_all().await.into_iter().flatten().collect();
    // What Exim was still at when the line was gone.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for id in world.exim.taken() {
        *taken.entry(id).or_default() += 1;
    }
    let (mut done, mut open, mut open_and_taken) = (0, 0, 0);
    for (id, delivery, is_open, is_whole) in &told {
        let times = taken.get(id).copied().unwrap_or(0);
        let expected = match (delivery, is_open) {
            (Ok(Delivery::Done), _) => 1..=1,
            // Exim takes a mail although its answer cannot be written any more.
            (_, true) if *is_whole => 0..=1,
            _ => 0..=0,
        };
        assert!(
            expected.contains(&times),
            "{id} {delivery:?}: {times} times"
        );
        done += usize::from(matches!(delivery, Ok(Delivery::Done)));
        open += usize::from(*is_open);
        open_and_taken += usize::from(*is_open && times == 1);
    }
    assert_eq!(told.len(), cuts.len());
    assert!(done >= 2 && open_and_taken > 0 && open > open_and_taken);
    println!(
        "{} cuts: {done} sent, {open} open, of which Exim had {open_and_taken}, the rest unsent",
        told.len()
    );
}
