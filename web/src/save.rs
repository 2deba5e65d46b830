//! What leaves the page by the reader's hand: the clipboard and files.

use js_sys::Array;
use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};

/// Puts text on the clipboard and says whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    JsFuture::from(window().navigator().clipboard().write_text(text)).await.is_ok()
}

/// Offers text as a file to keep.
pub fn file(name: &str, kind: &str, text: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(blob) = Blob::new_with_str_sequence_and_options(&Array::of1(&text.into()), &options) {
        self::blob(name, &blob);
    }
}

/// Offers what the browser holds as a file to keep.
pub fn blob(name: &str, blob: &Blob) {
    let _ = offer(name, blob);
}

fn offer(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    Url::revoke_object_url(&url)
}

/// Rows as CSV; a cell that a spreadsheet would run as a formula is made text.
pub fn csv<'a>(rows: impl IntoIterator<Item = Vec<&'a str>>) -> String {
    let mut out = String::new();
    for row in rows {
        for (at, cell) in row.into_iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_cell(&mut out, cell);
        }
        out.push_str("\r\n");
    }
    out
}

fn push_cell(out: &mut String, cell: &str) {
    // A masked number is a number.
    let number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '•');
    let formula = cell.starts_with(['=', '-', '@', '\t', '\r'])
        || (cell.starts_with('+') && !cell[1..].chars().all(number));
    if !formula && !cell.contains(['"', ',', '\n', '\r']) {
        return out.push_str(cell);
    }
    out.push('"');
    if formula {
        out.push('\'');
    }
    out.push_str(&cell.replace('"', "\"\""));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::csv;

    #[test]
    fn cells_stay_cells_and_never_run() {
        let rows = [vec!["a,b", "say \"no\"", "plain"], vec!["=1+1", "+44 •••• 04", "+cmd"]];
        assert_eq!(csv(rows), "\"a,b\",\"say \"\"no\"\"\",plain\r\n\"'=1+1\",+44 •••• 04,\"'+cmd\"\r\n");
    }
}
