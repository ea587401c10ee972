//! Logs for a person at a terminal. They name jobs and chunks, never content (invariant 10).

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. `RUST_LOG` says how much.
pub(crate) fn start() {
    // The embedded database warns about every condition that does not hold, which is our daily bread.
    let usual = "info,dynoxide=error";
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    std::panic::set_hook(Box::new(|panic| {
        // Where, not what: the message may quote the value that was in the way.
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "Something panicked; this is a fault in bulkhead.");
    }));
}

/// An error and its causes as one line.
pub(crate) fn sentence(error: &anyhow::Error) -> String {
    let mut causes = error.chain().map(ToString::to_string);
    let mut line = causes.next().unwrap_or_default();
    for cause in causes {
        if !line.contains(&cause) {
            line = format!("{} ({cause})", line.trim_end());
        }
    }
    line
}
