//! `dist/csp.json`: the hashes by which a content security policy allows the page's inline scripts.
//!
//! Trunk writes the script that starts the app into the page; its text changes with every build.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

/// Writes the hashes for the built page: `{"script_hashes": ["sha256-…"]}`.
///
/// # Errors
///
/// When the page cannot be read or the file cannot be written.
pub fn write(dist: &Path) -> Result<()> {
    let page = dist.join("index.html");
    let html = fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let hashes: Vec<_> = inline_scripts(&html).map(source_expression).collect();
    let file = dist.join("csp.json");
    fs::write(&file, format!("{:#}\n", json!({ "script_hashes": hashes })))
        .with_context(|| format!("cannot write {}", file.display()))
}

/// A script's hash as a [CSP source expression](https://www.w3.org/TR/CSP3/#grammardef-hash-source), unquoted.
fn source_expression(script: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(script)))
}

/// The exact text of every `<script>` without a `src`.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        let external = attributes.split_ascii_whitespace().any(|attribute| attribute.starts_with("src="));
        (!external).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_inline_scripts_are_taken_and_to_the_letter() {
        let html = "<head><script type=module src=/a.js></script><script type=\"module\">\nlet a = 1 > 0;\n</script>\
                    <link><script nonce=x>b</script></head>";
        let scripts: Vec<_> = inline_scripts(html).collect();
        assert_eq!(scripts, ["\nlet a = 1 > 0;\n", "b"]);
    }

    #[test]
    fn the_hash_is_the_one_of_the_specification() {
        // Example of https://www.w3.org/TR/CSP2/#script-src-hash-usage
        assert_eq!(
            source_expression("alert('Hello, world.');"),
            "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng="
        );
    }
}
