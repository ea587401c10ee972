//! The scripts as they travel: what only people would read is left out of them.

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Output;

/// What the first module calls the script that it is bound to.
const BOUND: &str = "./app_bg.js";

/// Calls by a number whatever the module takes from its script: the names it came with have a hash each, in both, and
/// hashes cannot be compressed. Gives the script that fits.
pub(crate) fn shortened(output: &mut Output) -> Result<String> {
    let mut script = bare(output.js())?;
    let imports = output.wasm_mut().imports.iter_mut();
    let bound = imports.filter(|import| import.module == BOUND);
    for (number, import) in bound.enumerate() {
        let number = number.to_string();
        script = renamed(&script, &import.name, &number)?;
        import.name = number;
    }
    Ok(script)
}

/// The script with another name for what it hands to the module as `name`, in a line that begins with that.
fn renamed(script: &str, name: &str, short: &str) -> Result<String> {
    let handed = format!("\n{name}: ");
    let times = script.matches(&handed).count();
    ensure!(times == 1, "the script hands {name} over {times} times");
    Ok(script.replacen(&handed, &format!("\n{short}: "), 1))
}

/// The script without comments and without what sets its lines in. No text in it may go over lines.
pub(crate) fn bare(script: &str) -> Result<String> {
    let mut bare = String::new();
    for line in script.lines().map(str::trim) {
        let is_whole = line.matches('`').count() % 2 == 0;
        ensure!(is_whole, "a text goes over the end of its line: {line}");
        if !line.is_empty() && !line.starts_with("//") {
            bare.push_str(line);
            bare.push('\n');
        }
    }
    Ok(bare)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn calls_by_another_name_only_what_is_handed_over() {
        let script = "{\n__wbg_then_1: f,\n__wbg_then_12: g }\nwasm.__wbg_then_1";
        let renamed = |name| renamed(script, name, "7");
        let expected = "{\n7: f,\n__wbg_then_12: g }\nwasm.__wbg_then_1";
        assert_eq!(renamed("__wbg_then_1").unwrap(), expected);
        assert!(renamed("__wbg_then_2").is_err());
    }

    #[test]
    fn leaves_out_what_only_people_read() {
        let script = "// Why.\nif (a) {\n\n    b(`c // d`); // e\n    // f\n}";
        assert_eq!(bare(script).unwrap(), "if (a) {\nb(`c // d`); // e\n}\n");
        assert!(bare("a = `b\n  c`").is_err());
    }
}
