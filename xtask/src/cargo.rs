//! Where the repository is, and how cargo and rustup are called in it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

/// The compiler target of the browser app.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Waits until no other command of ours does this; none begins it as long as the file is kept.
pub(crate) fn alone(what: &str) -> Result<File> {
    fs::create_dir_all(target())?;
    let lock = File::create(target().join(what).with_extension("lock"))?;
    lock.lock()?;
    Ok(lock)
}

/// A command in the repository's root.
pub(crate) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that runs us, with these arguments, in the repository's root.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut command = command(&cargo);
    command.args(arguments);
    command
}

/// Runs a command to its end; its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    ended(command, status)
}

/// Whether a command that ended did its work.
pub(crate) fn ended(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// What a command prints.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    if !output.status.success() {
        bail!("{} ended with {}", shown(command), output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A command as one would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name();
    let words = program
        .into_iter()
        .chain(command.get_args())
        .map(|word| word.to_string_lossy());
    words.collect::<Vec<_>>().join(" ")
}

/// Adds the app's compiler target if this toolchain does not have it yet.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    ensure_target(WASM, "the browser app")
}

/// Adds a compiler target if this toolchain does not have it yet; `what` is built for it.
pub(crate) fn ensure_target(name: &str, what: &str) -> Result<()> {
    let mut sysroot = command("rustc");
    let sysroot = output(sysroot.args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(name);
    if library.exists() {
        return Ok(());
    }
    let _alone = alone("install")?;
    if library.exists() {
        return Ok(());
    }
    eprintln!("Adding the compiler target {name} …");
    run(command("rustup").args(["target", "add", name])).with_context(|| {
        format!(
            "The compiler for {what} is missing and could not be added.\n\
             With rustup: rustup target add {name}\n\
             With a distribution's Rust: install its package for {name}"
        )
    })
}
