//! Webhooks for JavaScript: verified and read, and whose they are. A module of its own: a page, which has no secret to
//! verify them with, does without it.
//!
//! Every decision is made in `rcs-revoke-core`; how a question crosses the boundary stands in `rcs-revoke-boundary`.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use rcs_revoke_boundary::Boundary;
use wasm_bindgen::prelude::wasm_bindgen;

mod ops;
mod write;

/// Everything that lives between two calls: no objects.
#[wasm_bindgen]
pub struct Core(Boundary<()>);

#[wasm_bindgen]
impl Core {
    /// The one core of an instance. Its name tells this module from the others, which have a `new` and an `import`.
    pub fn webhooks() -> Self {
        Self(Boundary::default())
    }

    /// See [`Boundary::input`].
    pub fn input(&mut self, len: usize) -> usize {
        self.0.input(len)
    }

    /// See [`Boundary::call`].
    pub fn call(&mut self, op: u32, handle: usize, at: f64, head: usize) -> i32 {
        self.0.call((op, handle, at, head), ops::answer)
    }

    /// See [`Boundary::output`].
    pub fn output(&self) -> usize {
        self.0.output()
    }
}
