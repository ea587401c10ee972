//! The files that an archive has and its reader hides, because later ones have the same names (APPNOTE,
//! section 4.3.12).

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Result, Seek, SeekFrom};

use zip::ZipArchive;

use crate::import::Fault;

/// How an entry of the central directory begins, and the bytes of its fixed part.
const SIGNATURE: &[u8] = b"PK\x01\x02";
const FIXED: usize = 46;
/// Bytes of a central directory, most: those of a million files.
const BYTES_MOST: u64 = 128 * 1024 * 1024;
/// Stands for a number that is told elsewhere (ZIP64).
const ELSEWHERE: u32 = u32::MAX;

/// Where such a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shadowed {
    /// Of its local header, from the beginning of the file.
    pub(super) offset: u64,
    pub(super) packed_bytes: u64,
}

/// One entry.
pub(super) struct Listed {
    /// As it is written, in whatever charset.
    pub(super) name: Vec<u8>,
    pub(super) place: Shadowed,
    /// Why it cannot be read, if that is clear already.
    pub(super) fault: Option<Fault>,
}

/// All files that others of the same name come after.
pub(super) fn shadowed(file: &mut File, zip: &ZipArchive<File>) -> Result<Vec<Listed>> {
    file.seek(SeekFrom::Start(zip.central_directory_start()))?;
    let mut bytes = Vec::new();
    file.take(BYTES_MOST).read_to_end(&mut bytes)?;
    let mut shadowed = Vec::new();
    let mut latest: BTreeMap<Vec<u8>, Listed> = BTreeMap::new();
    let mut rest = bytes.as_slice();
    while let Some((listed, after)) = entry(rest, zip.offset()) {
        rest = after;
        if let Some(before) = latest.insert(listed.name.clone(), listed)
            && !before.name.ends_with(b"/")
        {
            shadowed.push(before);
        }
    }
    Ok(shadowed)
}

/// The first entry, and what follows it.
fn entry(bytes: &[u8], begin: u64) -> Option<(Listed, &[u8])> {
    let fixed = bytes.get(..FIXED).filter(|it| it.starts_with(SIGNATURE))?;
    let short = |at: usize| Some(u16::from_le_bytes(fixed.get(at..at + 2)?.try_into().ok()?));
    let long = |at: usize| Some(u32::from_le_bytes(fixed.get(at..at + 4)?.try_into().ok()?));
    let (flags, packed, offset) = (short(8)?, long(20)?, long(42)?);
    let (name, extra, comment) = (short(28)?, short(30)?, short(32)?);
    let length = usize::from(name) + usize::from(extra) + usize::from(comment);
    let name = bytes.get(FIXED..FIXED + usize::from(name))?.to_vec();
    let fault = match () {
        () if flags & 1 != 0 => Some(Fault::Encrypted),
        () if packed == ELSEWHERE || offset == ELSEWHERE => Some(Fault::OddlyPacked),
        () => None,
    };
    let place = Shadowed {
        offset: begin + u64::from(offset),
        packed_bytes: u64::from(packed),
    };
    let listed = Listed { name, place, fault };
    Some((listed, bytes.get(FIXED + length..)?))
}
