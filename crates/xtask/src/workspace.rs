//! Where things are: the repository, cargo's target directory, the tools built into it.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The repository and the directories that chores write to.
pub struct Workspace {
    /// The folder of the workspace's `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target directory; honours `CARGO_TARGET_DIR`.
    pub target: PathBuf,
}

impl Workspace {
    /// Finds the repository that this program was started from.
    ///
    /// # Errors
    ///
    /// When the folder of the manifest has no grandparent, that is, when this is not our repository.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = manifest
            .ancestors()
            .nth(2)
            .with_context(|| format!("{} is not in a repository of crates", manifest.display()))?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) if !dir.is_empty() => env::current_dir()?.join(dir),
            _ => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// Tools that no package manager had; they survive `cargo build`, not `cargo clean`.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// What Trunk builds and the server embeds.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// A program that cargo built, in a profile's folder (`debug`, `release`).
    pub fn binary(&self, profile: &str, name: &str) -> PathBuf {
        self.target.join(profile).join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// A command that runs in the repository and finds our own tools first.
    pub fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root).env("PATH", self.search_path()).env("CARGO_TARGET_DIR", &self.target);
        command
    }

    /// The cargo that started us.
    pub fn cargo(&self, subcommand: &str) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.arg(subcommand);
        command
    }

    /// The version of a package in `Cargo.lock`.
    ///
    /// # Errors
    ///
    /// When the lock file cannot be read or does not name the package.
    pub fn locked_version(&self, package: &str) -> Result<String> {
        let lock = self.root.join("Cargo.lock");
        let text = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        version_in_lock(&text, package)
            .map(ToOwned::to_owned)
            .with_context(|| format!("{} names no package {package}", lock.display()))
    }

    fn search_path(&self) -> OsString {
        let ours = [self.tools().join("bin"), self.root.join("node_modules").join(".bin")];
        let path = env::var_os("PATH").unwrap_or_default();
        env::join_paths(ours.into_iter().chain(env::split_paths(&path))).unwrap_or(path)
    }
}

/// Finds a program on the caller's own `PATH`.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?).map(|dir| dir.join(&file)).find(|candidate| is_file(candidate))
}

fn is_file(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file())
}

fn version_in_lock<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let (_, entry) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_is_read_by_whole_names() {
        let lock = "[[package]]\nname = \"wasm-bindgen-shared\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"x\"\n";
        assert_eq!(version_in_lock(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(version_in_lock(lock, "bindgen"), None);
    }
}
