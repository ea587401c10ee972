//! Which crates cargo is asked to build together: a selection settles the features of all that is in it.

/// The crates that everything native is built from, in one selection: the same for clippy and for
/// tests, so that cargo settles on one set of features. xtask stands apart, because it runs meanwhile.
pub(crate) const NATIVE: [&str; 7] = [
    "--workspace",
    "--exclude",
    "xtask",
    "--exclude",
    "xtask-bindgen",
    "--all-features",
    "--all-targets",
];

/// What the server alone is built in, for `dev`: with the features that [`NATIVE`] has for whatever it is built
/// from (`features` checks that), but for those of our own that it does not need.
pub(crate) const SERVER: [&str; 6] = [
    "--package",
    "bulkhead",
    "--package",
    "bulkhead-tests",
    "--package",
    "bulkhead-frontend",
];
