//! `cargo xtask deploy`: one stage of Bulkhead in your AWS account, made or brought up to date.

use anyhow::{Context, Result, bail};

use crate::aws::{Outputs, Place};
use crate::install::{self, Tool};
use crate::{app, infra, package, site, upload};

/// Concurrency that the template reserves beside the workers' (20 browse, 1 sweep), and what Lambda wants
/// left for the rest of the account.
const BESIDE_WORKERS: u32 = 21 + 100;
/// Workers, if nobody says otherwise: the template's default.
const WORKERS: &str = "10";

/// What `deploy` takes.
#[derive(clap::Args)]
#[command(
    long_about = "Builds functions and app, deploys the stack bulkhead-<STAGE>, uploads the app, and \
                  prints the address.\nOver a stage that is there already, it brings that up to date.",
    after_help = "What is deployed, what it costs and how to sign in: infra/README.md"
)]
pub(crate) struct Options {
    #[command(flatten)]
    place: Place,
    /// A parameter of the template; what is not given stays as it was (may be given more than once)
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = parameter)]
    parameters: Vec<String>,
}

fn parameter(text: &str) -> Result<String, String> {
    match text.split_once('=') {
        Some(("Stage", _)) => Err("the stage is the first argument".to_owned()),
        Some((name, _)) if !name.is_empty() => Ok(text.to_owned()),
        _ => Err("a parameter is NAME=VALUE".to_owned()),
    }
}

/// What a parameter was set to.
fn value<'a>(parameters: &'a [String], name: &str) -> Option<&'a str> {
    let mut pairs = parameters.iter().filter_map(|it| it.split_once('='));
    pairs
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// Does everything, or shows it.
pub(crate) fn deploy(options: &Options) -> Result<()> {
    let place = &options.place;
    if !place.dry_run {
        install::ensure(Tool::Python)?;
    }
    eprintln!("Who you are, and what your account allows:");
    let account = place.account()?;
    let mut parameters = options.parameters.clone();
    if value(&parameters, "ReserveConcurrency").is_none() {
        let workers = value(&parameters, "WorkerConcurrency").unwrap_or(WORKERS);
        let workers: u32 = workers.parse().context("WorkerConcurrency is no number")?;
        parameters.push(reserve(place, workers)?);
    }
    eprintln!("\nWhat is deployed:");
    build(place)?;
    eprintln!("\nThe stack {} in account {account}:", place.stack());
    deploy_stack(place, &parameters)?;
    let outputs = place.outputs()?;
    eprintln!("\nThe app:");
    upload::upload(place, &outputs, &site::folder())?;
    say_what_next(place, &outputs)
}

/// Whether the account's limit lets functions have concurrency of their own.
fn reserve(place: &Place, workers: u32) -> Result<String> {
    let query = [
        "--query",
        "AccountLimit.ConcurrentExecutions",
        "--output",
        "text",
    ];
    let mut call = place.call("aws", &["lambda", "get-account-settings"]);
    let limit = place.ask(call.args(query), "1000")?;
    let Ok(limit) = limit.parse::<u32>() else {
        bail!("AWS says that {limit} functions may run at a time, which is no number");
    };
    let fits = limit >= workers.saturating_add(BESIDE_WORKERS);
    if !fits {
        eprintln!(
            "  Your account runs {limit} functions at a time: none of it is reserved. (Ask AWS for a \
             higher quota of concurrent executions before others depend on this stage.)"
        );
    }
    Ok(format!("ReserveConcurrency={fits}"))
}

fn build(place: &Place) -> Result<()> {
    if place.dry_run {
        eprintln!("  cargo xtask package      the functions, for arm64");
        eprintln!("  cargo xtask app          the app, into target/site");
        return Ok(());
    }
    package::for_the_template()?;
    app::build()
}

fn deploy_stack(place: &Place, parameters: &[String]) -> Result<()> {
    let (stack, template) = (place.stack(), infra::source());
    let stage = format!("stage={}", place.stage);
    let mut call = place.call("sam", &["deploy", "--stack-name", &stack]);
    call.arg("--template-file").arg(template);
    call.args([
        "--resolve-s3",
        "--s3-prefix",
        &stack,
        "--capabilities",
        "CAPABILITY_IAM",
    ]);
    call.args(["--no-confirm-changeset", "--no-fail-on-empty-changeset"]);
    call.args(["--tags", "application=bulkhead", &stage]);
    call.args(["--parameter-overrides", &format!("Stage={}", place.stage)]);
    place.run(call.args(parameters))
}

fn say_what_next(place: &Place, outputs: &Outputs) -> Result<()> {
    let (address, people) = (outputs.get("Address")?, outputs.get("UserPool")?);
    let mut make = place.call("aws", &["cognito-idp", "admin-create-user"]);
    make.args(["--user-pool-id", &people, "--username", "you@example.com"]);
    make.args(["--user-attributes", "Name=email,Value=you@example.com"]);
    make.arg("Name=email_verified,Value=true");
    eprintln!(
        "\nBulkhead is at {address}\n\nMake the first user (AWS sends them a password for their first \
         sign-in):\n  {}\n\nWatch: {}\nRemove: cargo xtask destroy {}",
        crate::aws::shown(&make),
        outputs.get("Dashboard")?,
        place.stage
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_have_names_and_values() {
        assert_eq!(parameter("LogDays=7"), Ok("LogDays=7".to_owned()));
        assert_eq!(parameter("AlarmEmail="), Ok("AlarmEmail=".to_owned()));
        assert!(parameter("LogDays").is_err());
        assert!(parameter("=7").is_err());
        assert!(parameter("Stage=other").is_err());
        let set = [
            "LogDays=7".to_owned(),
            "AlarmEmail=a=b@example.com".to_owned(),
        ];
        assert_eq!(value(&set, "AlarmEmail"), Some("a=b@example.com"));
        assert_eq!(value(&set, "Log"), None);
    }
}
