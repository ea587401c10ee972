//! Cuts the compiled app at its functions that are marked with `#[wasm_split]`: what only such a function
//! reaches becomes a module of its own, and what several reach but not the rest, one that those share. Small ones are
//! put together again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use anyhow::{Context, Result, anyhow};
use wasm_split_cli_support::{Options, transform};

use crate::bundles::{Bundle, bundled};
use crate::{join, script};

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
    let parts = bundle(folder, &Parts::from_iter(parts.prefetch_map))?;
    fs::write(folder.join("parts.js"), loading(&parts)?)?;
    fs::write(folder.join("parts.json"), serde_json::to_vec(&parts)?)?;
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

/// Writes in place of the modules those that travel, each by the name of one of its own, and gives what of them each
/// part needs.
fn bundle(folder: &Path, parts: &Parts) -> Result<Parts> {
    let path = |module: &str| folder.join(module).with_extension("wasm");
    let mut users = BTreeMap::<&String, BTreeSet<String>>::new();
    for (part, modules) in parts {
        for module in modules {
            users.entry(module).or_default().insert(part.clone());
        }
    }
    let mut bundles = Vec::new();
    for (module, parts) in users {
        bundles.push(Bundle {
            modules: vec![module.clone()],
            parts,
            bytes: join::defined(&fs::read(path(module))?)?,
        });
    }
    let nothing = |part: &String| (part.clone(), Vec::new());
    let mut travel = Parts::from_iter(parts.keys().map(nothing));
    for bundle in bundled(bundles) {
        let name = bundle.modules.first().context("a bundle of nothing")?;
        let modules = bundle.modules.iter().map(|it| fs::read(path(it)));
        let joined = join::joined(&modules.collect::<io::Result<Vec<_>>>()?)?;
        for module in &bundle.modules {
            fs::remove_file(path(module))?;
        }
        fs::write(path(name), joined)?;
        for part in bundle.parts {
            travel.entry(part).or_default().push(name.clone());
        }
    }
    Ok(travel)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn loads_each_part_with_all_its_modules() {
        let modules = ["chunk_2", "split_job"].map(str::to_owned).to_vec();
        let script = loading(&Parts::from([("job".to_owned(), modules)])).unwrap();
        assert!(script.contains(r#"PARTS = {"job":["chunk_2","split_job"]};"#));
        assert!(script.ends_with(
            "export const __wasm_split_load_job = (then, data) => load('job', then, data);\n"
        ));
    }
}
