//! What fuzzing begins with, and all that it once found: every reader takes it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use bulkhead_connectors::fuzz;

/// Inputs that are made of each corpus here; `cargo xtask fuzz` makes far more, and knows where they lead.
const MADE: u32 = 400;

type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 9] = [
    ("addresses", fuzz::addresses),
    ("bounces", fuzz::bounces),
    ("templates", fuzz::templates),
    ("imap_answers", fuzz::imap_answers),
    ("mbox", fuzz::mbox),
    ("mime_headers", fuzz::mime_headers),
    ("vcard", fuzz::vcard),
    ("csv", fuzz::csv),
    ("queries", fuzz::queries),
];

fn corpus(target: &str) -> Vec<(String, Vec<u8>)> {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let files = fs::read_dir(corpora.join(target)).unwrap();
    let mut files: Vec<_> = files
        .map(|file| file.unwrap().path())
        .map(|path| (path.display().to_string(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

#[test]
fn every_reader_takes_its_corpus() {
    for (target, read) in TARGETS {
        let files = corpus(target);
        for (path, input) in &files {
            assert!(catch_unwind(|| read(input)).is_ok(), "{path}");
        }
        assert!(files.len() >= 5, "{target}: {} files", files.len());
    }
}

#[test]
fn every_reader_takes_what_is_made_of_its_corpus() {
    for (target, read) in TARGETS {
        let files: Vec<Vec<u8>> = corpus(target).into_iter().map(|(_, file)| file).collect();
        let mut random = Random(1);
        for number in 0..MADE {
            let input = made(&files, &mut random);
            let taken = catch_unwind(|| read(&input));
            let shown = String::from_utf8_lossy(&input);
            assert!(taken.is_ok(), "{target} {number}: {shown:?} {input:?}");
        }
    }
}

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        // Knuth's constants for a linear congruence.
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % most.max(1)
    }
}

/// One of these with a few things put wrong: bytes changed, left out, doubled, lines of another between.
fn made(files: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    const ODD: &[u8] = b"\0\r\n\t \"'()[]{}<>:;,.=?*%\\&~+-_\x7f\xff\xc3\xe2\xf0From0A";
    let mut input = files[random.below(files.len())].clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        let end = (at + random.below(12)).min(input.len());
        match random.below(6) {
            0 => input.insert(at, ODD[random.below(ODD.len())]),
            1 if at < input.len() => input[at] = ODD[random.below(ODD.len())],
            2 => drop(input.drain(at..end)),
            3 => {
                let again = input[at..end].to_vec();
                input.splice(at..at, again);
            }
            4 => {
                let other = &files[random.below(files.len())];
                let lines: Vec<_> = other.split_inclusive(|&byte| byte == b'\n').collect();
                let line = lines[random.below(lines.len())].to_vec();
                input.splice(at..at, line);
            }
            _ => input.truncate(at),
        }
    }
    input
}
