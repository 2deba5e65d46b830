// The packed package where it is run without a bundler: Node, Bun, Deno, workerd.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "esbuild";

import { startDouble } from "./double.mjs";
import { output, programOf, project } from "./kit.mjs";
import { startWorker } from "./workerd.mjs";

const LIMIT = { timeout: 120_000 };

let folder;
let double;

before(async () => {
    folder = await project();
    double = await startDouble(folder);
});

after(() => double?.stop());

/** Runs a smoke script, which prints what it has checked. */
async function smoke(program, args, script) {
    // Deno keeps what it compiles: beside the project, not in the user's own folder.
    const env = { ...process.env, DENO_DIR: join(folder, ".deno") };
    const text = await output(program, [...args, join("smoke", script), double.url], { cwd: folder, env });
    passed(JSON.parse(text));
}

function passed({ version, cases }) {
    assert.match(version, /^\d+\.\d+\.\d+$/);
    assert.ok(cases > 700, `${cases} vectors`);
}

for (const script of ["node.mjs", "node.cjs"]) {
    test(`this Node, ${script}`, LIMIT, () => smoke(process.execPath, [], script));

    test(`Node 18, ${script}`, LIMIT, async (context) => {
        const node = programOf("node 18", context);
        if (!node) return;
        assert.match(await output(node, ["--version"]), /^v18\./);
        await smoke(node, [], script);
    });

    test(`Bun, ${script}`, LIMIT, async (context) => {
        const bun = programOf("bun", context);
        if (bun) await smoke(bun, [], script);
    });

    test(`Deno, ${script}`, LIMIT, async (context) => {
        const deno = programOf("deno", context);
        if (!deno) return;
        // Only what the package needs: its own file, and the address that the client is given.
        const allowed = ["--no-remote", "--cached-only", `--allow-read=${folder}`, `--allow-net=${new URL(double.url).host}`];
        await smoke(deno, ["run", "--quiet", "--no-prompt", "--node-modules-dir=manual", ...allowed], script);
    });
}

test("a server bundled by esbuild, with the package left outside as its files need", LIMIT, async () => {
    await build({
        entryPoints: [join(folder, "smoke/node.mjs")],
        outfile: join(folder, "server/main.mjs"),
        bundle: true,
        platform: "node",
        format: "esm",
        external: ["rcs-revoke"],
        logLevel: "error",
    });
    passed(JSON.parse(await output(process.execPath, [join(folder, "server/main.mjs"), double.url], { cwd: folder })));
});

test("a Worker in workerd", LIMIT, async (context) => {
    const workerd = programOf("workerd", context);
    if (!workerd) return;
    const { origin, stop } = await startWorker(workerd, {
        folder: join(folder, "smoke"),
        entry: "worker.js",
    });
    context.after(stop);
    const answer = await fetch(`${origin}/?url=${encodeURIComponent(double.url)}`);
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    passed(JSON.parse(text));
});
