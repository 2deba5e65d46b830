// What a bundler ships of the npm package: raw, gzip and brotli, for one import and for everything of each entry.
//
// `cargo xtask bench size` prints it; `tests/js/size.test.mjs` bounds it.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

/** The most that each may weigh, in bytes of gzip: what `rcs-revoke` should, and of the others what they do and a little. */
export const LIMITS = {
    "everything of `rcs-revoke`": 60_000,
    "everything of `rcs-revoke/import`": 39_000,
    "everything of `rcs-revoke/webhooks`": 28_800,
    "everything for a page: `rcs-revoke` and `rcs-revoke/import`": 93_000,
    "all three": 117_000,
};

function weigh(...parts) {
    const sum = (size) => parts.reduce((total, part) => total + size(part), 0);
    return {
        raw: sum((part) => part.length),
        gzip: sum((part) => gzipSync(part, { level: 9 }).length),
        brotli: sum(
            (part) =>
                brotliCompressSync(part, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
        ),
    };
}

/** The file of each entry that bundlers take. */
const ENTRIES = {
    "rcs-revoke": "web.js",
    "rcs-revoke/import": "import-web.js",
    "rcs-revoke/webhooks": "webhooks-web.js",
};

/** What esbuild makes for a page of everything that some entries export, or of one export; minified. */
async function bundled(folder, entries, name = "*") {
    const names = name === "*" ? "* as all" : `{ init, ${name} }`;
    const use = name === "*" ? "all" : `[init, ${name}]`;
    const lines = entries.map((entry, index) => {
        const alias = (text) => text.replace(/\ball\b/, `all${index}`);
        const from = join(folder, ENTRIES[entry]);
        return `import ${alias(names)} from ${JSON.stringify(from)}; globalThis.x${index} = ${alias(use)};`;
    });
    const { outputFiles } = await build({
        stdin: { contents: lines.join("\n"), resolveDir: folder },
        bundle: true,
        minify: true,
        format: "esm",
        target: "es2022",
        write: false,
        logLevel: "error",
    });
    return outputFiles[0].contents;
}

/** The sizes, by what is imported from the package in that folder. */
export async function sizes(folder) {
    const names = ["rcs_revoke.wasm", "rcs_revoke_import.wasm", "rcs_revoke_webhooks.wasm"];
    const [main, rows, calls] = names.map((name) => readFileSync(join(folder, name)));
    const one = await bundled(folder, ["rcs-revoke"], "routeRegion");
    const all = await bundled(folder, ["rcs-revoke"]);
    const importing = await bundled(folder, ["rcs-revoke/import"]);
    const hearing = await bundled(folder, ["rcs-revoke/webhooks"]);
    const page = await bundled(folder, ["rcs-revoke", "rcs-revoke/import"]);
    const every = await bundled(folder, Object.keys(ENTRIES));
    return {
        "`rcs-revoke`: its WebAssembly module": weigh(main),
        "`rcs-revoke`: its JavaScript": weigh(all),
        "`import { routeRegion } from \"rcs-revoke\"`": weigh(main, one),
        "everything of `rcs-revoke`": weigh(main, all),
        "`rcs-revoke/import`: its WebAssembly module": weigh(rows),
        "`rcs-revoke/import`: its JavaScript": weigh(importing),
        "everything of `rcs-revoke/import`": weigh(rows, importing),
        "`rcs-revoke/webhooks`: its WebAssembly module": weigh(calls),
        "`rcs-revoke/webhooks`: its JavaScript": weigh(hearing),
        "everything of `rcs-revoke/webhooks`": weigh(calls, hearing),
        "everything for a page: `rcs-revoke` and `rcs-revoke/import`": weigh(main, rows, page),
        "all three": weigh(main, rows, calls, every),
    };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    console.log("| What a bundler ships | raw | gzip | brotli |\n|---|---:|---:|---:|");
    for (const [what, { raw, gzip, brotli }] of Object.entries(await sizes(process.env.REVOKE_TEST_PACKAGE))) {
        const cells = [raw, gzip, brotli].map((bytes) => bytes.toLocaleString("en-US"));
        console.log(`| ${what} | ${cells.join(" | ")} |`);
    }
    const bytes = (number) => number.toLocaleString("en-US");
    const limits = Object.entries(LIMITS).map(([what, limit]) => `${what} ${bytes(limit)}`);
    console.log(`\nBytes. Limits of gzip: ${limits.join(", ")}.`);
}
