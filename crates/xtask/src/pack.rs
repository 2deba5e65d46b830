//! `cargo xtask pack`: the npm package, as a folder and as the tarball that npm would publish.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::fingerprint::{self, files_below};
use crate::process::{answer, run};
use crate::progress::step;
use crate::test::wasm_module;
use crate::workspace::Workspace;

/// What becomes a file of the package: each entry, and the file that is bundled from it.
const BUNDLES: &[(&str, &str)] = &[
    ("src/shared.ts", "shared.cjs"),
    ("src/shared.ts", "shared.js"),
    ("src/node.ts", "node.cjs"),
    ("src/web.ts", "web.js"),
    ("src/workerd.ts", "workerd.js"),
    ("src/import-node.ts", "import-node.cjs"),
    ("src/import-web.ts", "import-web.js"),
    ("src/import-workerd.ts", "import-workerd.js"),
    ("src/webhooks-node.ts", "webhooks-node.cjs"),
    ("src/webhooks-web.ts", "webhooks-web.js"),
    ("src/webhooks-workerd.ts", "webhooks-workerd.js"),
    ("client/index.js", "client.js"),
    ("client/index.js", "client.cjs"),
];

/// How a bundle is written that `require` loads, and how one that `import` does.
const COMMON: &[&str] = &["--platform=node", "--format=cjs", "--target=node18"];
const MODULE: &[&str] = &["--format=esm", "--target=es2022"];

/// What stays apart from the bundles: the shared file has one class of errors for all entries.
const APART: &[&str] = &["--external:*/shared.js", "--external:*.wasm"];

/// What esbuild exports for `require` are getters, which cost each call of the other files a twentieth.
const PLAIN: &str = "--footer:js=module.exports = { ...module.exports };";

/// What is copied as it is.
const COPIES: &[&str] = &["package.json", "README.md", "CHANGELOG.md"];

/// The package's folder, ready to be packed or installed.
pub fn folder(workspace: &Workspace) -> PathBuf {
    workspace.target.join("npm").join("package")
}

fn sources(workspace: &Workspace) -> PathBuf {
    workspace.root.join("crates").join("wasm").join("npm")
}

/// Builds the package and packs it.
///
/// # Errors
///
/// When something does not compile, or npm fails.
pub fn pack(workspace: &Workspace) -> Result<()> {
    build(workspace)?;
    let target = workspace.target.join("npm");
    let mut npm = workspace.command("npm");
    npm.arg("pack").arg(folder(workspace)).arg("--pack-destination").arg(&target);
    let name = answer(npm.args(["--ignore-scripts", "--loglevel=error"])).context("`npm pack` failed")?;
    eprintln!("The package is {}", target.join(name).display());
    Ok(())
}

/// Builds the package's folder, unless it is what the same sources gave last time.
///
/// # Errors
///
/// When something does not compile.
pub fn build(workspace: &Workspace) -> Result<()> {
    wasm_module::build(workspace)?;
    let folder = folder(workspace);
    let stamp = folder.with_file_name("package.sha256");
    let inputs = [
        fingerprint::of(&workspace.root, &["crates/wasm/npm", "package-lock.json"])?,
        fingerprint::of(&wasm_module::folder(workspace), &wasm_module::MODULES.map(|(_, name)| name))?,
        format!("{BUNDLES:?} {COMMON:?} {MODULE:?} {APART:?} {PLAIN} {COPIES:?}"),
    ]
    .concat();
    if fs::read_to_string(&stamp).is_ok_and(|found| found == inputs) {
        return Ok(());
    }
    step("Building the npm package", || {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        fill(workspace, &sources(workspace), &folder)?;
        for (_, name) in wasm_module::MODULES {
            copy(&wasm_module::folder(workspace).join(name), &folder.join(name))?;
        }
        for name in BUNDLES.iter().filter_map(|(_, name)| name.strip_suffix("node.cjs")) {
            let name = format!("{name}node");
            fs::write(folder.join(format!("{name}.js")), shim(workspace, &folder, &name)?)?;
        }
        fs::write(&stamp, &inputs).with_context(|| format!("cannot write {}", stamp.display()))
    })
}

fn fill(workspace: &Workspace, sources: &Path, folder: &Path) -> Result<()> {
    check_version(&sources.join("package.json"))?;
    run(workspace.command("tsc").arg("--project").arg(sources))?;
    for (entry, name) in BUNDLES {
        let file = folder.join(name);
        let is_common = file.extension().is_some_and(|kind| kind == "cjs");
        let mut esbuild = workspace.command("esbuild");
        esbuild
            .arg(sources.join(entry))
            .arg("--bundle")
            .args(if is_common { COMMON } else { MODULE })
            .args(APART);
        if *name == "shared.cjs" {
            esbuild.arg(PLAIN);
        }
        // The path of the input stands as a comment in the output: relative to here.
        esbuild.current_dir(sources).arg(format!("--outfile={}", file.display())).arg("--log-level=warning");
        run(&mut esbuild)?;
        if is_common {
            write(&file, &for_require(&fs::read_to_string(&file)?))?;
        }
    }
    for name in COPIES {
        copy(&sources.join(name), &folder.join(name))?;
    }
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        copy(&workspace.root.join(license), &folder.join(license))?;
    }
    types(&sources.join("types"), folder)
}

/// The package's version is the workspace's.
fn check_version(file: &Path) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let package: serde_json::Value = serde_json::from_str(&text)?;
    let (ours, theirs) = (env!("CARGO_PKG_VERSION"), &package["version"]);
    ensure!(theirs == ours, "{} says version {theirs}, the workspace is {ours}", file.display());
    Ok(())
}

/// The types, once for `import` and once for `require`: TypeScript tells them by the names of the files.
fn types(sources: &Path, folder: &Path) -> Result<()> {
    for file in files_below(sources)? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let module = folder.join("types").join(&name);
        let common = folder.join("types-cjs").join(name.replace(".d.ts", ".d.cts"));
        write(&module, &text)?;
        write(&common, &for_require(&text))?;
    }
    Ok(())
}

/// The same code or types with the names that `require` finds.
fn for_require(text: &str) -> String {
    text.replace(".js\";", ".cjs\";").replace(".js\")", ".cjs\")")
}

/// `import` in Node takes what `require` takes: one module, one memory, one class for `instanceof`.
fn shim(workspace: &Workspace, folder: &Path, name: &str) -> Result<String> {
    let mut node = workspace.command("node");
    let print = format!("Object.keys(require('./{name}.cjs')).sort().join(',\\n    ')");
    let names = answer(node.current_dir(folder).args(["-p", &print]));
    let names = names.with_context(|| format!("node cannot load {name}.cjs"))?;
    Ok(format!(
        "// What `require` gives: one module, one memory.\nimport entry from \"./{name}.cjs\";\n\n\
         export const {{\n    {names},\n}} = entry;\n"
    ))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {} to {}", from.display(), to.display()))?;
    Ok(())
}

fn write(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::for_require;

    #[test]
    fn only_the_names_of_modules_change() {
        assert_eq!(
            for_require("export * from \"./ids.js\";\n// a file.js\ntype A = import(\"./a.js\").A;\n"),
            "export * from \"./ids.cjs\";\n// a file.js\ntype A = import(\"./a.cjs\").A;\n"
        );
    }
}
