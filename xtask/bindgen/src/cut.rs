//! Cuts the compiled app at its functions that are marked with `#[wasm_split]`: what only such a function
//! reaches becomes a module of its own, and what several reach but not the rest, one that those share.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::script;

/// Writes the first part, which still has to be bound to JavaScript, and beside it the others, the script
/// that loads them, and which of them each page needs.
pub(crate) fn cut(compiled: &Path, folder: &Path, first: &Path) -> Result<()> {
    let module = fs::read(compiled)?;
    let mut options = Options::new(&module);
    options.output_dir = folder;
    options.main_out_path = first;
    options.link_name = "./parts.js";
    options.main_module = "./app.js";
    let parts = transform(options).map_err(|why| anyhow!("the app cannot be cut: {why:#}"))?;
    let parts = Parts::from_iter(parts.prefetch_map);
    fs::write(folder.join("parts.js"), loading(&parts)?)?;
    fs::write(folder.join("parts.json"), serde_json::to_vec(&parts)?)?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        // The first part is still to be bound, by what its other sections say; names are taken out of it then.
        if path.extension().is_some_and(|it| it == "wasm") && path != first {
            fs::write(&path, bare(&fs::read(&path)?)?)?;
        }
    }
    Ok(())
}

/// The modules of each part.
type Parts = BTreeMap<String, Vec<String>>;

/// The script that loads the parts, in place of the one that cutting brings: that says the same again for every module,
/// and is three times as large as it travels.
fn loading(parts: &Parts) -> Result<String> {
    let table = format!("PARTS = {}", serde_json::to_string(parts)?);
    let mut script = include_str!("parts.js").replacen("PARTS = {}", &table, 1);
    for part in parts.keys() {
        script += &format!(
            "export const __wasm_split_load_{part} = (then, data) => load('{part}', then, data);\n"
        );
    }
    script::bare(&script)
}

/// The module without what no browser reads: names, and by what it was made. They are a third of a part.
fn bare(module: &[u8]) -> Result<Vec<u8>> {
    let (head, mut rest) = module.split_at_checked(8).context("this is no module")?;
    let mut bare = head.to_vec();
    while let Some((kind, sized)) = rest.split_first() {
        let (length, digits) = number(sized).context("a section without a length")?;
        let all = 1 + digits + length;
        let (section, after) = rest.split_at_checked(all).context("half a section")?;
        if *kind != CUSTOM {
            bare.extend(section);
        }
        rest = after;
    }
    Ok(bare)
}

/// The kind of a section that only tools read (WebAssembly core specification, section 5.5.3).
const CUSTOM: u8 = 0;

/// A number in LEB128 (section 5.2.2), and so many bytes it takes.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let last = bytes.iter().position(|byte| byte & 0x80 == 0)?;
    let digits = bytes.get(..=last).filter(|digits| digits.len() <= 5)?;
    let value = digits
        .iter()
        .rev()
        .fold(0, |value, digit| value << 7 | usize::from(digit & 0x7f));
    Some((value, digits.len()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const HEAD: [u8; 8] = *b"\0asm\x01\0\0\0";

    #[test]
    fn leaves_out_what_no_browser_reads() {
        let names = [&[0, 0x81, 0x01][..], &[7; 129]].concat();
        let code = [10, 2, 1, 2];
        let module = [&HEAD[..], &names, &code, &[0, 1, 9]].concat();
        assert_eq!(bare(&module).unwrap(), [&HEAD[..], &code].concat());
        assert_eq!(bare(&HEAD).unwrap(), HEAD);
    }

    #[test]
    fn loads_each_part_with_all_its_modules() {
        let modules = ["chunk_2", "split_job"].map(str::to_owned).to_vec();
        let script = loading(&Parts::from([("job".to_owned(), modules)])).unwrap();
        assert!(script.contains(r#"PARTS = {"job":["chunk_2","split_job"]};"#));
        assert!(script.ends_with(
            "export const __wasm_split_load_job = (then, data) => load('job', then, data);\n"
        ));
    }

    #[test]
    fn refuses_what_is_cut_off() {
        for end in [
            &[10][..],
            &[10, 0x80],
            &[10, 5, 1],
            &[10, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        ] {
            assert!(bare(&[&HEAD[..], end].concat()).is_err(), "{end:?}");
        }
        assert!(bare(b"wasm").is_err());
    }
}
