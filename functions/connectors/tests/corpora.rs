//! What fuzzing begins with, and all that it once found: every reader takes it.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use bulkhead_connectors::fuzz;

#[test]
fn every_reader_takes_its_corpus() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let targets: [(&str, fn(&[u8])); 6] = [
        ("imap_answers", fuzz::imap_answers),
        ("mbox", fuzz::mbox),
        ("mime_headers", fuzz::mime_headers),
        ("vcard", fuzz::vcard),
        ("csv", fuzz::csv),
        ("queries", fuzz::queries),
    ];
    for (target, read) in targets {
        let mut files = 0;
        for file in fs::read_dir(corpora.join(target)).unwrap() {
            let path = file.unwrap().path();
            let input = fs::read(&path).unwrap();
            let read = std::panic::catch_unwind(|| read(&input));
            assert!(read.is_ok(), "{}", path.display());
            files += 1;
        }
        assert!(files >= 5, "{target}: {files} files");
    }
}
