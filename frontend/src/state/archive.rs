//! A zip archive as a person brings it (APPNOTE of PKWARE, version 6.3): the files in it, whole and checked. Nothing
//! of it is unpacked further than a file that goes along with a mail may be large.

use std::collections::BTreeSet;

use bulkhead_shared::attached_file::{check_name, too_large};
use bulkhead_shared::limits::{ATTACHMENT_BYTES, ATTACHMENTS_KEPT_BYTES, NAMED_FILES_MOST};

use crate::words;

/// What an archive holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Archive {
    /// Its files by themselves, whatever folders they lie in.
    pub files: Vec<(String, Vec<u8>)>,
    /// Those that cannot go along with a mail, each with why.
    pub refused: Vec<String>,
}

/// The end of the list of files, and how it begins (section 4.3.16).
const END: usize = 22;
const END_SIGN: [u8; 4] = *b"PK\x05\x06";
/// An entry of that list, without its name (section 4.3.12).
const ENTRY: usize = 46;
const ENTRY_SIGN: [u8; 4] = *b"PK\x01\x02";
/// What stands before a file itself, without its name (section 4.3.7).
const LOCAL: usize = 30;
const LOCAL_SIGN: [u8; 4] = *b"PK\x03\x04";
/// Files that systems put there for themselves.
const OF_SYSTEMS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];
/// The upper half of the letters in which names are that say nothing else (code page 437).
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// An entry of the list of files.
struct Entry<'a> {
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    size: usize,
    is_link: bool,
    at: usize,
    name: &'a [u8],
}

impl Archive {
    /// Reads an archive. An error is about all of it.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let mut archive = Self::default();
        let mut names = BTreeSet::new();
        let mut all = 0_u64;
        for entry in entries(bytes)? {
            let path = path_of(&entry);
            let Some(name) = own_name(&path)? else {
                continue;
            };
            if entry.is_link {
                return Err(words::archive_link(&path));
            }
            if entry.flags & 1 != 0 {
                return Err(words::archive_locked().to_owned());
            }
            if !names.insert(name.clone()) {
                return Err(words::archive_twice(&name));
            }
            if names.len() > NAMED_FILES_MOST {
                return Err(words::archive_many(NAMED_FILES_MOST as u64));
            }
            match refusal(&name, entry.size) {
                Some(why) => archive.refused.push(why),
                None => {
                    all += entry.size as u64;
                    if all > ATTACHMENTS_KEPT_BYTES {
                        let most = ATTACHMENTS_KEPT_BYTES / 1_000_000;
                        return Err(words::archive_heavy(most));
                    }
                    let file = unpacked(bytes, &entry)
                        .map_err(|why| words::attaching_wrong(&name, &why))?;
                    archive.files.push((name, file));
                }
            }
        }
        match archive.files.is_empty() && archive.refused.is_empty() {
            true => Err(words::archive_empty().to_owned()),
            false => Ok(archive),
        }
    }
}

fn broken() -> String {
    words::archive_broken().to_owned()
}

fn refusal(name: &str, size: usize) -> Option<String> {
    if let Err(why) = check_name(name) {
        let name = name.escape_debug().to_string();
        return Some(words::attaching_wrong(&name, &why.to_string()));
    }
    match size {
        0 => Some(words::attaching_empty(name)),
        size if size > ATTACHMENT_BYTES => Some(too_large(name)),
        _ => None,
    }
}

/// The list of files.
fn entries(bytes: &[u8]) -> Result<Vec<Entry<'_>>, String> {
    let from = bytes.len().saturating_sub(END + usize::from(u16::MAX));
    let ends = (from..=bytes.len().saturating_sub(END)).rev();
    let mut ends = ends.filter(|at| bytes.get(*at..*at + 4) == Some(&END_SIGN));
    let end = ends.next().ok_or_else(broken)?;
    let count = number(bytes, end + 10, 2)?;
    let mut at = number(bytes, end + 16, 4)?;
    if count == usize::from(u16::MAX) || at == u32::MAX as usize {
        return Err(words::archive_too_large(NAMED_FILES_MOST as u64));
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        if bytes.get(at..at.saturating_add(4)) != Some(&ENTRY_SIGN) {
            return Err(broken());
        }
        let length = number(bytes, at + 28, 2)?;
        let name = bytes
            .get(at + ENTRY..at + ENTRY + length)
            .ok_or_else(broken)?;
        let of_unix = number(bytes, at + 5, 1)? == 3;
        entries.push(Entry {
            flags: number(bytes, at + 8, 2)? as u16,
            method: number(bytes, at + 10, 2)? as u16,
            crc: number(bytes, at + 16, 4)? as u32,
            packed: number(bytes, at + 20, 4)?,
            size: number(bytes, at + 24, 4)?,
            is_link: of_unix && number(bytes, at + 40, 2)? & 0xf000 == 0xa000,
            at: number(bytes, at + 42, 4)?,
            name,
        });
        at += ENTRY + length + number(bytes, at + 30, 2)? + number(bytes, at + 32, 2)?;
    }
    Ok(entries)
}

