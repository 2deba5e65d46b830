//! The core for JavaScript. Every decision is made in `rcs-revoke-core`; here is only what crosses the boundary.
//!
//! The npm package in `npm/` writes a question into [`Core::input`], makes one [`Core::call`], and reads the
//! answer at [`Core::output`]. A question is a flat list of texts (see [`wire`]): far less code than objects that are
//! walked from both sides. An answer is JSON in the names of the package, which every platform reads by itself.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod ops;
mod read;
#[cfg(target_arch = "wasm32")]
mod runtime;
mod state;
pub mod wire;
mod words;
mod write;

pub use state::Core;
