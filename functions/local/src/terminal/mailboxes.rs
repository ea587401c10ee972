//! The commands on whole mailboxes.

use std::io::Write;
use std::path::{Path, PathBuf};

use bulkhead_shared::api::{Confirm, ItemOutcomes, Job, NewJob};
use bulkhead_shared::ids::AccountId;
use bulkhead_shared::job::State;
use bulkhead_shared::kinds::mailbox::ConflictRule;
use bulkhead_shared::kinds::mailbox::sheet::{Purpose, Sheet};
use bulkhead_shared::operations::mailbox::export::ExportMailboxes;
use bulkhead_shared::operations::mailbox::recover::RecoverMailboxes;
use bulkhead_shared::operations::mailbox::restore::RestoreMailboxes;
use bulkhead_shared::operations::mailbox::validate::{READY, ValidateMailboxes};
use bulkhead_shared::operations::{MailboxFormat, Operation};
use bulkhead_shared::options::JobOptions;
use bulkhead_shared::selection::Selection;
use serde_json::{Value, json};

use super::answer::Answer;
use super::client::{Client, Failure};
use super::command::{For, Rule, Run, To, What};
use super::exit::Exit;
use super::{ask, table, watch};

/// What a job is before it runs.
const BEFORE: [State; 3] = [State::Planning, State::Checking, State::Queued];

/// Runs one.
pub(crate) async fn run(what: What) -> Result<Answer, Failure> {
    match what {
        What::Validate {
            file,
            purpose,
            rule,
            to,
        } => {
            let purpose = match purpose {
                For::Recover => Purpose::Recover,
                For::Restore => Purpose::Restore,
            };
            validate(&file.file, purpose, rule_of(&rule), &to).await
        }
        What::Recover { file, run, to } => {
            let sheet = table::read(&file.file, Purpose::Recover)?;
            let columns = sheet.columns();
            let operation = Operation::RecoverMailboxes(RecoverMailboxes { columns });
            change(&sheet, operation, &file.file, &run, &to).await
        }
        What::Restore {
            file,
            rule,
            run,
            to,
        } => {
            let sheet = table::read(&file.file, Purpose::Restore)?;
            let operation = Operation::RestoreMailboxes(RestoreMailboxes {
                columns: sheet.columns(),
                conflict_resolution: rule_of(&rule),
            });
            change(&sheet, operation, &file.file, &run, &to).await
        }
        What::Export { file, search, to } => export(&file, search, &to).await,
    }
}

fn rule_of(rule: &Rule) -> ConflictRule {
    rule.conflict.unwrap_or_default()
}

fn of_rows(account: AccountId, operation: Operation, sheet: &Sheet) -> NewJob {
    NewJob {
        account,
        operation,
        selection: Selection::Rows {
            rows: sheet.ready().map(|row| sheet.row(row)).collect(),
        },
        options: JobOptions::default(),
        confirm: None,
    }
}

/// A name of this one intention.
fn key() -> String {
    format!("terminal-{:032x}", rand::random::<u128>())
}

async fn validate(
    path: &Path,
    purpose: Purpose,
    rule: ConflictRule,
    to: &To,
) -> Result<Answer, Failure> {
    let sheet = table::read(path, purpose)?;
    let mut rows = table::faults(&sheet);
    let mut job = None;
    if sheet.ready().next().is_some() {
        let client = Client::new(to)?;
        let account = client.account(&to.account).await?;
        let operation = Operation::ValidateMailboxes(ValidateMailboxes {
            purpose,
            columns: sheet.columns(),
            conflict_resolution: rule,
        });
        let ended = looked_through(&client, of_rows(account, operation, &sheet)).await?;
        rows.extend(blocked(&client, &sheet, &ended).await?);
        job = Some(ended);
    }
    table::list(&rows);
    let wrong: std::collections::BTreeSet<u64> =
        rows.iter().filter_map(|row| row["row"].as_u64()).collect();
    let (total, wrong) = (sheet.len(), wrong.len());
    let _ = writeln!(
        std::io::stderr(),
        "{} of {total} rows are ready.",
        total - wrong
    );
    let exit = match wrong {
        0 => Exit::Done,
        _ => Exit::Rows,
    };
    Ok(Answer {
        rows,
        job,
        ..Answer::new(exit)
    })
}

/// A job that touches nothing, confirmed at once and watched to its end.
async fn looked_through(client: &Client, new: NewJob) -> Result<Job, Failure> {
    let job = client.draft(&new, &key()).await?;
    let job = watch::while_in(client, &job.id, &[State::Planning]).await?;
    if let Some(manifest_hash) = job.manifest_hash.clone() {
        let yes = Confirm {
            manifest_hash,
            drift_hash: None,
        };
        client.confirm(&job.id, &yes).await?;
    }
    watch::to_the_end(client, &job.id).await
}

