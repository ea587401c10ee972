//! `cargo xtask app`: the browser app as plain files, ready to be served.
//!
//! File names carry a hash of their content, so that a browser may keep them for ever; only
//! `index.html` is asked for again. There is no inline script, so the content policy can be strict.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};

use crate::cargo::{WASM, cargo, ensure_wasm_target, root, run, target};
use crate::languages;
use crate::site::{bound, folder, parts};
use crate::size;

/// The package that writes the app's JavaScript side.
const GENERATOR: &str = "xtask-bindgen";

/// Builds the binding generator, for who wants to have that behind them: the rest of [`build`] and a
/// build of native crates do not wait for each other.
pub(crate) fn build_generator() -> Result<()> {
    run(&mut cargo(&["build", "--package", GENERATOR]))
}

/// Builds the app into its folder.
pub(crate) fn build() -> Result<()> {
    assert_same_bindgen(&fs::read_to_string(root().join("Cargo.lock"))?)?;
    ensure_wasm_target()?;
    let package = ["rustc", "--package", "bulkhead-frontend"];
    let mut build = cargo(&package);
    build.args(["--profile", "app", "--target", WASM]);
    // What refers to what has to stay visible, so that the app can be cut.
    run(build.args(["--", "-C", "link-args=--emit-relocs"]))?;

    let compiled = target()
        .join(WASM)
        .join("app")
        .join("bulkhead-frontend.wasm");
    let bound = bound();
    bind(&compiled, &bound)?;

    assemble(&root().join("frontend"), &bound, &folder())?;
    size::Sizes::of(&folder(), &parts()?)?.print();
    Ok(())
}

/// Generated code and generator have to be the same version to the digit.
fn assert_same_bindgen(lock: &str) -> Result<()> {
    let used = locked_version(lock, "wasm-bindgen").context("wasm-bindgen is not in Cargo.lock")?;
    let ours = locked_version(lock, "wasm-bindgen-cli-support")
        .context("wasm-bindgen-cli-support is not in Cargo.lock")?;
    if used != ours {
        bail!(
            "The app uses wasm-bindgen {used}, but the generator is {ours}.\n\
             Make them one: cargo update -p wasm-bindgen-cli-support --precise {used}"
        );
    }
    Ok(())
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines
        .nth(1)?
        .strip_prefix("version = \"")?
        .strip_suffix('"')
}

/// Writes scripts and modules from what the compiler made.
fn bind(compiled: &Path, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    run(generator("bind").arg(compiled).arg(folder))
}

fn generator(command: &str) -> Command {
    cargo(&["run", "--quiet", "--package", GENERATOR, "--", command])
}

/// What the app is set in, made as `frontend/faces/README.md` says.
const FACE: &str = "inter.woff2";

/// Puts the site together: hashed names first for what others refer to.
fn assemble(frontend: &Path, bound: &Path, site: &Path) -> Result<()> {
    let fresh = site.with_extension("new");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    copy_folder(&frontend.join("static"), &fresh)?;
    copy_folder(&bound.join("snippets"), &fresh.join("snippets"))?;

    let mut names = place_parts(&fresh, bound)?;
    let german = languages::german()?;
    place(&fresh, languages::GERMAN, german.as_bytes(), &mut names)?;
    let face = read(&frontend.join("faces").join(FACE))?;
    place(&fresh, FACE, &face, &mut names)?;
    for name in ["style.css", "intl.js", "early.js", "boot.js"] {
        let text = fill(&read(&frontend.join(name))?, &names)?;
        place(&fresh, name, &text, &mut names)?;
    }
    let page = fill(&read(&frontend.join("index.html"))?, &names)?;
    fs::write(fresh.join("index.html"), page)?;
    run(generator("compress").arg(&fresh))?;

    if site.exists() {
        fs::remove_dir_all(site)?;
    }
    fs::rename(fresh, site)?;
    Ok(())
}

/// A file's name, and the same with a hash in it.
type Names = Vec<(String, String)>;

