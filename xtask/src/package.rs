//! `cargo xtask package`: the functions as archives that Lambda takes, built by Cargo Lambda with the
//! compiler of Zig as the linker, so that any machine makes them for either processor.

use std::ffi::OsString;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use flate2::read::DeflateDecoder;

use crate::cargo::{command, ensure_target, run, target};
use crate::install::{self, Tool};
use crate::python;

/// The functions; each package has one program of its name.
pub(crate) const FUNCTIONS: [&str; 6] = [
    "bulkhead-submit",
    "bulkhead-browse",
    "bulkhead-status",
    "bulkhead-worker",
    "bulkhead-sweep",
    "bulkhead-dead-letter",
];

/// An archive may be this large. Lambda takes 50 MB; what is loaded at a cold start is what counts.
const ARCHIVE_MOST: u64 = 10_000_000;

/// The processor that the functions are for.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Arch {
    /// What the template asks for: a fifth cheaper for the same time
    Arm64,
    /// For machines where that one does not run
    #[value(name = "x86-64")]
    X86_64,
}

/// What is packaged.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// For which processor
    #[arg(long, value_enum, default_value_t = Arch::Arm64)]
    arch: Arch,
    /// Compile without optimisation, into target/lambda-quick: shows that all of them build, and is nothing
    /// to deploy
    #[arg(long)]
    quick: bool,
}

impl Arch {
    /// Cargo Lambda's word for it.
    fn option(self) -> &'static str {
        match self {
            Self::Arm64 => "--arm64",
            Self::X86_64 => "--x86-64",
        }
    }

    /// The compiler target.
    fn triple(self) -> &'static str {
        match self {
            Self::Arm64 => "aarch64-unknown-linux-gnu",
            Self::X86_64 => "x86_64-unknown-linux-gnu",
        }
    }

    /// Its number in a program's header (ELF, `e_machine`).
    fn machine(self) -> u16 {
        match self {
            Self::Arm64 => 183,
            Self::X86_64 => 62,
        }
    }
}

/// Packages them as the template asks for them.
pub(crate) fn for_the_template() -> Result<()> {
    package(&Options {
        arch: Arch::Arm64,
        quick: false,
    })
}

/// Builds all functions in one go and says how large they are.
pub(crate) fn package(options: &Options) -> Result<()> {
    let Options { arch, quick } = *options;
    install::ensure(Tool::Python)?;
    ensure_target(arch.triple(), "the functions")?;
    let begun = Instant::now();
    let folder = build(arch, quick)?;
    eprintln!("Built in {} s:", begun.elapsed().as_secs());
    for function in FUNCTIONS {
        let archive = folder.join(function).join("bootstrap.zip");
        let bytes = fs::metadata(&archive)
            .with_context(|| format!("cannot read {}", archive.display()))?
            .len();
        eprintln!("  {function}: {} KiB zipped", bytes.div_ceil(1024));
        if bytes > ARCHIVE_MOST && !quick {
            bail!("{function} has {bytes} bytes zipped; at the most {ARCHIVE_MOST} are allowed");
        }
        let machine = machine(&archive)?;
        if machine != arch.machine() {
            bail!(
                "{function} is for machine {machine} of the ELF list, not for {}",
                arch.triple()
            );
        }
    }
    Ok(())
}

/// Answers the folder with an archive for each function; the template names the same place.
fn build(arch: Arch, quick: bool) -> Result<PathBuf> {
    let profile = if quick { "dev" } else { "function" };
    let folder = target().join(if quick { "lambda-quick" } else { "lambda" });
    let mut cargo_lambda = command(&python::program("cargo-lambda"));
    cargo_lambda
        .args(["lambda", "build", "--profile", profile, "--locked"])
        .args([arch.option(), "--output-format", "zip", "--lambda-dir"])
        .arg(&folder)
        .args(FUNCTIONS.iter().flat_map(|name| ["--package", name]))
        // Zig is a Python package beside it, and is found by that Python.
        .env("PATH", with_programs()?);
    run(&mut cargo_lambda)?;
    Ok(folder)
}

fn with_programs() -> Result<OsString> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(python::programs()).chain(std::env::split_paths(&path));
    Ok(std::env::join_paths(folders)?)
}

/// The machine that the program in an archive is for: the number in its header.
fn machine(archive: &Path) -> Result<u16> {
    let bytes = fs::read(archive).with_context(|| format!("cannot read {}", archive.display()))?;
    let header = program_header(&bytes)
        .with_context(|| format!("{} does not begin with a program", archive.display()))?;
    Ok(u16::from_le_bytes([header[18], header[19]]))
}

/// The first bytes of the only file of an archive, if that is an ELF program called `bootstrap`, as Lambda
/// wants it (APPNOTE.TXT of ZIP, section 4.3.7).
fn program_header(archive: &[u8]) -> Option<[u8; 20]> {
    const LOCAL_HEADER: usize = 30;
    let number = |at: usize| {
        Some(u16::from_le_bytes([
            *archive.get(at)?,
            *archive.get(at + 1)?,
        ]))
    };
    let (method, name, extra) = (number(8)?, number(26)?, number(28)?);
    let begin = LOCAL_HEADER + usize::from(name);
    let content = archive.get(begin + usize::from(extra)..)?;
    let is_bootstrap =
        archive.starts_with(b"PK\x03\x04") && archive.get(LOCAL_HEADER..begin)? == b"bootstrap";
    let mut header = [0; 20];
    match method {
        0 => (&mut &*content).read_exact(&mut header).ok()?,
        8 => DeflateDecoder::new(content).read_exact(&mut header).ok()?,
        _ => return None,
    }
    (is_bootstrap && header.starts_with(b"\x7fELF")).then_some(header)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use flate2::Compression;
    use flate2::write::DeflateEncoder;
    use std::io::Write;

    fn zipped(name: &str, method: u16, content: &[u8]) -> Vec<u8> {
        let mut zip = b"PK\x03\x04\x14\x00\x00\x00".to_vec();
        zip.extend(method.to_le_bytes());
        zip.extend([0; 16]);
        zip.extend((name.len() as u16).to_le_bytes());
        zip.extend(3u16.to_le_bytes());
        zip.extend(name.as_bytes());
        zip.extend([9; 3]);
        zip.extend(content);
        zip
    }

    fn deflated(content: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn program(machine: u16) -> Vec<u8> {
        let mut program = b"\x7fELF\x02\x01\x01".to_vec();
        program.resize(18, 0);
        program.extend(machine.to_le_bytes());
        program.extend([0; 500]);
        program
    }

    #[test]
    fn reads_the_machine_of_a_program_in_an_archive() {
        for arch in [Arch::Arm64, Arch::X86_64] {
            let program = program(arch.machine());
            for zip in [
                zipped("bootstrap", 8, &deflated(&program)),
                zipped("bootstrap", 0, &program),
            ] {
                let header = program_header(&zip).unwrap();
                assert_eq!(u16::from_le_bytes([header[18], header[19]]), arch.machine());
            }
        }
    }

    #[test]
    fn anything_else_is_no_program() {
        let good = zipped("bootstrap", 8, &deflated(&program(183)));
        assert!(program_header(&zipped("bin/main", 8, &deflated(&program(183)))).is_none());
        assert!(
            program_header(&zipped(
                "bootstrap",
                8,
                &deflated(b"#!/bin/sh\nexit 1\n# longer")
            ))
            .is_none()
        );
        assert!(program_header(&zipped("bootstrap", 12, &program(183))).is_none());
        for length in 0..45 {
            assert!(program_header(&good[..length]).is_none(), "{length}");
        }
    }
}
