//! Files that mail may be in, and that are not read: told by name, so that nobody wonders where it is.

use super::Fault;

/// How files begin that no text begins like.
const BEGINNINGS: [(&[u8], Fault); 9] = [
    // A store of Outlook ([MS-PST] 2.2.2.6), and a message (a compound file, [MS-CFB] 2.2).
    (b"!BDN", Fault::Outlook),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Fault::Outlook),
    // A store of Outlook Express.
    (b"\xcf\xad\x12\xfe", Fault::Outlook),
    (b"\x1f\x8b", Fault::OtherArchive),
    (b"BZh", Fault::OtherArchive),
    (b"\xfd7zXZ\0", Fault::OtherArchive),
    (b"7z\xbc\xaf\x27\x1c", Fault::OtherArchive),
    (b"Rar!\x1a\x07", Fault::OtherArchive),
    (b"\x28\xb5\x2f\xfd", Fault::OtherArchive),
];
/// Where a tar archive says that it is one (POSIX ustar), and what it says there.
const TAR: (usize, &[u8]) = (257, b"ustar");
/// Ends of names that say the same.
const ENDINGS: [(&str, Fault); 4] = [
    (".pst", Fault::Outlook),
    (".ost", Fault::Outlook),
    (".olm", Fault::Outlook),
    (".dbx", Fault::Outlook),
];

/// Whether a file begins like a zip archive: with an entry, the end of an empty one, or a part of many.
pub(super) fn is_zip(beginning: &[u8]) -> bool {
    let marks: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
    marks.iter().any(|mark| beginning.starts_with(mark))
}

/// What is to be said of such a file; none if it is none.
pub(super) fn fault(beginning: &[u8], name: &str) -> Option<Fault> {
    let name = name.to_lowercase();
    let by_name = ENDINGS.iter().find(|(ending, _)| name.ends_with(ending));
    let by_content = BEGINNINGS
        .iter()
        .find(|(mark, _)| beginning.starts_with(mark));
    let told = by_content
        .map(|(_, fault)| *fault)
        .or(by_name.map(|(_, fault)| *fault));
    let (at, mark) = TAR;
    let is_tar = beginning
        .get(at..)
        .is_some_and(|rest| rest.starts_with(mark));
    told.or(is_tar.then_some(Fault::OtherArchive))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_known_by_its_beginning_or_name() {
        let tar = [&[b'x'; 257][..], b"ustar\x0000"].concat();
        for (beginning, name, told) in [
            (&b"!BDN\x01"[..], "x", Some(Fault::Outlook)),
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
                "a.msg",
                Some(Fault::Outlook),
            ),
            (b"", "Mail.PST", Some(Fault::Outlook)),
            (
                b"PK\x03\x04",
                "Outlook for Mac Archive.olm",
                Some(Fault::Outlook),
            ),
            (b"\x1f\x8b\x08", "takeout.tgz", Some(Fault::OtherArchive)),
            (tar.as_slice(), "mail.tar", Some(Fault::OtherArchive)),
            (b"From: a\r\n", "a.msg", None),
            (b"PK\x03\x04", "a.zip", None),
            (b"From a@b Thu Jan  1 10:00:00 2026\n", "x", None),
        ] {
            assert_eq!(fault(beginning, name), told, "{name}");
        }
    }
}
