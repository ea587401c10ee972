//! The app's files on their way to their bucket: what each is, and how long it may be kept.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::aws::{Outputs, Place};

/// A file whose name carries a hash of its content never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// Everything else is asked for again each time.
const ASK_AGAIN: &str = "no-cache";
/// Hexadecimal digits of the hash at the end of a file's stem.
const HASH_DIGITS: usize = 16;
/// The page, which names all the others.
const PAGE: &str = "index.html";

/// Uploads all files, the page last, so that nobody gets a page whose files are not there yet; and has
/// the distribution forget what it kept of files whose content changes. What earlier pages name stays:
/// somebody may have one open.
pub(crate) fn upload(place: &Place, outputs: &Outputs, site: &Path) -> Result<()> {
    let bucket = outputs.get("AppFiles")?;
    let files = files(place, site)?;
    for name in &files {
        let from = site.join(name).to_string_lossy().into_owned();
        let to = format!("s3://{bucket}/{name}");
        let mut call = place.call("aws", &["s3", "cp", &from, &to, "--only-show-errors"]);
        call.args(["--content-type", media_type(name)?]);
        if let Some(encoding) = encoding(name) {
            call.args(["--content-encoding", encoding]);
        }
        place.run(call.args(["--cache-control", keep(name)]))?;
    }
    let distribution = outputs.get("Distribution")?;
    let mut call = place.call("aws", &["cloudfront", "create-invalidation"]);
    call.args(["--distribution-id", &distribution, "--paths"]);
    let changing = files.iter().filter(|name| keep(name) == ASK_AGAIN);
    call.args(changing.map(|name| format!("/{name}")));
    place.run(&mut call)
}

/// Names of the files below a folder, the page last. Before the app was built, a dry run shows one of
/// each kind.
fn files(place: &Place, site: &Path) -> Result<Vec<String>> {
    if place.dry_run && !site.exists() {
        return Ok(["app-0123456789abcdef.js", PAGE]
            .map(str::to_owned)
            .to_vec());
    }
    let mut found = Vec::new();
    collect(site, &mut found)?;
    let names = found.iter().map(|path| {
        let name = path.strip_prefix(site).unwrap_or(path);
        name.to_string_lossy().replace('\\', "/")
    });
    let mut names: Vec<String> = names.collect();
    names.sort_by_key(|name| (name == PAGE, name.clone()));
    Ok(names)
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, found)?;
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// How a file is compressed: the rewriting at the edge names it to browsers that read it.
fn encoding(name: &str) -> Option<&'static str> {
    match name.rsplit('.').next() {
        Some("br") => Some("br"),
        Some("gz") => Some("gzip"),
        _ => None,
    }
}

/// The name of what is compressed.
fn uncompressed(name: &str) -> &str {
    match encoding(name) {
        Some(_) => name.rsplit_once('.').map_or(name, |(name, _)| name),
        None => name,
    }
}

fn keep(name: &str) -> &'static str {
    let name = uncompressed(name);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let hashed = stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() == HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    if hashed { FOR_EVER } else { ASK_AGAIN }
}

/// Browsers compile WebAssembly, and run scripts, of the right type only.
fn media_type(name: &str) -> Result<&'static str> {
    let name = uncompressed(name);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    Ok(match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript",
        "css" => "text/css",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "json" | "webmanifest" => "application/json",
        _ => None.with_context(|| format!("what is {name}? Its type is not known here"))?,
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn keeps_what_carries_a_hash_and_asks_for_the_rest() {
        assert_eq!(keep("app-0123456789abcdef.js"), FOR_EVER);
        assert_eq!(keep("snippets/x-0123456789abcdef/inline0.js"), ASK_AGAIN);
        assert_eq!(keep("index.html"), ASK_AGAIN);
        assert_eq!(keep("x-0123456789abcdeg.js"), ASK_AGAIN);
    }

    #[test]
    fn what_is_compressed_is_kept_and_typed_like_what_it_is() {
        let name = "app-0123456789abcdef.js.br";
        assert_eq!(keep(name), FOR_EVER);
        assert_eq!(media_type(name).unwrap(), "text/javascript");
        assert_eq!(encoding(name), Some("br"));
        assert_eq!(encoding("app-0123456789abcdef.js"), None);
        assert_eq!(keep("favicon.svg.gz"), ASK_AGAIN);
    }

    #[test]
    fn knows_types_or_says_so() {
        assert_eq!(media_type("a-1.wasm").unwrap(), "application/wasm");
        assert!(media_type("notes.xyz").is_err());
    }
}
