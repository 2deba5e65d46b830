//! Makes sure that there is a console to embed: a page that says how to build it, until somebody does.

use std::fs;
use std::path::Path;

const STUB: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>rcs-revoke</title>\
<p>This server was built without its console. Build it with <code>cargo xtask console</code>, then build the server \
again. The API works meanwhile: see <a href=\"/openapi.json\">/openapi.json</a>.\n";

fn main() {
    println!("cargo::rerun-if-changed=../../dist");
    println!("cargo::rerun-if-changed=build.rs");
    let index = Path::new("../../dist/index.html");
    if !index.exists() {
        let folder = index.parent().expect("the path has a folder");
        fs::create_dir_all(folder).expect("the repository's folder can be written");
        fs::write(index, STUB).expect("the repository's folder can be written");
    }
}
