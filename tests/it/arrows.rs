//! The rules of the house that no compiler checks: which crate may know which, what the core may use, that every
//! dependency says what it is for, and that versions which stand twice are the same.

mod manifest;
mod pins;
mod sources;
