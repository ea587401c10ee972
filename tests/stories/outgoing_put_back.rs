//! A backup of the database, or of the whole data folder, that was made in the middle of a job and is put back after
//! its end: nobody gets a mail twice. Exim's log is what is believed.

use std::fs;
use std::ops::RangeInclusive;
use std::path::Path;

use bulkhead_shared::api::{Job, NewJob};
use bulkhead_shared::options::JobOptions;
use serde_json::Value;
use tempfile::TempDir;

use crate::outgoing::{World, check_right, row, template};

const MAILS: usize = 60;
/// The backup is made when so many are sent, or a few more.
const BEFORE: u64 = 15;

/// A world in which all mails were sent, and what was kept of it in the middle.
struct Sent {
    world: World,
    job: Job,
    rows: Vec<Value>,
    backup: TempDir,
    /// So many mails were known to have ended then, at least and at most.
    ended: RangeInclusive<u64>,
}

/// Copies what is in a folder, and what is in its folders.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &to),
            false => drop(fs::copy(entry.path(), to).unwrap()),
        }
    }
}

async fn sent() -> Sent {
    let mut world = World::start().await;
    let rows: Vec<Value> = (0..MAILS).map(row).collect();
    let slowly = NewJob {
        options: JobOptions {
            batch_size: Some(5),
            delay_between_batches: Some(0.2),
            ..JobOptions::default()
        },
        ..world.job(&template(), &rows)
    };
    let draft = world.server.api.draft(&slowly).await;
    let job = world.server.api.confirm(&draft.id).await;
    let some = |job: &Job| job.counts.succeeded >= BEFORE;
    let api = &world.server.api;
    let before = api.wait_until(&job.id, "some were sent", some).await;
    world.server.kill();
    let backup = TempDir::with_prefix("bulkhead-backup-").unwrap();
    copy(&world.server.data(), backup.path());
    world.server.restart().await;
    let after = world.server.api.job(&job.id).await;
    let job = world.server.api.wait_for_end(&job.id).await;
    assert_eq!(job.counts.failed, 0, "{job:#?}");
    world.decide(&job).await;
    world.check_each_once();
    assert_eq!(world.exim.wait_for(MAILS), MAILS);
    Sent {
        world,
        job,
        rows,
        backup,
        ended: before.counts.ended()..=after.counts.ended(),
    }
}

impl Sent {
    /// Puts back what is chosen of the backup. Answers what the job comes to.
    async fn put_back(&mut self, is_chosen: fn(&str) -> bool) -> Job {
        let server = &mut self.world.server;
        server.kill();
        let data = server.data();
        let chosen = |folder: &Path| {
            let names = fs::read_dir(folder).unwrap();
            let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
            names.filter(|name| is_chosen(name)).collect::<Vec<_>>()
        };
        for name in chosen(&data) {
            let path = data.join(name);
            match path.is_dir() {
                true => fs::remove_dir_all(path).unwrap(),
                false => fs::remove_file(path).unwrap(),
            }
        }
        for name in chosen(self.backup.path()) {
            let (from, to) = (self.backup.path().join(&name), data.join(&name));
            match from.is_dir() {
                true => copy(&from, &to),
                false => drop(fs::copy(from, to).unwrap()),
            }
        }
        server.restart().await;
        server.api.forget_versions();
        server.api.wait_for_end(&self.job.id).await
    }

    async fn check(self, job: &Job) {
        let known = job.counts.succeeded + job.counts.uncertain;
        assert_eq!(known, MAILS as u64, "{job:#?}");
        self.world.check_each_once();
        assert_eq!(self.world.exim.wait_for(MAILS), MAILS);
        check_right(&self.world.exim, &self.rows);
        self.world.stop().await;
    }
}

fn is_database(name: &str) -> bool {
    name.starts_with("bulkhead.db")
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_a_database_that_is_put_back_sends_nothing_twice_and_finds_what_is_gone() {
    let mut sent = sent().await;
    let job = sent.put_back(is_database).await;
    // What was sent has a copy; but for what was under way in each of two lanes when the server was killed.
    assert!(job.counts.uncertain <= 2, "{job:#?}");
    sent.check(&job).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_what_a_database_that_is_put_back_cannot_find_is_left_to_a_person() {
    let mut sent = sent().await;
    let mut client = sent.world.dovecot.client();
    client.select("Sent");
    client.command("STORE 1:* +FLAGS (\\Deleted)");
    client.command("EXPUNGE");
    let job = sent.put_back(is_database).await;
    let left = |ended: &u64| MAILS as u64 - ended;
    let range = left(sent.ended.end()).saturating_sub(10)..=left(sent.ended.start()) + 2;
    assert!(range.contains(&job.counts.uncertain), "{range:?}: {job:#?}");
    let api = &sent.world.server.api;
    let taken = sent.world.exim.taken();
    let mut begun = 0;
    for mail in api.outcomes(&job.id, Some("uncertain")).await {
        let evidence = mail.evidence.unwrap();
        assert_eq!(evidence.sha256.len(), 64);
        begun += usize::from(!taken.contains(&evidence.message_id.to_string()));
    }
    // What each of two lanes had begun when the server was killed may not have left.
    assert!(begun <= 2, "{begun}");
    sent.check(&job).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outgoing_a_whole_folder_that_is_put_back_finds_copies_of_what_is_gone() {
    let mut sent = sent().await;
    let job = sent.put_back(|_| true).await;
    assert!(job.counts.uncertain <= 2, "{job:#?}");
    sent.check(&job).await;
}
