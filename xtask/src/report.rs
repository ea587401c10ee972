//! Parts of a long command: each is named, timed and listed at the end, so that nobody has to
//! search the output for what failed or what did not run.
//!
//! A part in front writes to the screen as it goes. Parts beside it, on threads of their own, keep their
//! output until the part in front has ended, so that what belongs together is read together.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::kept::Kept;

/// What became of the parts so far.
#[derive(Default)]
pub(crate) struct Report {
    parts: Mutex<Vec<Part>>,
}

struct Part {
    name: String,
    took: Duration,
    end: End,
    /// Output that was not shown yet.
    kept: Option<Kept>,
}

enum End {
    Ok,
    LeftOut,
    Failed(anyhow::Error),
}

impl Report {
    /// Runs a part in front. A failure is shown at once and again at the end; the answer says whether
    /// to go on with what needs this part.
    pub(crate) fn part(&self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n── {name}");
        let begin = Instant::now();
        let end = work().into();
        let part = Part::ended(name, begin, end);
        part.show_end();
        let ok = self.note(part);
        self.show_kept();
        ok
    }

    /// Runs a part beside the one in front: what it has to say goes to what it is given.
    pub(crate) fn beside(&self, name: &str, work: impl FnOnce(&mut Kept) -> Result<()>) -> bool {
        let begin = Instant::now();
        let mut kept = Kept::default();
        let end = work(&mut kept).into();
        let mut part = Part::ended(name, begin, end);
        part.kept = Some(kept);
        self.note(part)
    }

    /// Notes a part that was left out by name.
    pub(crate) fn left_out(&self, name: &str) {
        self.note(Part::ended(name, Instant::now(), End::LeftOut));
    }

    /// Shows what parts beside have said meanwhile. Only for the thread whose parts are in front.
    pub(crate) fn show_kept(&self) {
        for part in self.parts().iter_mut() {
            if let Some(kept) = part.kept.take() {
                eprint!("\n── {} (beside)\n{kept}", part.name);
                part.show_end();
            }
        }
    }

    /// Prints the table; an error if any part failed.
    pub(crate) fn finish(self) -> Result<()> {
        self.show_kept();
        eprintln!();
        let parts = self.parts.into_inner();
        let parts = parts.unwrap_or_else(PoisonError::into_inner);
        for part in &parts {
            let seconds = part.took.as_secs_f64();
            match &part.end {
                End::Ok => eprintln!("  ok        {seconds:7.1} s  {}", part.name),
                End::LeftOut => eprintln!("  left out            {}", part.name),
                End::Failed(_) => eprintln!("  FAILED    {seconds:7.1} s  {}", part.name),
            }
        }
        let failed = parts.into_iter().filter_map(|part| match part.end {
            End::Failed(error) => Some((part.name, error)),
            End::Ok | End::LeftOut => None,
        });
        let failed: Vec<_> = failed.collect();
        match failed.first() {
            Some((name, first)) => bail!("{} failed, first “{name}”: {first:#}", failed.len()),
            None => Ok(()),
        }
    }

    /// Notes a part that has ended; answers whether it is fine.
    fn note(&self, part: Part) -> bool {
        let ok = matches!(part.end, End::Ok);
        self.parts().push(part);
        ok
    }

    fn parts(&self) -> MutexGuard<'_, Vec<Part>> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Result<()>> for End {
    fn from(done: Result<()>) -> Self {
        match done {
            Ok(()) => Self::Ok,
            Err(error) => Self::Failed(error),
        }
    }
}

impl Part {
    fn ended(name: &str, begin: Instant, end: End) -> Self {
        Self {
            name: name.to_owned(),
            took: begin.elapsed(),
            end,
            kept: None,
        }
    }

    fn show_end(&self) {
        if let End::Failed(error) = &self.end {
            eprintln!("✗ {}: {error:#}", self.name);
        }
        eprintln!("   {:.1} s", self.took.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use anyhow::anyhow;

    #[test]
    fn a_failure_beside_fails_the_whole() {
        let report = Report::default();
        assert!(report.part("in front", || Ok(())));
        assert!(!report.beside("beside", |_| Err(anyhow!("no"))));
        report.left_out("by name");
        let message = report.finish().unwrap_err().to_string();
        assert_eq!(message, "1 failed, first “beside”: no");
    }

    #[test]
    fn what_a_part_beside_said_is_shown_once() {
        let report = Report::default();
        report.beside("beside", |_| Ok(()));
        assert!(report.parts()[0].kept.is_some());
        report.part("in front", || Ok(()));
        assert!(report.parts().iter().all(|part| part.kept.is_none()));
        assert!(report.finish().is_ok());
    }
}
