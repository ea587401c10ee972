//! What is about to happen, and a yes.

use std::io::{BufRead, IsTerminal, Write};

use bulkhead_shared::api::Preview;
use bulkhead_shared::kinds::Card;

/// Shows what confirming would do.
pub(crate) fn show(preview: &Preview, order: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "\n{order}:");
    for card in &preview.sample {
        let _ = writeln!(out, "  {}", line(card));
    }
    let shown = preview.sample.len() as u64;
    if preview.total > shown {
        let _ = writeln!(out, "  and {} more", preview.total - shown);
    }
    for reason in &preview.risk.reasons {
        let _ = writeln!(out, "Risk: {reason}");
    }
    let _ = writeln!(out, "Undo: {}", preview.reversibility.note);
}

fn line(card: &Card) -> String {
    let mut line = format!("{} ({})", card.title, card.second);
    for fact in card.facts.iter().take(2) {
        line.push_str(&format!(", {} {}", fact.name, fact.value));
    }
    line
}

/// Whether a person says yes. Where nobody is there to be asked, nobody does.
pub(crate) fn yes(order: &str) -> bool {
    let mut out = std::io::stderr();
    if !std::io::stdin().is_terminal() {
        let _ = writeln!(out, "Nobody is here to say yes; --yes says it beforehand.");
        return false;
    }
    let _ = write!(out, "{order}? [y/N] ");
    let _ = out.flush();
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.is_ok() && matches!(line.trim().to_lowercase().as_str(), "y" | "yes")
}
