//! The function that takes drafts, confirmations, control and accounts.

fn main() {}
