//! The core for JavaScript. Every decision is made in `rcs-revoke-core`; here is only what crosses the boundary.
//!
//! The npm package in `npm/` writes a question into [`input`], makes one [`call`], and reads the answer at
//! [`output`]. Questions and answers are flat lists of texts (see [`wire`]): far smaller and faster than objects
//! that are walked from both sides. The objects that people see are made in `npm/src/`.

mod ops;
mod read;
mod state;
pub mod wire;
mod words;
mod write;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::state::STATE;

/// Makes room for a question and says where: an address in the module's memory.
#[wasm_bindgen]
pub fn input(len: usize) -> usize {
    STATE.with_borrow_mut(|state| state.room(len))
}

/// Answers the question of `head` bytes of text, followed by the bytes of a body.
///
/// Returns the length of the answer, or minus one less than the length of an error.
#[wasm_bindgen]
pub fn call(op: u32, handle: u32, at: f64, head: usize) -> i32 {
    STATE.with_borrow_mut(|state| state.call(op, handle, at, head))
}

/// Where the answer is: an address in the module's memory, until the next call.
#[wasm_bindgen]
pub fn output() -> usize {
    STATE.with_borrow(|state| state.answer.as_ptr().addr())
}