/// Writes the app's scripts and modules. They name each other in circles and fit nothing but each other, so all
/// carry the hash of all.
fn place_parts(site: &Path, bound: &Path) -> Result<Names> {
    let mut parts = Vec::new();
    for entry in fs::read_dir(bound)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|it| it == "js" || it == "wasm")
        {
            let name = path.file_name().context("a file needs a name")?;
            parts.push((name.to_string_lossy().into_owned(), read(&path)?));
        }
    }
    parts.sort();
    let mut all = Sha256::new();
    for (_, bytes) in &parts {
        all.update(bytes);
    }
    let hash = digits(&all.finalize());
    let names = parts
        .iter()
        .map(|(name, _)| Ok((name.clone(), with_hash(name, &hash)?)));
    let names = names.collect::<Result<Names>>()?;
    for ((name, bytes), (_, hashed)) in parts.into_iter().zip(&names) {
        let bytes = match name.ends_with(".js") {
            true => refer(String::from_utf8(bytes)?, &names).into_bytes(),
            false => bytes,
        };
        fs::write(site.join(hashed), bytes)?;
    }
    Ok(names)
}

/// Where a script imports another, it is by the name with a hash. What it calls things inside a module stays.
fn refer(mut script: String, names: &Names) -> String {
    for (name, hashed) in names {
        for quote in ['\'', '"'] {
            script = script.replace(
                &format!("from {quote}./{name}{quote}"),
                &format!("from {quote}./{hashed}{quote}"),
            );
        }
    }
    script
}

/// Writes a file under its name with a hash in it, and remembers the pair.
fn place(site: &Path, name: &str, bytes: &[u8], names: &mut Names) -> Result<()> {
    let hashed = with_hash(name, &digits(&Sha256::digest(bytes)))?;
    fs::write(site.join(&hashed), bytes)?;
    names.push((name.to_owned(), hashed));
    Ok(())
}

fn digits(hash: &[u8]) -> String {
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn with_hash(name: &str, hash: &str) -> Result<String> {
    let (stem, extension) = name.rsplit_once('.').context("a file needs an extension")?;
    Ok(format!("{stem}-{hash}.{extension}"))
}

/// Replaces `{{name}}` by the hashed name; a placeholder nobody knows is an error.
fn fill(text: &[u8], names: &[(String, String)]) -> Result<Vec<u8>> {
    let mut text = String::from_utf8(text.to_vec())?;
    for (name, hashed) in names {
        text = text.replace(&format!("{{{{{name}}}}}"), hashed);
    }
    if let Some((_, rest)) = text.split_once("{{") {
        let placeholder = rest.split("}}").next().unwrap_or_default();
        bail!("there is no file for the placeholder {{{{{placeholder}}}}}");
    }
    Ok(text.into_bytes())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}

/// Copies a folder that may not exist.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if !from.exists() {
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn reads_versions_from_the_lock() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n\
                    [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "nothing"), None);
        let message = assert_same_bindgen(lock).unwrap_err().to_string();
        assert!(message.contains("--precise 0.2.130"), "{message}");
    }

    #[test]
    fn names_scripts_with_their_hash_and_leaves_what_a_module_calls_them() {
        let names = vec![("parts.js".to_owned(), "parts-1.js".to_owned())];
        let script = "import * as a from './parts.js'\n({ \"./parts.js\": a })";
        assert_eq!(
            refer(script.to_owned(), &names),
            "import * as a from './parts-1.js'\n({ \"./parts.js\": a })"
        );
    }

    #[test]
    fn fills_placeholders_and_refuses_unknown_ones() {
        let names = [("app.js".to_owned(), "app-1.js".to_owned())];
        assert_eq!(
            fill(b"import './{{app.js}}'", &names).unwrap(),
            b"import './app-1.js'"
        );
        let message = fill(b"{{nothing.css}}", &names).unwrap_err().to_string();
        assert!(message.contains("{{nothing.css}}"), "{message}");
    }
}
