//! The files that exports make, streamed or handed out.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bulkhead_engine::error::Error;
use bulkhead_engine::jobs::download;
use bulkhead_engine::testing::intercept::{self, Call, Failure};
use bulkhead_engine::testing::mailbox::{MemoryMailbox, Moment};
use bulkhead_engine::testing::memory::MemoryParts;
use bulkhead_engine::testing::stage::Stage;
use bulkhead_shared::job::State;
use bulkhead_shared::operations::{Classify, Export, ExportFormat, Operation};
use bulkhead_shared::options::{Brake, JobOptions};
use futures::executor::block_on;
use jiff::SignedDuration;

use super::{options, stage};

#[test]
fn exports_hold_every_mail_once_and_touch_nothing() {
    block_on(async {
        let stage = stage(11).await;
        for (format, needle) in [
            (ExportFormat::Mbox, "\n>From the"),
            (ExportFormat::Csv, "'=Subject"),
            (ExportFormat::Json, "\"subject\""),
        ] {
            let job = stage
                .complete(
                    Operation::Export(Export { format }),
                    Stage::inbox(),
                    options(),
                )
                .await
                .unwrap();
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 11));
            assert!(job.undo_until.is_none());
            let mut download = download::export(&stage.ports, &stage.user, &job.id)
                .await
                .unwrap();
            let text = String::from_utf8(whole(&mut download).await).unwrap();
            assert_eq!(text.matches(needle).count(), 11, "{format:?}:\n{text}");
            if format == ExportFormat::Json {
                assert_eq!(
                    serde_json::from_str::<Vec<serde_json::Value>>(&text)
                        .unwrap()
                        .len(),
                    11
                );
            }
        }
        assert!(stage.mailbox.mails().iter().all(|mail| mail.touched == 0));
    });
}

#[test]
fn files_are_handed_out_where_they_can_be_and_by_the_same_rules() {
    block_on(async {
        let mut stage = stage(11).await;
        let format = ExportFormat::Csv;
        let job = stage
            .complete(
                Operation::Export(Export { format }),
                Stage::inbox(),
                options(),
            )
            .await
            .unwrap();
        let (ann, eve) = (stage.user.clone(), "eve".parse().unwrap());
        let plain = download::export(&stage.ports, &ann, &job.id).await;
        let mut plain = plain.unwrap();
        assert_eq!(plain.hand_out().await.unwrap(), None, "it is streamed");
        let streamed = whole(&mut plain).await;

        let parts = MemoryParts::clone(&stage.parts).handing_out(stage.clock.clone());
        stage.ports.parts = Arc::new(parts.clone());
        let ports = &stage.ports;
        for (mut file, expected) in [
            (
                download::export(ports, &ann, &job.id).await.unwrap(),
                Some(&streamed),
            ),
            (
                download::outcomes_csv(ports, &ann, &job.id).await.unwrap(),
                None,
            ),
        ] {
            let out = file.hand_out().await.unwrap().unwrap();
            assert!(out.url.ends_with(&file.file_name));
            let got = parts.at(&out.url).unwrap();
            let lines = got.split(|byte| *byte == b'\n').count();
            assert_eq!(lines, 1 + 11 + 1, "a head, a row each, and the end");
            assert!(expected.is_none_or(|expected| got == *expected));
        }
        let others = download::export(ports, &eve, &job.id).await;
        assert!(matches!(others, Err(Error::NotFound)));
        // No address outlives what it leads to (invariant 7).
        let end = job.results_until.unwrap();
        stage.clock.set(end - SignedDuration::from_secs(1));
        let mut last = download::export(ports, &ann, &job.id).await.unwrap();
        let out = last.hand_out().await.unwrap().unwrap();
        assert_eq!(out.until, end);
        stage.clock.set(end);
        assert_eq!(parts.at(&out.url), None);
        let gone = download::export(ports, &ann, &job.id).await;
        assert!(matches!(gone, Err(Error::Gone)));
    });
}