/// A number of so many bytes, the smallest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Result<usize, String> {
    let bytes = bytes
        .get(at..at.saturating_add(length))
        .ok_or_else(broken)?;
    let number = bytes.iter().rev();
    Ok(number.fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// What a file is called with its folders: in UTF-8 where that is said, or shows.
fn path_of(entry: &Entry<'_>) -> String {
    match std::str::from_utf8(entry.name) {
        Ok(path) => path.to_owned(),
        Err(_) => {
            let upper: Vec<char> = UPPER.chars().collect();
            let letter = |byte: &u8| match byte.checked_sub(0x80) {
                None => char::from(*byte),
                Some(place) => upper.get(usize::from(place)).copied().unwrap_or('?'),
            };
            entry.name.iter().map(letter).collect()
        }
    }
}

/// A file's name without its folders; none if it is a folder, or belongs to a system.
fn own_name(path: &str) -> Result<Option<String>, String> {
    let path = path.replace('\\', "/");
    let leads_out = path.starts_with('/')
        || path.split('/').any(|part| part == "..")
        || path.as_bytes().get(1) == Some(&b':');
    if leads_out {
        return Err(words::archive_leads_out(&path));
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_system =
        path.starts_with("__MACOSX/") || name.starts_with("._") || OF_SYSTEMS.contains(&name);
    Ok((!name.is_empty() && !is_system).then(|| name.to_owned()))
}

/// A file of the archive, whole.
fn unpacked(bytes: &[u8], entry: &Entry<'_>) -> Result<Vec<u8>, String> {
    if bytes.get(entry.at..entry.at.saturating_add(4)) != Some(&LOCAL_SIGN) {
        return Err(broken());
    }
    let names = number(bytes, entry.at + 26, 2)? + number(bytes, entry.at + 28, 2)?;
    let from = entry.at + LOCAL + names;
    let packed = bytes
        .get(from..from.saturating_add(entry.packed))
        .ok_or_else(broken)?;
    let file = match entry.method {
        0 => packed.to_vec(),
        8 => miniz_oxide::inflate::decompress_to_vec_with_limit(packed, entry.size)
            .map_err(|_| broken())?,
        method => {
            return Err(words::archive_packing(&method.to_string()));
        }
    };
    match file.len() == entry.size && crc32(&file) == entry.crc {
        true => Ok(file),
        false => Err(broken()),
    }
}

/// The checksum of a file (section 4.4.7).
fn crc32(bytes: &[u8]) -> u32 {
    const TABLE: [u32; 256] = table();
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        let place = (crc ^ u32::from(*byte)) & 0xff;
        TABLE[place as usize] ^ (crc >> 8)
    })
}

