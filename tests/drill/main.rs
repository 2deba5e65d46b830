//! The truth drill.
fn main() {}
