//! What crosses the boundary between the core and JavaScript, for each of the npm package's WebAssembly modules.
//!
//! The npm package in `crates/wasm/npm` writes a question into [`Boundary::input`], makes one [`Boundary::call`], and
//! reads the answer at [`Boundary::output`]. A question is a flat list of texts (see [`wire`]): far less code than
//! objects that are walked from both sides. An answer is JSON in the names of the package, which every platform reads
//! by itself. Each module says what can be asked of it, and keeps objects of one kind.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

pub mod answer;
pub mod read;
#[cfg(target_arch = "wasm32")]
mod runtime;
mod state;
pub mod wire;
pub mod words;
pub mod write;

pub use state::{Asked, Boundary, Objects};
