//! The core for JavaScript. Every decision is made in `rcs-revoke-core`; here is only what can be asked, and how its
//! answers are written. How a question crosses the boundary stands in `rcs-revoke-boundary`.

#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

use rcs_revoke_boundary::Boundary;
use rcs_revoke_core::{Evidence, Policy, Source};
use wasm_bindgen::prelude::wasm_bindgen;

mod ops;
mod write;

/// The facts of one message, and what they are judged by.
struct Revocation {
    evidence: Evidence,
    source: Source,
    policy: Policy,
}

/// Everything that lives between two calls.
#[wasm_bindgen]
#[derive(Default)]
pub struct Core(Boundary<Revocation>);

#[wasm_bindgen]
impl Core {
    /// The one core of an instance.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
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