#[test]
fn what_is_handed_out_is_what_is_streamed_in_every_format() {
    block_on(async {
        let stage = stage(11).await;
        let parts = MemoryParts::clone(&stage.parts).handing_out(stage.clock.clone());
        for format in [ExportFormat::Mbox, ExportFormat::Csv, ExportFormat::Json] {
            let small = JobOptions {
                batch_size: Some(4),
                ..options()
            };
            let export = Operation::Export(Export { format });
            let job = stage.complete(export, Stage::inbox(), small).await.unwrap();
            assert_eq!(parts.names(&job.id).len(), 3);
            let file = async |ports| download::export(ports, &stage.user, &job.id).await;
            let streamed = whole(&mut file(&stage.ports).await.unwrap()).await;
            let mut ports = stage.ports.clone();
            ports.parts = Arc::new(parts.clone());
            let out = file(&ports).await.unwrap().hand_out().await.unwrap();
            assert!(
                parts.at(&out.unwrap().url).unwrap() == streamed,
                "{format:?}"
            );

            let mut begun = file(&ports).await.unwrap();
            let first = begun.next().await.unwrap().unwrap();
            let rest = begun.hand_out().await.unwrap().unwrap();
            let rest = parts.at(&rest.url).unwrap();
            assert!([first, rest].concat() == streamed, "{format:?}: the rest");
        }
    });
}

#[test]
fn a_chunk_without_any_mail_left_leaves_nothing_in_an_export() {
    for format in [ExportFormat::Json, ExportFormat::Mbox] {
        block_on(async {
            let stage = stage(12).await;
            let small = JobOptions {
                batch_size: Some(4),
                ..options()
            };
            let export = Operation::Export(Export { format });
            let id = stage.draft(export, Stage::inbox(), small).await.unwrap();
            stage.confirm(&id).await.unwrap();
            let ids: Vec<u64> = stage.mailbox.mails().iter().map(|it| it.identity).collect();
            for identity in &ids[..8] {
                stage.mailbox.delete(*identity);
            }
            stage.run().await.unwrap();
            let job = stage.job(&id).await.unwrap();
            assert_eq!((job.counts.succeeded, job.counts.skipped), (4, 8));
            let file = download::export(&stage.ports, &stage.user, &id).await;
            let file = whole(&mut file.unwrap()).await;
            let mails = match format {
                ExportFormat::Json => {
                    let items: Vec<serde_json::Value> = serde_json::from_slice(&file).unwrap();
                    items.len()
                }
                _ => String::from_utf8(file)
                    .unwrap()
                    .matches("\n>From the")
                    .count(),
            };
            assert_eq!(mails, 4);
        });
    }
}

/// Of the mails that a call read before it broke off none counts: the part that they were written into is thrown away.
#[test]
fn a_part_that_breaks_off_in_the_middle_of_a_mail_is_written_again_as_a_whole() {
    for whole_ones in 0..4 {
        block_on(async {
            let mailbox = MemoryMailbox::new(4).with(|abilities| abilities.call_items = 2);
            let stage = Stage::new(mailbox).await.unwrap();
            stage
                .mailbox
                .trouble(|trouble| trouble.cut_after = Some(whole_ones));
            let format = ExportFormat::Mbox;
            let export = Operation::Export(Export { format });
            let job = stage.complete(export, Stage::inbox(), options()).await;
            let job = job.unwrap();
            assert_eq!((job.state, job.counts.succeeded), (State::Completed, 4));
            let file = download::export(&stage.ports, &stage.user, &job.id).await;
            let file = String::from_utf8(whole(&mut file.unwrap()).await).unwrap();
            for number in 1..=4 {
                let subject = format!("Subject: {number}");
                assert_eq!(file.matches(&subject).count(), 1, "{file}");
            }
            assert_eq!(file.matches("\n>From the beginning.").count(), 4, "{file}");
        });
    }
}

#[test]
fn what_only_reads_reads_as_much_at_once_as_its_server_takes_and_no_call_is_for_anything_else() {
    let format = ExportFormat::Mbox;
    for operation in [Export { format }.into(), Classify {}.into()] {
        block_on(async {
            let mailbox = MemoryMailbox::new(20).in_chunks_of(20);
            let mailbox = mailbox.with(|abilities| abilities.call_items = 10);
            let mut stage = Stage::new(mailbox).await.unwrap();
            let read = Arc::new(Mutex::new(Vec::new()));
            let heard = read.clone();
            let by = intercept::by(move |moment, call| {
                if let (Moment::BeforeEffect, Call::Fetch(mails)) = (moment, call) {
                    heard.lock().unwrap().push(*mails);
                }
                Ok(())
            });
            stage.ports = intercept::ports(&stage.ports, &by);
            // Nothing is touched, so nothing is tried with a few first.
            let careful = JobOptions {
                batch_size: Some(20),
                parallel_chunks: Some(1),
                brake: Some(Brake {
                    after: 3,
                    ..Brake::default()
                }),
                ..options()
            };
            let job = stage.complete(operation, Stage::inbox(), careful).await;
            let job = job.unwrap();
            assert_eq!(job.counts.succeeded, 20);
            assert_eq!(*read.lock().unwrap(), [10, 10]);
            assert_eq!(job.called.unwrap().calls, 2);
        });
    }
}

