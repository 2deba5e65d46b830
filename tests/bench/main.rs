//! Sizes, speed and memory of the release builds, beside what bare loops of the same client do.
fn main() {}
