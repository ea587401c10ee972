//! `cargo xtask destroy`: takes a stage away, but for what cannot be made again.

use std::io::{BufRead, Write};

use anyhow::{Result, bail};

use crate::aws::{Outputs, Place};
use crate::install::{self, Tool};

/// What `destroy` takes.
#[derive(clap::Args)]
#[command(
    long_about = "Removes the stack bulkhead-<STAGE> after you typed the stage's name.\nThe table, the \
                  key that opens its credentials, and the people who may sign in stay; how to remove \
                  them too is printed."
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
}

/// Explains, asks, and removes.
pub(crate) fn destroy(options: &Options) -> Result<()> {
    let place = &options.place;
    if !place.dry_run {
        install::ensure(Tool::Python)?;
    }
    eprintln!("What is there:");
    let account = place.account()?;
    let outputs = place.outputs()?;
    eprintln!(
        "\nThis removes the stack {} from account {account}: the address stops working, jobs that run \
         stop where they are, exported mail is deleted.\nIt keeps the table {}, the key and the people \
         who may sign in.",
        place.stack(),
        outputs.get("Table")?
    );
    if !place.dry_run && !is_meant(&place.stage, &mut std::io::stdin().lock())? {
        bail!("that is not the stage's name; nothing was removed");
    }
    eprintln!("\nRemoving:");
    // A bucket with files in it is not removed, and would keep the stack from going.
    for name in ["AppFiles", "Exports"] {
        let bucket = format!("s3://{}", outputs.get(name)?);
        let empty = ["s3", "rm", &bucket, "--recursive", "--only-show-errors"];
        place.run(&mut place.call("aws", &empty))?;
    }
    let stack = place.stack();
    for step in [&["delete-stack"][..], &["wait", "stack-delete-complete"]] {
        let mut call = place.call("aws", &["cloudformation"]);
        place.run(call.args(step).args(["--stack-name", &stack]))?;
    }
    say_what_stays(place, &outputs)
}

/// Whether somebody types the stage's name.
fn is_meant(stage: &str, answer: &mut dyn BufRead) -> Result<bool> {
    eprint!("\nType the stage's name to go on: ");
    std::io::stderr().flush()?;
    let mut typed = String::new();
    answer.read_line(&mut typed)?;
    Ok(typed.trim() == stage)
}

fn say_what_stays(place: &Place, outputs: &Outputs) -> Result<()> {
    let (table, people) = (outputs.get("Table")?, outputs.get("UserPool")?);
    let key = outputs.get("Key")?;
    let calls: [&[&str]; 5] = [
        &[
            "dynamodb",
            "update-table",
            "--no-deletion-protection-enabled",
            "--table-name",
            &table,
        ],
        &["dynamodb", "delete-table", "--table-name", &table],
        &["kms", "schedule-key-deletion", "--key-id", &key],
        &[
            "cognito-idp",
            "update-user-pool",
            "--deletion-protection",
            "INACTIVE",
            "--user-pool-id",
            &people,
        ],
        &["cognito-idp", "delete-user-pool", "--user-pool-id", &people],
    ];
    eprintln!(
        "\nThe stage is gone. What stays costs about a dollar a month for the key, and a quarter dollar \
         for each GB in the table. To remove that too, for ever:"
    );
    for call in calls {
        eprintln!("  {}", crate::aws::shown(&place.call("aws", call)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn only_the_stages_name_is_a_yes() {
        assert!(is_meant("dev", &mut &b"dev\n"[..]).unwrap());
        for other in ["", "\n", "yes\n", "Dev\n", "dev2\n"] {
            assert!(
                !is_meant("dev", &mut other.as_bytes()).unwrap(),
                "{other:?}"
            );
        }
    }
}
