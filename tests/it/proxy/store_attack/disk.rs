//! A disk that fails when it is told to, for one program: `disk.c`, loaded in front of the C library.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcs_revoke_tests::built_program;
use tempfile::TempDir;

pub const NO_SPACE: i32 = 28;
pub const QUOTA_EXCEEDED: i32 = 122;
pub const READ_ONLY: i32 = 30;
pub const INPUT_OUTPUT: i32 = 5;

/// The disk under one program.
pub struct Disk {
    folder: TempDir,
}

impl Disk {
    /// One that works.
    pub fn sound() -> Self {
        let folder = tempfile::tempdir().expect("there is a temporary folder");
        let disk = Self { folder };
        fs::write(disk.path("disk.c"), include_str!("disk.c")).expect("the folder can be written");
        let compiled = Command::new("cc")
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .arg(disk.path("disk.so"))
            .arg(disk.path("disk.c"))
            .arg("-ldl")
            .status();
        assert!(compiled.expect("the compiler that SQLite is built with").success());
        disk.heal();
        disk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The server on this disk, as a program; with these variables.
    pub fn program(&self, variables: &[(&str, &Path)]) -> PathBuf {
        let mut text = format!(
            "#!/bin/sh\nexport DISK_ORDERS='{}' LD_PRELOAD='{}'\n",
            self.path("orders").display(),
            self.path("disk.so").display()
        );
        for (name, value) in variables {
            let _ = writeln!(text, "export {name}='{}'", value.display());
        }
        let _ = writeln!(text, "exec '{}' \"$@\"", built_program("rcs-revoke").display());
        let program = self.path("rcs-revoke");
        fs::write(&program, text).expect("the folder can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
        program
    }

    fn order(&self, text: &str) {
        // In one step, so that nobody reads half an order.
        fs::write(self.path("next"), text).expect("the folder can be written");
        fs::rename(self.path("next"), self.path("orders")).expect("the folder can be written");
    }

    pub fn heal(&self) {
        self.order("sound 0 -");
    }

    /// Writes to these files fail.
    pub fn refuse_writes(&self, errno: i32, files: &str) {
        self.order(&format!("write {errno} {files}"));
    }

    /// What was written to these files cannot be made durable.
    pub fn refuse_syncs(&self, errno: i32, files: &str) {
        self.order(&format!("sync {errno} {files}"));
    }

    /// These files cannot be opened for writing.
    pub fn refuse_opens(&self, errno: i32, files: &str) {
        self.order(&format!("open {errno} {files}"));
    }

    /// The program is killed at its nth change of a database file: before it, or in the middle.
    pub fn kill_at(&self, change: usize, torn: bool) {
        self.order(&format!("{} {change} -", if torn { "tear" } else { "die" }));
    }
}