#[test]
fn invariant_8_an_export_keeps_the_allowance_and_is_whole() {
    block_on(async {
        let mailbox = MemoryMailbox::new(20).in_chunks_of(20).limited_to(3, 60);
        let stage = Stage::new(mailbox).await.unwrap();
        let began = stage.ports.clock.now();
        let format = ExportFormat::Json;
        let export = Operation::Export(Export { format });
        let job = stage.complete(export, Stage::inbox(), JobOptions::default());
        let job = job.await.unwrap();
        assert_eq!(job.counts.succeeded, 20);
        let took = stage.ports.clock.now().duration_since(began);
        assert_eq!(took.as_secs(), 360, "20 at 3 a minute");
        let file = download::export(&stage.ports, &stage.user, &job.id).await;
        let file = whole(&mut file.unwrap()).await;
        let mails: Vec<serde_json::Value> = serde_json::from_slice(&file).unwrap();
        assert_eq!(mails.len(), 20);
    });
}

#[test]
fn a_file_of_outcomes_shows_the_mails_as_long_as_the_provider_is_quick() {
    block_on(async {
        let stage = Stage::new(MemoryMailbox::new(40)).await.unwrap();
        let job = stage.archived(options()).await.unwrap();
        let pieces = async |slow: bool| {
            let file = download::outcomes_csv(&stage.ports, &stage.user, &job.id).await;
            let (mut file, mut pieces) = (file.unwrap(), Vec::new());
            while let Some(piece) = file.next().await.unwrap() {
                pieces.push(String::from_utf8(piece).unwrap());
                if slow {
                    stage.clock.advance(Duration::from_secs(6));
                }
            }
            pieces
        };
        let quick = pieces(false).await.concat();
        let begin =
            "row_number,id,status,reason,completed_at,item,title,second,facts,time,marks\r\n";
        assert!(quick.starts_with(begin), "{quick}");
        assert_eq!(quick.matches(",shown,").count(), 40);
        // A subject is no formula of whoever opens the file.
        assert_eq!(quick.matches(",'=Subject ").count(), 40, "{quick}");
        assert!(quick.contains("folder: Archive; size: "), "{quick}");
        // The rows after the time are there, and say what they do not show.
        let slow = pieces(true).await;
        assert_eq!(slow[1].matches(",shown,").count(), 32);
        assert_eq!(slow[2].matches(",succeeded,").count(), 8);
        assert_eq!(
            slow[2].matches(",not looked at,,,,,").count(),
            8,
            "{}",
            slow[2]
        );
        let told = slow.concat();
        assert_eq!((told.lines().count(), quick.lines().count()), (41, 41));
    });
}

async fn whole(download: &mut download::Download) -> Vec<u8> {
    let mut file = Vec::new();
    while let Some(piece) = download.next().await.unwrap() {
        file.extend(piece);
    }
    file
}

#[test]
fn a_large_file_of_outcomes_is_made_in_parts_and_gone_on_with() {
    block_on(async {
        let mut stage = stage(420).await;
        let job = stage.archived(options()).await.unwrap();
        assert_eq!(job.chunks.total, 105);
        let csv = download::outcomes_csv(&stage.ports, &stage.user, &job.id).await;
        let streamed = whole(&mut csv.unwrap()).await;
        let parts = MemoryParts::clone(&stage.parts).handing_out(stage.clock.clone());
        stage.ports.parts = Arc::new(parts.clone());
        let reads = Arc::new(AtomicU32::new(0));
        let counter = reads.clone();
        let by = intercept::by(move |moment, call| {
            let is_one = matches!(call, Call::Get(key) if key.sort.starts_with("OUTCOMES"));
            let counts = is_one && moment == Moment::BeforeEffect;
            // In the second part of three.
            match counts && counter.fetch_add(1, Ordering::Relaxed) == 60 {
                true => Err(Failure::Unavailable),
                false => Ok(()),
            }
        });
        let ports = intercept::ports(&stage.ports, &by);
        let file = async || {
            download::outcomes_csv(&ports, &stage.user, &job.id)
                .await
                .unwrap()
        };
        assert!(file().await.hand_out().await.is_err());
        reads.store(100, Ordering::Relaxed);
        let out = file().await.hand_out().await.unwrap().unwrap();
        assert_eq!(
            reads.load(Ordering::Relaxed) - 100,
            55,
            "the first part is there"
        );
        assert!(parts.at(&out.url).unwrap() == streamed);
        // And so is all of it.
        file().await.hand_out().await.unwrap().unwrap();
        assert_eq!(reads.load(Ordering::Relaxed) - 100, 55);
    });
}
