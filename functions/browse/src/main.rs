//! The function that shows accounts, mails and previews, and hands out files.

fn main() {}
