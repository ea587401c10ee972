//! `cargo xtask train`: trains the model that tells what mails are about, and measures it. The same mails give the
//! same weights, byte for byte.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::cargo::{cargo, root, run};
use crate::mails;

/// Where the weights are kept.
const WEIGHTS: &str = "functions/model/data/weights.bin";

/// Trains, and puts the weights in their place.
pub(crate) fn train() -> Result<()> {
    let collection = mails::ensure()?;
    run(model("train", &collection).arg(root().join(WEIGHTS)))?;
    measure()
}

/// Prints what the weights are worth, on mails that training never saw.
pub(crate) fn measure() -> Result<()> {
    let collection = mails::ensure()?;
    run(model("measure", &collection).arg(root().join(WEIGHTS)))
}

/// The model's own program, which the profile for development optimises.
fn model(what: &str, collection: &Path) -> Command {
    let mut command = cargo(&[
        "run",
        "--quiet",
        "--package",
        "bulkhead-model",
        "--features",
        "train",
        "--",
    ]);
    command.arg(what).arg(collection);
    command
}
