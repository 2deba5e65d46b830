//! What the sources say: the core has no clock and no I/O, the product meets the simulator in one place, and no
//! file outgrows a reader.

use std::fs;
use std::path::{Path, PathBuf};

use rcs_revoke_tests::repository;

/// Words that would give the core a clock, an order that differs from run to run, or a way out.
const NOT_IN_CORE: [&str; 12] = [
    "HashMap",
    "HashSet",
    "Instant",
    "SystemTime",
    "std::env",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "tokio",
    "wasm_bindgen",
    "web_sys",
];

/// The longest a source file may be; most are below 250.
const LONGEST_FILE: usize = 400;

/// Every Rust file below a folder of the repository.
fn rust_files(folder: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("the folder is there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                collect(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(&repository().join(folder), &mut files);
    assert!(!files.is_empty(), "{folder} has no Rust file: this test looks in the wrong place");
    files
}

/// The lines of a file that are code, with their numbers.
fn code(file: &Path) -> Vec<(usize, String)> {
    let text = fs::read_to_string(file).expect("sources are UTF-8");
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    lines.map(|(index, line)| (index + 1, line.to_owned())).collect()
}

#[test]
fn the_core_has_no_clock_and_no_way_out() {
    for file in rust_files("crates/core/src") {
        for (number, line) in code(&file) {
            for word in NOT_IN_CORE {
                assert!(!has_word(&line, word), "{}:{number}: the core must not use {word}", file.display());
            }
        }
    }
}

#[test]
fn the_product_knows_the_simulator_only_in_its_demo() {
    let proxy = repository().join("crates/proxy/src");
    for file in rust_files("crates/proxy/src") {
        let name = file.strip_prefix(&proxy).unwrap();
        if name.starts_with("demo") || name == Path::new("demo.rs") {
            continue;
        }
        for (number, line) in code(&file) {
            assert!(
                !line.contains("rcs_revoke_simulator::"),
                "{}:{number}: only the demo may use it",
                file.display()
            );
        }
    }
}

#[test]
fn no_source_file_is_too_long_to_read() {
    let mut folders = vec!["web/src".to_owned()];
    for entry in fs::read_dir(repository().join("crates")).unwrap() {
        folders.push(format!(
            "crates/{}/src",
            entry.unwrap().file_name().to_str().expect("our names are ASCII")
        ));
    }
    for file in folders.iter().flat_map(|folder| rust_files(folder)) {
        let lines = fs::read_to_string(&file).unwrap().lines().count();
        assert!(lines <= LONGEST_FILE, "{} has {lines} lines: split it", file.display());
    }
}

/// Whether a line has the word by itself, not as a part of a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let is_name = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        !before.is_some_and(is_name) && !after.is_some_and(is_name)
    })
}

#[test]
fn words_are_found_whole() {
    assert!(has_word("use std::time::Instant;", "Instant"));
    assert!(!has_word("Instantly", "Instant") && !has_word("an_Instant", "Instant"));
}
