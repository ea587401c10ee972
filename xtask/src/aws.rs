//! AWS's own command line programs, called as a person would call them, or only shown.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cargo::{command, output, root, run};
use crate::python;

/// Where it is done, and whether it is done at all. Options of `deploy` and `destroy`.
#[derive(clap::Args)]
pub(crate) struct Place {
    /// Name of the deployment: 1 to 16 small letters and digits, a letter first
    #[arg(value_parser = stage)]
    pub(crate) stage: String,
    /// AWS region [default: what your AWS configuration says]
    #[arg(long)]
    region: Option<String>,
    /// Profile of your AWS configuration
    #[arg(long)]
    profile: Option<String>,
    /// Show each command and call nobody
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What the template allows as a stage.
fn stage(name: &str) -> Result<String, String> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let fits = (1..=16).contains(&name.len())
        && name.bytes().all(plain)
        && name.starts_with(|first: char| first.is_ascii_lowercase());
    if fits {
        Ok(name.to_owned())
    } else {
        Err("1 to 16 small letters and digits, a letter first".to_owned())
    }
}

impl Place {
    /// The stack's name.
    pub(crate) fn stack(&self) -> String {
        format!("bulkhead-{}", self.stage)
    }

    /// One of AWS's programs with these arguments, there.
    pub(crate) fn call(&self, program: &str, arguments: &[&str]) -> Command {
        let mut call = command(&python::program(program));
        call.args(arguments);
        for (option, value) in [("--region", &self.region), ("--profile", &self.profile)] {
            if let Some(value) = value {
                call.args([option, value]);
            }
        }
        // Neither a pager that waits for a key, nor a report to the program's makers.
        call.env("AWS_PAGER", "").env("SAM_CLI_TELEMETRY", "0");
        call
    }

    /// Does it, or shows what would be done.
    pub(crate) fn run(&self, call: &mut Command) -> Result<()> {
        self.show(call);
        if self.dry_run { Ok(()) } else { run(call) }
    }

    /// Asks, or shows the question and answers with a placeholder.
    pub(crate) fn ask(&self, call: &mut Command, placeholder: &str) -> Result<String> {
        self.show(call);
        if self.dry_run {
            return Ok(placeholder.to_owned());
        }
        Ok(output(call)?.trim().to_owned())
    }

    fn show(&self, call: &Command) {
        eprintln!("  {}", shown(call));
    }

    /// Who would do it; an error says how to become somebody.
    pub(crate) fn account(&self) -> Result<String> {
        let query = ["--query", "Account", "--output", "text"];
        let mut call = self.call("aws", &["sts", "get-caller-identity"]);
        self.ask(call.args(query), "<account>").context(
            "AWS does not know you. Sign in (aws configure, aws sso login, or AWS_ACCESS_KEY_ID and \
             AWS_SECRET_ACCESS_KEY in the environment) and name a region (--region, or AWS_REGION).",
        )
    }

    /// What the stack says of itself, by name.
    pub(crate) fn outputs(&self) -> Result<Outputs> {
        let stack = self.stack();
        let mut call = self.call("aws", &["cloudformation", "describe-stacks"]);
        call.args(["--stack-name", &stack, "--output", "json"]);
        let text = self.ask(call.args(["--query", "Stacks[0].Outputs"]), "")?;
        if self.dry_run {
            return Ok(Outputs(None));
        }
        let listed: Value = serde_json::from_str(&text)?;
        if listed.is_null() {
            bail!("the stack {stack} says nothing of itself");
        }
        Ok(Outputs(Some(listed)))
    }
}

/// A stack's outputs; of a stack that was not asked, placeholders.
pub(crate) struct Outputs(Option<Value>);

impl Outputs {
    pub(crate) fn get(&self, name: &str) -> Result<String> {
        let Some(listed) = &self.0 else {
            return Ok(format!("<{name}>"));
        };
        let mut each = listed.as_array().into_iter().flatten();
        let found = each.find(|output| output["OutputKey"] == name);
        let value = found.and_then(|output| output["OutputValue"].as_str());
        Ok(value
            .with_context(|| format!("the stack has no output {name}"))?
            .to_owned())
    }
}

/// A command as one would type it in the repository's root.
pub(crate) fn shown(call: &Command) -> String {
    let program = Path::new(call.get_program());
    let program = program.strip_prefix(root()).unwrap_or(program);
    let mut line = program.to_string_lossy().into_owned();
    for word in call.get_args() {
        let path = Path::new(word);
        let word = path.strip_prefix(root()).unwrap_or(path).to_string_lossy();
        let _ = write!(line, " {}", quoted(&word));
    }
    line
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    #[test]
    fn takes_the_stages_that_the_template_takes() {
        assert_eq!(stage("dev"), Ok("dev".to_owned()));
        for bad in ["", "1a", "Dev", "my-stage", "aaaaaaaaaaaaaaaaa"] {
            assert!(stage(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn shows_a_command_so_that_a_shell_takes_it() {
        let mut call = Command::new(root().join("target/tools/bin/aws"));
        call.args(["--query", "Stacks[0].Outputs", "it's"])
            .arg(root().join("infra/template.yaml"));
        assert_eq!(
            shown(&call),
            r"target/tools/bin/aws --query 'Stacks[0].Outputs' 'it'\''s' infra/template.yaml"
        );
    }

    #[test]
    fn finds_outputs_by_name() {
        let listed = json!([{"OutputKey": "Address", "OutputValue": "https://x"}]);
        let outputs = Outputs(Some(listed));
        assert_eq!(outputs.get("Address").unwrap(), "https://x");
        assert!(outputs.get("Nothing").is_err());
        assert_eq!(Outputs(None).get("Address").unwrap(), "<Address>");
    }
}
