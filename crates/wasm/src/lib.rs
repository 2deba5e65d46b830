//! The core for JavaScript: thin typed bindings and nothing else. Every decision is made in `rcs-revoke-core`.
//!
//! Values cross as plain objects in the core's JSON form: `snake_case` fields, times as milliseconds since 1970,
//! `null` for nothing. What cannot be done is thrown as an `Error` with a stable `code`. The TypeScript types
//! stand in `types/`, written by hand next to the functions that they describe.

mod decide;
mod import;
mod value;

use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen(typescript_custom_section)]
const MESSAGE_TYPES: &str = include_str!("types/message.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const WEBHOOK_TYPES: &str = include_str!("types/webhook.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const EVIDENCE_TYPES: &str = include_str!("types/evidence.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const OUTCOME_TYPES: &str = include_str!("types/outcome.d.ts");
#[wasm_bindgen(typescript_custom_section)]
const IMPORT_TYPES: &str = include_str!("types/import.d.ts");

/// The version of this module.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
