//! Parts of a long command: each is named, timed and listed at the end, so that nobody has to
//! search the output for what failed or what did not run.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

/// What became of the parts so far.
#[derive(Default)]
pub(crate) struct Report {
    parts: Vec<Part>,
}

struct Part {
    name: String,
    took: Duration,
    end: End,
}

enum End {
    Ok,
    LeftOut,
    Failed(anyhow::Error),
}

impl Report {
    /// Runs a part. A failure is shown at once and again at the end; the answer says whether to
    /// go on with what needs this part.
    pub(crate) fn part(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        eprintln!("\n── {name}");
        let begin = Instant::now();
        let end = match work() {
            Ok(()) => End::Ok,
            Err(error) => {
                eprintln!("✗ {name}: {error:#}");
                End::Failed(error)
            }
        };
        let ok = matches!(end, End::Ok);
        let (name, took) = (name.to_owned(), begin.elapsed());
        eprintln!("   {:.1} s", took.as_secs_f64());
        self.parts.push(Part { name, took, end });
        ok
    }

    /// Notes a part that was left out by name.
    pub(crate) fn left_out(&mut self, name: &str) {
        let (name, took) = (name.to_owned(), Duration::ZERO);
        let end = End::LeftOut;
        self.parts.push(Part { name, took, end });
    }

    /// Prints the table; an error if any part failed.
    pub(crate) fn finish(self) -> Result<()> {
        eprintln!();
        for part in &self.parts {
            let seconds = part.took.as_secs_f64();
            match &part.end {
                End::Ok => eprintln!("  ok        {seconds:7.1} s  {}", part.name),
                End::LeftOut => eprintln!("  left out            {}", part.name),
                End::Failed(_) => eprintln!("  FAILED    {seconds:7.1} s  {}", part.name),
            }
        }
        let failed = self.parts.into_iter().filter_map(|part| match part.end {
            End::Failed(error) => Some((part.name, error)),
            End::Ok | End::LeftOut => None,
        });
        let failed: Vec<_> = failed.collect();
        match failed.first() {
            Some((name, first)) => bail!("{} failed, first “{name}”: {first:#}", failed.len()),
            None => Ok(()),
        }
    }
}
