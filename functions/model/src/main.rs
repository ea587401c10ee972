//! Trains the model, and measures it: what `cargo xtask train` and `cargo xtask bench model` run, optimised.
#![allow(clippy::print_stdout, reason = "it answers on its output")]

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs, io};

use bulkhead_model::training;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["train", collection, weights] => train(collection.into(), weights.into()),
        ["measure", collection, weights] => measure(collection.into(), weights.into()),
        _ => Err(io::Error::other("train or measure, COLLECTION, WEIGHTS")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("This did not work: {error}");
            ExitCode::FAILURE
        }
    }
}

fn train(collection: PathBuf, weights: PathBuf) -> io::Result<()> {
    fs::write(weights, training::train(&collection)?)
}

fn measure(collection: PathBuf, weights: PathBuf) -> io::Result<()> {
    print!("{}", training::report(&collection, &fs::read(weights)?)?);
    Ok(())
}
