//! Values in and out, and errors that code can branch on.

use js_sys::{Error, Reflect, Uint8Array};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::{Deserializer, Serializer};
use wasm_bindgen::{JsCast, JsValue};

/// The code of an error about a value that does not have the documented type.
const INVALID_ARGUMENT: &str = "invalid_argument";

/// Reads a value that JavaScript gave.
///
/// # Errors
/// When a field is missing or wrong; the message names its place.
pub fn read<T: DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_path_to_error::deserialize(Deserializer::from(value)).map_err(|error| {
        let place = error.path().to_string();
        let problem = error.into_inner();
        // Behind a tag the place is lost: "." and "?" would only confuse.
        if place == "." || place.contains('?') {
            failure(INVALID_ARGUMENT, &problem.to_string())
        } else {
            failure(INVALID_ARGUMENT, &format!("{place}: {problem}"))
        }
    })
}

/// Gives a value to JavaScript, in the shape of its JSON.
///
/// # Errors
/// When it holds a number that JavaScript cannot hold exactly.
pub fn write<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|error| failure("not_representable", &error.to_string()))
}

/// Reads text or bytes.
///
/// # Errors
/// When it is neither a string nor a `Uint8Array`.
pub fn bytes(value: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text.into_bytes());
    }
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(failure(INVALID_ARGUMENT, "expected a string or a Uint8Array")),
    }
}

/// An `Error` with a stable `code`.
pub fn failure(code: &str, message: &str) -> JsValue {
    let error = Error::new(message);
    error.set_name("RcsRevokeError");
    // Setting a property of an object made a line above cannot fail.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
