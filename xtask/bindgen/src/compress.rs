//! Files as they travel: compressed once, as well as it goes, rather than by every server for every visitor.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// What is compressed, whatever its size: the rewriting at the edge goes by these names.
const COMPRESSED: [&str; 4] = ["css", "js", "txt", "wasm"];

/// Compresses each such file of a folder, not those of folders in it.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|it| it.to_str());
        if extension.is_some_and(|it| COMPRESSED.contains(&it)) {
            let content = fs::read(&path)?;
            fs::write(beside(&path, "br"), brotli(&content)?)?;
            fs::write(beside(&path, "gz"), gzip(&content)?)?;
        }
    }
    Ok(())
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Quality 11 and a window of 4 MiB, which every browser takes and no file of ours fills.
fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::Read;

    #[test]
    fn comes_out_as_it_went_in_and_smaller() {
        let content = b"let a = 1;\n".repeat(1_000);
        let small = brotli(&content).unwrap();
        let mut back = Vec::new();
        brotli::BrotliDecompress(&mut &*small, &mut back).unwrap();
        assert_eq!(back, content);
        assert!(small.len() < content.len() / 10);
        let small = gzip(&content).unwrap();
        let mut back = Vec::new();
        let mut decoder = flate2::read::GzDecoder::new(&*small);
        decoder.read_to_end(&mut back).unwrap();
        assert_eq!(back, content);
    }
}
