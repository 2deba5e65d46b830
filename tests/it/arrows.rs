//! The rules of the house that no compiler checks: which crate may know which, what the core may use, and that
//! every dependency says what it is for.

mod manifest;
mod sources;
