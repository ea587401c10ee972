//! A server that is killed again and again while it sends: nobody gets a mail twice, nobody is forgotten, and what
//! is left to a person is exactly what was under way at a death. Exim's log is what is believed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use bulkhead_shared::api::Job;
use bulkhead_tests::servers::dovecot::{MORE_USERS, user};
use bulkhead_tests::servers::exim::Taken;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::outgoing::{World, row, template};

/// Mails that a server has under way at once, most: one in each of two lanes.
const LANES: usize = 2;
/// Exim may log a mail this long after the death of who sent it: all of it was on its way already.
const LATE: SignedDuration = SignedDuration::from_secs(2);
/// From Exim's line to what we store of the answer, most: a copy is kept between the two.
const STORED: SignedDuration = SignedDuration::from_secs(5);
/// As long as nothing ends for so long, something is stuck.
const STUCK: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_mails_are_sent_once_each_though_the_server_is_killed_again_and_again() {
    live_through(400, 8).await;
}

/// `cargo test … --test stories -- --ignored outgoing_five_thousand --nocapture`; takes some minutes.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes some minutes"]
async fn outgoing_five_thousand_mails_are_sent_once_each_through_a_hundred_deaths() {
    live_through(5_000, 100).await;
}

/// Moments that look random and are the same every time.
struct Moments(u64);

impl Moments {
    fn below(&mut self, millis: u64) -> Duration {
        // Knuth's constants for a linear congruence.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis((self.0 >> 33) % millis)
    }
}

#[allow(clippy::print_stdout, reason = "figures for whoever runs it")]
async fn live_through(mails: usize, deaths: usize) {
    let mut world = World::with_mailboxes().await;
    let rows: Vec<Value> = (0..mails).map(to_a_user).collect();
    let began = Instant::now();
    let job = world.send(&template(), &rows).await;
    let died_at = killed(&mut world, &job, deaths).await;
    let job = ended(&world, &job, mails as u64).await;
    let took = began.elapsed();
    let known = job.counts.succeeded + job.counts.uncertain;
    assert_eq!(known, mails as u64, "{job:#?}");

    let open = world.server.api.outcomes(&job.id, Some("uncertain")).await;
    let evidence = open.iter().map(|mail| mail.evidence.as_ref().unwrap());
    let open: BTreeSet<String> = evidence.map(|it| it.message_id.to_string()).collect();
    let taken = world.exim.log_of_taken();
    let explained = explain(&taken, &open, &died_at);
    world.check_each_once();
    // All that is not open was taken, and nothing besides.
    assert_eq!(taken.len() + open.len() - explained, mails);

    world.decide(&job).await;
    world.check_each_once();
    let taken: BTreeSet<String> = world.exim.taken().into_iter().collect();
    assert_eq!(taken.len(), mails);
    check_arrived(&world, &taken).await;
    println!(
        "{mails} mails, {deaths} deaths in {:.1} s: {} sent, 0 lost, 0 doubled; {} uncertain, of which Exim had {explained}",
        took.as_secs_f64(),
        job.counts.succeeded,
        open.len(),
    );
    world.stop().await;
}

/// A row whose mail goes to one of Dovecot's users.
fn to_a_user(number: usize) -> Value {
    let mut row = row(number);
    row["to"] = json!(format!(
        "{}+{number}@example.org",
        user(number % MORE_USERS)
    ));
    row
}

/// Each of these mails is in one mailbox, once, and no other mail is.
async fn check_arrived(world: &World, taken: &BTreeSet<String>) {
    let (mut last, mut since) = (0, Instant::now());
    let delivered = loop {
        let delivered = world.dovecot.delivered();
        let arrived = delivered.len();
        if arrived >= taken.len() || since.elapsed() > STUCK {
            break delivered;
        }
        if arrived > last {
            (last, since) = (arrived, Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    let arrived: BTreeSet<String> = delivered.keys().cloned().collect();
    assert_eq!(&arrived, taken);
    let twice: Vec<_> = delivered.iter().filter(|(_, to)| to.len() > 1).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

/// Kills the server so often while it sends, each time a few moments after some more mails have ended; every fourth
/// time as soon as it is up again. Says when.
async fn killed(world: &mut World, job: &Job, deaths: usize) -> Vec<Timestamp> {
    let mut moments = Moments(13);
    let mut died_at = Vec::new();
    let total = job.total;
    for death in 1..=deaths {
        if death % 4 == 0 {
            tokio::time::sleep(moments.below(300)).await;
        } else {
            let part = total * death as u64 / (deaths as u64 + 1);
            ended(world, job, part).await;
            tokio::time::sleep(moments.below(60)).await;
        }
        world.server.kill();
        died_at.push(Timestamp::now());
        world.server.restart().await;
    }
    died_at
}

/// Waits until so many mails have ended.
async fn ended(world: &World, job: &Job, mails: u64) -> Job {
    let (mut last, mut since) = (0, Instant::now());
    loop {
        let job = world.server.api.job(&job.id).await;
        let ended = job.counts.ended();
        if ended >= mails && (mails < job.total || job.state.is_ended()) {
            return job;
        }
        if ended > last {
            (last, since) = (ended, Instant::now());
        }
        assert!(since.elapsed() < STUCK, "{job:#?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Each open mail that Exim took was the last one on its connection, and that ended with a death, which left no more
/// open than a server has under way. So many are these; of the others Exim never had all.
fn explain(taken: &[Taken], open: &BTreeSet<String>, died_at: &[Timestamp]) -> usize {
    let last_on: BTreeMap<u16, &Taken> = taken.iter().map(|mail| (mail.from_port, mail)).collect();
    let mut left_by: BTreeMap<Timestamp, usize> = BTreeMap::new();
    let mut explained = 0;
    for mail in taken.iter().filter(|mail| open.contains(&mail.id)) {
        assert_eq!(last_on[&mail.from_port], mail, "its answer was heard");
        let away = |died: &&Timestamp| mail.at.duration_since(**died).abs();
        let nearest = died_at.iter().min_by_key(away);
        let death = nearest.filter(|died| mail.at - LATE <= **died && **died <= mail.at + STORED);
        let death = death.unwrap_or_else(|| panic!("nobody died: {mail:?} {died_at:?}"));
        *left_by.entry(*death).or_default() += 1;
        explained += 1;
    }
    assert!(open.len() <= LANES * died_at.len(), "{open:?}");
    let most = left_by.values().max().copied().unwrap_or_default();
    assert!(most <= LANES, "{left_by:?}");
    explained
}
