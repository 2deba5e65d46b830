//! Import: any pasted or uploaded text becomes rows, all at once or in slices.

use rcs_revoke_core::Source;
use rcs_revoke_core::import::{self, Entry, KnownMessage};
use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::value::{bytes, failure, read, write};

/// Reads a whole text into rows.
///
/// # Errors
/// When the text is neither a string nor a `Uint8Array`.
#[wasm_bindgen(js_name = parseImport, unchecked_return_type = "Row[]")]
pub fn parse_import(
    #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] text: &JsValue,
) -> Result<JsValue, JsValue> {
    let mut importer = import::Importer::new();
    let mut rows = importer.push(bytes(text)?);
    rows.extend(importer.finish());
    write(&rows)
}

/// Reads a text that comes in pieces; where they are cut never changes a row.
#[wasm_bindgen]
#[derive(Default)]
pub struct Importer {
    reading: Option<import::Importer>,
}

#[wasm_bindgen]
impl Importer {
    /// An importer at the beginning of a text.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self { reading: Some(import::Importer::new()) }
    }

    /// Reads the next piece and returns the rows that it completes.
    ///
    /// # Errors
    /// `finished` after the end; `invalid_argument` when the piece is neither a string nor a `Uint8Array`.
    #[wasm_bindgen(unchecked_return_type = "Row[]")]
    pub fn push(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "string | Uint8Array")] piece: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let piece = bytes(piece)?;
        write(&self.reading.as_mut().ok_or_else(finished)?.push(piece))
    }

    /// Ends the text and returns the last rows.
    ///
    /// # Errors
    /// `finished` after the end.
    #[wasm_bindgen(unchecked_return_type = "Row[]")]
    pub fn finish(&mut self) -> Result<JsValue, JsValue> {
        write(&self.reading.take().ok_or_else(finished)?.finish())
    }
}

fn finished() -> JsValue {
    failure("finished", "this importer has reached the end of its text: make a new one")
}

#[derive(Deserialize)]
struct EntryQuestion {
    entry: Entry,
    sources: Vec<Source>,
    known: Option<KnownMessage>,
}

/// Which source sent the message of a row: never a guess.
///
/// # Errors
/// When the question has not its documented type.
#[wasm_bindgen(js_name = resolveEntry, unchecked_return_type = "Resolution")]
pub fn resolve_entry(
    #[wasm_bindgen(unchecked_param_type = "EntryQuestion")] question: JsValue,
) -> Result<JsValue, JsValue> {
    let EntryQuestion { entry, sources, known } = read(question)?;
    write(&import::resolve(&entry, &sources, known.as_ref()))
}