const fn table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut place = 0;
    while place < 256 {
        let mut crc = place as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                0xedb8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[place] = crc;
        place += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// An archive of files that are not packed; `made` changes an entry's bytes.
    fn archive(files: &[(&[u8], &[u8])], made: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
        let (mut bytes, mut list) = (Vec::new(), Vec::new());
        for (name, file) in files {
            let at = bytes.len() as u32;
            let size = (file.len() as u32).to_le_bytes();
            let length = (name.len() as u16).to_le_bytes();
            let crc = crc32(file).to_le_bytes();
            let middle = [&crc[..], &size, &size, &length, &[0, 0]].concat();
            bytes.extend(
                [
                    &LOCAL_SIGN[..],
                    &[20, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                    &middle,
                    name,
                    file,
                ]
                .concat(),
            );
            let head = [
                &ENTRY_SIGN[..],
                &[20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0],
                &middle,
            ]
            .concat();
            let mut entry = [&head[..], &[0; 8], &[0xa4, 0x81][..], &at.to_le_bytes()].concat();
            assert_eq!(entry.len(), ENTRY);
            made(&mut entry);
            list.extend([&entry[..], name].concat());
        }
        let (count, from) = (files.len() as u16, bytes.len() as u32);
        bytes.extend(&list);
        let count = count.to_le_bytes();
        let sizes = [(list.len() as u32).to_le_bytes(), from.to_le_bytes()].concat();
        bytes.extend([&END_SIGN[..], &[0; 4], &count, &count, &sizes, &[0, 0]].concat());
        bytes
    }

    fn plain(files: &[(&str, &[u8])]) -> Vec<u8> {
        let files: Vec<_> = files
            .iter()
            .map(|(name, file)| (name.as_bytes(), *file))
            .collect();
        archive(&files, |_| ())
    }

    #[test]
    fn files_of_an_archive_are_known_by_their_own_names() {
        let files: [(&str, &[u8]); 5] = [
            ("bills/", b""),
            ("bills/Zo\u{eb}.pdf", b"one"),
            ("__MACOSX/bills/._Zo\u{eb}.pdf", b"x"),
            ("bills\\two.pdf", b"two"),
            ("bills/.DS_Store", b"x"),
        ];
        let read = Archive::read(&plain(&files)).unwrap();
        let expected = [
            ("Zo\u{eb}.pdf".to_owned(), b"one".to_vec()),
            ("two.pdf".to_owned(), b"two".to_vec()),
        ];
        assert_eq!((read.files, read.refused), (expected.to_vec(), vec![]));
        let old = archive(&[(b"M\x81ller.pdf", b"x")], |_| ());
        assert_eq!(Archive::read(&old).unwrap().files[0].0, "M\u{fc}ller.pdf");
    }

    #[test]
    fn an_archive_that_is_not_what_it_says_is_refused() {
        let refused = |bytes: &[u8]| Archive::read(bytes).unwrap_err();
        assert_eq!(refused(b""), "This is no whole zip archive.");
        assert_eq!(
            refused(b"%PDF-1.7 something else, and long enough"),
            broken()
        );
        assert_eq!(refused(&plain(&[])), "There is no file in the archive.");
        for path in [
            "../a.pdf",
            "a/../../b.pdf",
            "/etc/passwd",
            "C:\\a.pdf",
            "..\\a.pdf",
        ] {
            assert!(
                refused(&plain(&[(path, b"x")])).ends_with("leads out of the archive."),
                "{path}"
            );
        }
        let twice = plain(&[("a/x.pdf", b"1"), ("b/x.pdf", b"2")]);
        assert_eq!(
            refused(&twice),
            "There are two files “x.pdf” in the archive."
        );
        let one = [(&b"a.pdf"[..], &b"one"[..])];
        let locked = archive(&one, |entry| entry[8] = 1);
        assert_eq!(refused(&locked), "The archive is locked by a password.");
        let link = archive(&one, |entry| entry[41] = 0xa1);
        assert!(refused(&link).contains("is a link"));
        let other = archive(&one, |entry| entry[16] ^= 1);
        assert_eq!(refused(&other), format!("“a.pdf”: {}", broken()));
        let method = archive(&one, |entry| entry[10] = 99);
        assert!(refused(&method).contains("not known here (99)"));
        let short = archive(&one, |entry| entry[42] = 200);
        assert!(refused(&short).contains(&broken()));
        let whole = plain(&[("a.pdf", b"one")]);
        // Whatever a byte says, it is read or refused.
        for (at, bits) in (0..whole.len()).flat_map(|at| [1, 0x80, 0xff].map(|bits| (at, bits))) {
            let mut odd = whole.clone();
            odd[at] ^= bits;
            let _ = Archive::read(&odd);
        }
        for cut in 0..whole.len() {
            assert!(Archive::read(&whole[..cut]).is_err(), "{cut}");
        }
    }

    #[test]
    fn what_is_packed_never_grows_beyond_what_it_says() {
        let zeros = vec![0; 3_000_000];
        let packed = miniz_oxide::deflate::compress_to_vec(&zeros, 9);
        let bomb = |size: u32| {
            archive(&[(b"a.bin", &packed)], |entry| {
                entry[10] = 8;
                entry[16..20].copy_from_slice(&crc32(&zeros).to_le_bytes());
                entry[24..28].copy_from_slice(&size.to_le_bytes());
            })
        };
        let read = Archive::read(&bomb(3_000_000)).unwrap();
        assert_eq!(read.files, [("a.bin".to_owned(), zeros.clone())]);
        assert!(Archive::read(&bomb(10)).is_err());
        let told = Archive::read(&bomb(4_000_000_000)).unwrap();
        assert_eq!(
            told.refused,
            ["“a.bin” is too large: a file has at most 4 MB."]
        );
        assert!(told.files.is_empty());
    }
}
