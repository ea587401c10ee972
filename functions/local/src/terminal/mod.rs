//! Bulkhead at the terminal: it asks a running server by the same API as the browser does, and decides
//! nothing by itself.

mod answer;
mod ask;
mod client;
pub(crate) mod command;
mod exit;
mod mailboxes;
mod table;
mod watch;

use std::io::Write;
use std::process::ExitCode;

use answer::Answer;
use command::{Command, Mailboxes};

/// Runs a command; what the shell is told.
pub(crate) async fn run(command: Command) -> ExitCode {
    let Command::Mailboxes(Mailboxes { what }) = command;
    let json = what.to().json;
    let answer = match mailboxes::run(what).await {
        Ok(answer) => answer,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "{failure}");
            Answer::failed(failure)
        }
    };
    let exit = answer.exit;
    if json {
        let _ = writeln!(std::io::stdout(), "{}", answer.json());
    }
    ExitCode::from(exit as u8)
}

#[cfg(test)]
mod tests {
    use super::command;
    use super::exit::Exit;

    #[test]
    fn every_exit_is_documented() {
        for exit in Exit::ALL {
            let line = format!("  {}  {}", exit as u8, exit.text());
            assert!(command::EXITS.contains(&line), "{line}");
        }
    }
}
