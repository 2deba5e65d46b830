//! Versions that stand in two files must be the same in both: the tools refuse each other otherwise.

use std::fs;

use rcs_revoke_tests::repository;

fn text(file: &str) -> String {
    fs::read_to_string(repository().join(file)).expect("the file is in the repository")
}

/// What stands between two texts, the first time.
fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before} in the file"));
    rest.split(after).next().expect("split gives at least one")
}

#[test]
fn trunk_asks_for_the_wasm_opt_that_npm_installs() {
    let (trunk, npm) = (text("Trunk.toml"), text("package.json"));
    let installed = between(&npm, "\"binaryen\": \"", ".");
    assert_eq!(between(&trunk, "wasm_opt = \"version_", "\""), installed);
}

#[test]
fn the_wasm_bindgen_program_has_the_version_of_the_crate() {
    let (workspace, tools) = (text("Cargo.toml"), text("tools/Cargo.toml"));
    let linked = between(&workspace, "\nwasm-bindgen = \"=", "\"");
    assert_eq!(between(&tools, "wasm-bindgen-cli = { version = \"=", "\""), linked);
    assert_eq!(between(&tools, "\nversion = \"", "\""), linked);
}
