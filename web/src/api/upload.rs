//! The upload of a large text, with its progress: `fetch` tells nothing of how much has left.

use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ProgressEvent, XmlHttpRequest};

use super::failure::Failure;

/// Sends a body: `begun` gets what it can be broken off by, `sent` how many bytes have left. Gives status and text of the
/// answer.
pub async fn upload(
    address: &str,
    kind: &str,
    idempotency_key: &str,
    body: &Blob,
    begun: impl FnOnce(XmlHttpRequest),
    sent: impl Fn(f64) + 'static,
) -> Result<(u16, String), Failure> {
    let request = XmlHttpRequest::new().map_err(|_| Failure::Lost)?;
    let ended = Promise::new(&mut |ended, _| request.set_onloadend(Some(&ended)));
    let progress = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| sent(event.loaded()));
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(progress.as_ref().unchecked_ref()));
    }
    let open = || {
        request.open_with_async("POST", address, true)?;
        request.set_request_header("Content-Type", kind)?;
        request.set_request_header("Idempotency-Key", idempotency_key)?;
        request.send_with_opt_blob(Some(body))
    };
    open().map_err(|_| Failure::Lost)?;
    begun(request.clone());
    let _ = JsFuture::from(ended).await;
    let status = request.status().unwrap_or(0);
    // Without an answer there is no status.
    if status == 0 {
        return Err(Failure::Lost);
    }
    Ok((status, request.response_text().ok().flatten().unwrap_or_default()))
}
