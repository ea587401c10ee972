//! Results as a table: a row for each row that was brought, and brought again it runs what is not done.

use bulkhead_engine::jobs::download;
use bulkhead_engine::ports::SandboxDials;
use bulkhead_shared::api::{Dials, Job};
use bulkhead_shared::csv::{Grid, Limits};
use bulkhead_shared::ids::JobId;
use bulkhead_shared::kinds::mailbox::Mailbox;
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, RESULT_COLUMNS, Sheet};
use bulkhead_shared::operations::RecoverMailboxes;
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use serde_json::{Value, json};

use crate::fixture::World;

async fn text(mut file: download::Download) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(piece) = file.next().await.unwrap() {
        bytes.extend(piece);
    }
    bytes
}

async fn results(world: &World, job: &JobId) -> Vec<u8> {
    let file = download::outcomes_csv(&world.stage.ports, &world.stage.user, job).await;
    text(file.unwrap()).await
}

/// A table with a column of its own, one GUID in braces, and rows in an order of their own.
fn sheet(mailboxes: &[Mailbox]) -> Sheet {
    let mut table = "Ticket;display_name;Source_GUID;target_upn\r\n".to_owned();
    for (number, mailbox) in mailboxes.iter().enumerate() {
        let guid = mailbox.guid.as_str().to_uppercase();
        let guid = if number == 0 {
            format!("{{{guid}}}")
        } else {
            guid
        };
        let (name, upn) = (&mailbox.profile.display_name, &mailbox.profile.upn);
        table.push_str(&format!("=T-{number};{name};{guid};{upn}\r\n"));
    }
    let grid = Grid::read(table.as_bytes(), Limits::default()).unwrap();
    Sheet::new(Purpose::Recover, grid).unwrap()
}

fn request(sheet: &Sheet) -> (RecoverMailboxes, Selection) {
    let rows: Vec<Value> = sheet.ready().map(|row| sheet.row(row)).collect();
    let columns = sheet.columns();
    (RecoverMailboxes { columns }, Selection::Rows { rows })
}

fn statuses(grid: &Grid) -> Vec<&str> {
    grid.rows.iter().map(|row| row.cells[3].as_str()).collect()
}

#[tokio::test]
async fn every_row_has_its_result_and_what_it_brought_while_the_job_runs_and_after_it() {
    let world = World::of(100, 60).await;
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(25).collect();
    let sheet = sheet(&wanted);
    let (operation, selection) = request(&sheet);
    let draft = world
        .stage
        .draft(operation.into(), selection, JobOptions::default());
    let draft = draft.await.unwrap();
    world.stage.confirm(&draft).await.unwrap();
    // One batch of ten, then a pause of a second.
    assert!(world.stage.step().await.unwrap());
    let now = results(&world, &draft).await;
    assert!(now.starts_with(b"\xef\xbb\xbfrow_number,"));
    let grid = Grid::read(&now, Limits::default()).unwrap();
    assert_eq!(grid.headers[..8], RESULT_COLUMNS);
    assert_eq!(
        grid.headers[8..],
        ["Ticket", "display_name", "Source_GUID", "target_upn"]
    );
    let expected = [["completed"; 10].as_slice(), &["pending"; 15]].concat();
    assert_eq!(statuses(&grid), expected);

    world.stage.run_to_end(&draft).await;
    let grid = Grid::read(&results(&world, &draft).await, Limits::default()).unwrap();
    assert_eq!(statuses(&grid), ["completed"; 25]);
    for (number, (row, mailbox)) in grid.rows.iter().zip(&wanted).enumerate() {
        let cells: Vec<&str> = row.cells.iter().map(String::as_str).collect();
        assert_eq!(cells[0], (number + 1).to_string());
        assert_eq!(
            (cells[1], cells[2]),
            (mailbox.guid.as_str(), mailbox.profile.upn.as_str())
        );
        assert!(
            cells[4].is_empty() && cells[5] <= cells[6] && !cells[5].is_empty(),
            "{cells:?}"
        );
        assert!(cells[7].parse::<f64>().unwrap() >= 0.0);
        assert_eq!(cells[8], format!("=T-{number}"));
    }
}

#[tokio::test]
async fn a_table_of_results_brought_again_runs_only_what_is_not_done() {
    let world = World::of(100, 60).await;
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(20).collect();
    let dials = Dials {
        fail_percent: 30,
        ..Dials::default()
    };
    world.fixture.sandbox.turn(dials).await.unwrap();
    let (operation, selection) = request(&sheet(&wanted));
    let job: Job = world
        .stage
        .complete(operation.into(), selection, JobOptions::default())
        .await
        .unwrap();
    let failed = job.counts.failed;
    assert!((1..20).contains(&failed), "{job:#?}");
    world.fixture.sandbox.turn(Dials::default()).await.unwrap();

    let grid = Grid::read(&results(&world, &job.id).await, Limits::default()).unwrap();
    let errors = grid.rows.iter().filter(|row| !row.cells[4].is_empty());
    assert_eq!(errors.count() as u64, failed);
    let again = Sheet::new(Purpose::Recover, grid).unwrap();
    assert_eq!(again.ready().count() as u64, failed);
    let (operation, selection) = request(&again);
    let numbers: Vec<u64> = again.ready().map(|row| again.number(row)).collect();
    let job = world
        .stage
        .complete(operation.into(), selection, JobOptions::default())
        .await
        .unwrap();
    assert_eq!(job.counts.succeeded, failed);
    let grid = Grid::read(&results(&world, &job.id).await, Limits::default()).unwrap();
    let told: Vec<u64> = grid
        .rows
        .iter()
        .map(|row| row.cells[0].parse().unwrap())
        .collect();
    // Each keeps the number that it had in the first table.
    assert_eq!(told, numbers);
}

#[tokio::test]
async fn what_is_on_record_of_a_job_is_one_file_without_names() {
    let world = World::of(60, 30).await;
    let wanted: Vec<Mailbox> = world.recoverable().await.into_iter().take(12).collect();
    let (operation, selection) = request(&sheet(&wanted));
    let job = world
        .stage
        .complete(operation.into(), selection, JobOptions::default())
        .await
        .unwrap();
    let file = download::bundle(&world.stage.ports, &world.stage.user, &job.id)
        .await
        .unwrap();
    let bytes = text(file).await;
    let bundle: Value = serde_json::from_slice(&bytes).unwrap();
    let items = bundle["items"].as_array().unwrap();
    assert_eq!(items.len(), 12);
    assert_eq!(items[3]["outcome"], json!("succeeded"));
    assert_eq!(items[3]["number"], json!(4));
    let events: Vec<&str> = bundle["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["event"].as_str().unwrap())
        .collect();
    assert!(
        events.contains(&"job_confirmed") && events.contains(&"job_ended"),
        "{events:?}"
    );
    let events = bundle["events"].as_array().unwrap();
    let start = events
        .iter()
        .find(|event| event["event"] == "job_confirmed")
        .unwrap();
    assert_eq!(start["facts"]["total"], json!(12), "{start}");
    let text = String::from_utf8(bytes).unwrap();
    assert!(
        wanted
            .iter()
            .all(|mailbox| !text.contains(&mailbox.profile.upn))
    );
}
