// The reference in docs/npm/ is generated from the package's types: a change of one is a change of the other.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("docs/npm is what typedoc makes of the types", { timeout: 120_000 }, async (context) => {
    const out = await mkdtemp(join(tmpdir(), "rcs-revoke-reference-"));
    context.after(() => rm(out, { recursive: true, force: true }));
    const program = join(root, "node_modules", "typedoc", "bin", "typedoc");
    const options = ["--options", join(root, "crates", "wasm", "npm", "typedoc.json"), "--out", out];
    await promisify(execFile)(process.execPath, [program, ...options], { cwd: root });
    const committed = join(root, "docs", "npm");
    const names = (await readdir(committed)).sort();
    assert.deepEqual((await readdir(out)).sort(), names);
    for (const name of names) {
        const [made, kept] = await Promise.all([out, committed].map((folder) => readFile(join(folder, name), "utf8")));
        assert.equal(made, kept, `${name}: run \`npx typedoc --options crates/wasm/npm/typedoc.json\``);
    }
});
