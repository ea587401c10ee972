//! The rooms of the engine: each leans only on those below it.

use std::collections::BTreeMap;

use super::graph::Arrows;
use super::source::Source;

/// The rooms, from the one that sees all the others down to the one that sees none.
const ROOMS: [&str; 38] = [
    "testing",
    "sweep",
    "work",
    "review",
    "advice",
    "rules",
    "scan",
    "chunk",
    "jobs",
    "bounces",
    "background",
    "plan",
    "tasks",
    "models",
    "attached",
    "suppression",
    "templates",
    "accounts",
    "access",
    "people",
    "stores",
    "unsubscribe",
    "replies",
    "letters",
    "reading",
    "classes",
    "dispatch",
    "limits",
    "outbox",
    "audit",
    "log_redaction",
    "records",
    "error",
    "unreadable",
    "header",
    "ports",
    "written",
    "kinds",
];

/// What leads upwards, and what is in no room that is named, each in a line.
pub(super) fn faults(files: &[Source], arrows: &Arrows) -> Vec<String> {
    let heights: BTreeMap<&str, usize> = ROOMS.iter().rev().copied().zip(0..).collect();
    let room = |at: usize| files[at].module.first().map(String::as_str);
    let height = |at: usize| Some(heights.get(room(at)?).copied());
    let name = |at: usize| files[at].module.join("::");
    let nameless = (0..files.len())
        .filter(|at| height(*at) == Some(None))
        .map(|at| {
            format!(
                "{} is in no room that is named in file_cycles/rooms.rs",
                name(at)
            )
        });
    let upwards = arrows.iter().flat_map(|(from, used)| {
        let (from, below) = (*from, height(*from));
        let upwards = used
            .iter()
            .filter(move |(to, _)| below < height(**to) && below.is_some());
        upwards.map(move |(to, names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!(
                "{} leans on {} above it: {}",
                name(from),
                name(*to),
                names.join(", ")
            )
        })
    });
    nameless.chain(upwards).collect()
}

#[cfg(test)]
mod tests {
    use super::super::graph::arrows;
    use super::*;

    #[test]
    fn a_room_leans_only_on_those_below() {
        let file = |module: &str, text: &str| {
            let words = module.split("::").filter(|word| !word.is_empty());
            Source::read(words.map(str::to_owned).collect(), text)
        };
        let files = [
            file("", "mod chunk; mod ports; mod jobs; mod cellar;"),
            file("chunk", "use crate::ports::P; pub struct C;"),
            file("ports", "use crate::jobs::settle::J; pub struct P;"),
            file("jobs", "mod settle;"),
            file("jobs::settle", "use crate::ports::P; pub struct J;"),
            file("cellar", ""),
        ];
        let found = faults(&files, &arrows(&files));
        let expected = [
            "cellar is in no room that is named in file_cycles/rooms.rs",
            "ports leans on jobs::settle above it: J",
        ];
        assert_eq!(found, expected);
    }
}
