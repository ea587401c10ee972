//! The function that asks again for what nobody holds, on a schedule.

fn main() {}