/// Rows that something stands in the way of, as the job found them.
async fn blocked(client: &Client, sheet: &Sheet, job: &Job) -> Result<Vec<Value>, Failure> {
    let ready: Vec<usize> = sheet.ready().collect();
    let mut rows = Vec::new();
    let (mut place, mut cursor) = (0, None::<String>);
    loop {
        let after = cursor
            .map(|cursor| format!("&cursor={cursor}"))
            .unwrap_or_default();
        let path = format!("/jobs/{}/items?limit=100{after}", job.id);
        let page: ItemOutcomes = client.get(&path).await?;
        for item in page.items {
            let row = ready.get(place).copied().unwrap_or_default();
            place += 1;
            let found = match (item.result, item.reason) {
                (Some(result), _) if result.class == READY => continue,
                (Some(result), _) => (result.class, result.detail.unwrap_or_default()),
                (None, reason) => {
                    let text = reason.map_or("It was not looked through.", |reason| reason.text());
                    ("not_looked_through".to_owned(), text.to_owned())
                }
            };
            rows.push(json!({
                "row": sheet.number(row),
                "line": sheet.grid().rows.get(row).map(|row| row.line),
                "column": null,
                "class": found.0,
                "text": found.1,
            }));
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(rows);
        }
    }
}

async fn change(
    sheet: &Sheet,
    operation: Operation,
    path: &Path,
    run: &Run,
    to: &To,
) -> Result<Answer, Failure> {
    let rows = table::faults(sheet);
    if !rows.is_empty() {
        table::list(&rows);
        let text = "Mend these rows, or take them out; nothing was touched.";
        let _ = writeln!(std::io::stderr(), "{text}");
        return Ok(Answer {
            rows,
            ..Answer::new(Exit::Rows)
        });
    }
    if sheet.ready().next().is_none() {
        let _ = writeln!(std::io::stderr(), "Every row is done already.");
        return Ok(Answer::new(Exit::Done));
    }
    let client = Client::new(to)?;
    let account = client.account(&to.account).await?;
    let drafted = client
        .draft(&of_rows(account, operation, sheet), &key())
        .await?;
    let drafted = watch::while_in(&client, &drafted.id, &[State::Planning]).await?;
    if drafted.state != State::Draft {
        watch::say(&drafted);
        return Ok(ended(drafted));
    }
    let preview = client.preview(&drafted.id).await?;
    let order = drafted
        .operation
        .order(&drafted.kind.counted(drafted.total));
    ask::show(&preview, &order);
    if !run.yes && !ask::yes(&order) {
        client.discard(&drafted.id).await?;
        return Ok(Answer::new(Exit::Unconfirmed));
    }
    let yes = Confirm {
        manifest_hash: preview.manifest_hash,
        drift_hash: preview.drift.map(|drift| drift.hash),
    };
    client.confirm(&drafted.id, &yes).await?;
    let begun = watch::while_in(&client, &drafted.id, &BEFORE).await?;
    if begun.state == State::Draft {
        // Something changed between the two: nobody has seen that.
        let text =
            "Something changed since the preview; nothing was touched. Run the command again.";
        let _ = writeln!(std::io::stderr(), "{text}");
        client.discard(&drafted.id).await?;
        return Ok(Answer::new(Exit::Unconfirmed));
    }
    let job = watch::to_the_end(&client, &drafted.id).await?;
    watch::say(&job);
    let file = run.results.clone().unwrap_or_else(|| results_of(path));
    client
        .save(&format!("/jobs/{}/results.csv", job.id), &file)
        .await?;
    let _ = writeln!(std::io::stderr(), "Results: {}", file.display());
    Ok(Answer {
        file: Some(file.display().to_string()),
        ..ended(job)
    })
}

fn ended(job: Job) -> Answer {
    let is_done = job.state == State::Completed && job.counts.succeeded == job.total;
    let exit = if is_done { Exit::Done } else { Exit::Partly };
    Answer {
        job: Some(job),
        ..Answer::new(exit)
    }
}

/// `mailboxes.csv` becomes `mailboxes.results.csv`.
fn results_of(path: &Path) -> PathBuf {
    path.with_extension("results.csv")
}

async fn export(path: &Path, search: String, to: &To) -> Result<Answer, Failure> {
    if path.exists() {
        return Err(Failure::of_file(path, "it is there already"));
    }
    let is_json = path
        .extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"));
    let format = match is_json {
        true => MailboxFormat::Json,
        false => MailboxFormat::Csv,
    };
    let client = Client::new(to)?;
    let new = NewJob {
        account: client.account(&to.account).await?,
        operation: Operation::ExportMailboxes(ExportMailboxes { format }),
        selection: Selection::Query {
            query: search,
            except: Vec::new(),
        },
        options: JobOptions::default(),
        confirm: None,
    };
    let job = looked_through(&client, new).await?;
    watch::say(&job);
    client
        .save(&format!("/jobs/{}/export", job.id), path)
        .await?;
    Ok(Answer {
        file: Some(path.display().to_string()),
        ..ended(job)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_lie_beside_the_table() {
        let beside = |path: &str| results_of(Path::new(path)).display().to_string();
        assert_eq!(beside("a/leavers.csv"), "a/leavers.results.csv");
        assert_eq!(beside("leavers"), "leavers.results.csv");
    }
}
