//! What was measured, for people and for machines.

use std::fmt;

use serde::Serialize;

use crate::imap::OnDovecot;
use crate::sandbox::Run;
use crate::status::Look;

/// Everything that was measured.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Report {
    pub(crate) sandbox: Vec<Run>,
    pub(crate) batches: Vec<Run>,
    pub(crate) status: Vec<Look>,
    pub(crate) imap: Option<OnDovecot>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>8} {:>10} {:>10} {:>9} {:>10} {:>10} {:>9} {:>9} {:>9} {:>7} {:>10}",
            "items",
            "frozen",
            "first",
            "run",
            "items/s",
            "items/s",
            "writes",
            "reads",
            "messages",
            "calls",
            "memory"
        )?;
        writeln!(
            f,
            "{:>8} {:>10} {:>10} {:>9} {:>10} {:>10} {:>9} {:>9} {:>9} {:>7} {:>10}",
            "", "ms", "ms", "ms", "whole", "run", "/item", "/item", "/item", "", "peak MiB"
        )?;
        for run in &self.sandbox {
            writeln!(
                f,
                "{:>8} {:>10.0} {:>10.0} {:>9.0} {:>10.0} {:>10.0} {:>9.4} {:>9.4} {:>9.4} {:>7} {:>10.0}",
                run.items,
                run.frozen_ms,
                run.first_progress_ms,
                run.run_ms,
                run.items_per_second,
                run.items_per_second_run,
                run.write_units_per_item,
                run.read_units_per_item,
                run.messages_per_item,
                run.table_calls,
                run.peak_memory_mib,
            )?;
        }
        for run in &self.batches {
            // The first has the best batch size; batches of ten are to take 3 times as long at most, of one 10 times.
            let best = self.batches.first().map_or(run.run_ms, |best| best.run_ms);
            writeln!(
                f,
                "{} items in batches of {:>5}: {:>7.0} ms ({:.1} times the first), {:>6.0} items/s, {:>4.0} MiB at most",
                run.items,
                run.batch_size,
                run.run_ms,
                run.run_ms / best,
                run.items_per_second_run,
                run.peak_memory_mib,
            )?;
        }
        for look in &self.status {
            writeln!(
                f,
                "a look at {} items in batches of {:>5}: {:>5.1} ms, at most {:.1}; {:.0} read units",
                look.items, look.batch_size, look.median_ms, look.most_ms, look.read_units,
            )?;
        }
        if let Some(found) = &self.imap {
            write!(f, "\n{found}")?;
        }
        Ok(())
    }
}
