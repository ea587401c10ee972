//! The commands and what they take.

use std::path::PathBuf;

use bulkhead_shared::kinds::mailbox::ConflictRule;
use clap::{Args, Subcommand};

/// What a command tells the shell.
pub(crate) const EXITS: &str = "\
Exit codes:
  0  every row is done, or ready
  1  the server cannot be asked, or refuses
  2  the command is written wrong, or the file cannot be read
  3  something is wrong with rows, or stands in their way; nothing was touched
  4  nobody said yes; nothing was touched
  5  it ended, and not every row is done";

/// Commands that ask a running server.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Whole mailboxes from a table: validate, recover, restore, export
    #[command(after_help = EXITS)]
    Mailboxes(Mailboxes),
}

#[derive(Debug, Args)]
pub(crate) struct Mailboxes {
    #[command(subcommand)]
    pub(crate) what: What,
}

/// What is done with mailboxes.
#[derive(Debug, Subcommand)]
pub(crate) enum What {
    /// Find everything that stands in the way of a table's rows, and touch nothing
    #[command(after_help = EXITS)]
    Validate {
        #[command(flatten)]
        file: File,
        /// What the rows are for
        #[arg(long = "for", value_enum, default_value_t = For::Recover)]
        purpose: For,
        #[command(flatten)]
        rule: Rule,
        #[command(flatten)]
        to: To,
    },
    /// Make deleted mailboxes active again, each as its row says
    #[command(after_help = EXITS)]
    Recover {
        #[command(flatten)]
        file: File,
        #[command(flatten)]
        run: Run,
        #[command(flatten)]
        to: To,
    },
    /// Copy what is in deleted mailboxes into others, each as its row says
    #[command(after_help = EXITS)]
    Restore {
        #[command(flatten)]
        file: File,
        #[command(flatten)]
        rule: Rule,
        #[command(flatten)]
        run: Run,
        #[command(flatten)]
        to: To,
    },
    /// Write what is known of mailboxes into a file: .json as JSON, anything else as CSV
    #[command(after_help = EXITS)]
    Export {
        /// The file that is written; one that is there is not overwritten
        file: PathBuf,
        /// Only mailboxes that this search finds, such as in:inactive
        #[arg(long, value_name = "QUERY", default_value = "")]
        search: String,
        #[command(flatten)]
        to: To,
    },
}

#[derive(Debug, Args)]
pub(crate) struct File {
    /// A table: CSV as spreadsheets save it. One of results runs the rows that are not done
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Rule {
    /// What becomes of messages that are in both, where a row says nothing: keep_target, keep_source,
    /// keep_newer or keep_both
    #[arg(long, value_name = "RULE", value_parser = rule)]
    pub(crate) conflict: Option<ConflictRule>,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Do not ask: what the preview shows is confirmed
    #[arg(long)]
    pub(crate) yes: bool,
    /// Where the results go; beside the table, with .results.csv behind its name, if left out
    #[arg(long, value_name = "FILE")]
    pub(crate) results: Option<PathBuf>,
}

/// Whom to ask, and how to answer.
#[derive(Debug, Args)]
pub(crate) struct To {
    /// The account: its id, or its name
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) account: String,
    /// One JSON object on standard output at the end, and nothing else there
    #[arg(long)]
    pub(crate) json: bool,
    /// Where the server is
    #[arg(
        long,
        value_name = "URL",
        env = "BULKHEAD_SERVER",
        default_value = "http://127.0.0.1:8080"
    )]
    pub(crate) server: String,
    /// The folder of a server on this machine: its token lets in. BULKHEAD_TOKEN is taken first
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
}

/// What rows are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum For {
    Recover,
    Restore,
}

impl What {
    /// Whom to ask, and how to answer.
    pub(crate) fn to(&self) -> &To {
        match self {
            Self::Validate { to, .. }
            | Self::Recover { to, .. }
            | Self::Restore { to, .. }
            | Self::Export { to, .. } => to,
        }
    }
}

fn rule(text: &str) -> Result<ConflictRule, String> {
    ConflictRule::read(text).ok_or_else(|| {
        let names = ConflictRule::ALL.map(ConflictRule::as_str);
        format!("it is one of {}", names.join(", "))
    })
}
