// What a bundler ships of the npm package: raw, gzip and brotli, for one import and for everything.
//
// `cargo xtask bench size` prints it; `tests/js/size.test.mjs` bounds it.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

/** What everything should weigh one day, in bytes of gzip. */
export const AIM = 60_000;

/** The most that everything may weigh meanwhile: what it weighs, and a little. */
export const LIMIT = 87_500;

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

/** What esbuild makes of a script for a page, minified. */
async function bundled(folder, script) {
    const { outputFiles } = await build({
        stdin: { contents: script.replaceAll("rcs-revoke", join(folder, "web.js")), resolveDir: folder },
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
    const wasm = await readFile(join(folder, "rcs_revoke.wasm"));
    const one = await bundled(folder, `import { init, routeRegion } from "rcs-revoke"; globalThis.x = [init, routeRegion];`);
    const all = await bundled(folder, `import * as all from "rcs-revoke"; globalThis.x = all;`);
    return {
        "WebAssembly module": weigh(wasm),
        "JavaScript of routeRegion": weigh(one),
        "JavaScript of everything": weigh(all),
        "import { routeRegion }": weigh(wasm, one),
        "everything": weigh(wasm, all),
    };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
    console.log("| What a bundler ships | raw | gzip | brotli |\n|---|---:|---:|---:|");
    for (const [what, { raw, gzip, brotli }] of Object.entries(await sizes(process.env.REVOKE_TEST_PACKAGE))) {
        const cells = [raw, gzip, brotli].map((bytes) => bytes.toLocaleString("en-US"));
        console.log(`| ${what} | ${cells.join(" | ")} |`);
    }
    const [aim, limit] = [AIM, LIMIT].map((bytes) => bytes.toLocaleString("en-US"));
    console.log(`\nBytes. Everything may weigh ${limit} of gzip; the aim is ${aim}.`);
}
