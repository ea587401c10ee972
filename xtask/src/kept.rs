//! The output of commands that run beside others, kept in one piece.

use std::fmt;
use std::io::{Read as _, pipe};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::cargo::{command, ended, shown};

/// What commands have said so far, both their outputs in the order in which they wrote.
#[derive(Default)]
pub(crate) struct Kept(Vec<u8>);

impl Kept {
    /// Runs a command to its end and keeps what it says.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<()> {
        let (mut reader, writer) = pipe()?;
        command.stdout(writer.try_clone()?).stderr(writer);
        let started = command.spawn();
        // The command holds the pipe's other end as long as it is set there, and there would be no end.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = started.with_context(|| format!("cannot start {}", shown(command)))?;
        reader.read_to_end(&mut self.0)?;
        ended(command, child.wait()?)
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// One of these commands (`cargo xtask` and the arguments) as a process of its own.
pub(crate) fn xtask(arguments: &[&str]) -> Result<Command> {
    let ours = std::env::current_exe().context("where is this program?")?;
    let mut command = command(&ours.to_string_lossy());
    command.args(arguments).stdin(Stdio::null());
    Ok(command)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn shell(script: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        shell
    }

    #[test]
    fn keeps_both_outputs_in_order() {
        let mut kept = Kept::default();
        kept.run(&mut shell("echo one; echo two >&2; echo three"))
            .unwrap();
        kept.run(&mut shell("echo four")).unwrap();
        assert_eq!(kept.to_string(), "one\ntwo\nthree\nfour\n");
    }

    #[test]
    fn a_failure_keeps_what_was_said_before() {
        let mut kept = Kept::default();
        let failed = kept.run(&mut shell("echo why; exit 3")).unwrap_err();
        assert!(failed.to_string().contains("exit status: 3"), "{failed}");
        assert_eq!(kept.to_string(), "why\n");
        assert!(kept.run(&mut Command::new("/nowhere")).is_err());
    }
}
