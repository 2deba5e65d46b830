// The packed package in Chromium: as it is, and as each bundler builds it.

import assert from "node:assert/strict";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { nodeResolve } from "@rollup/plugin-node-resolve";
import * as esbuild from "esbuild";
import { rollup } from "rollup";
import * as vite from "vite";

import { startDouble } from "../double.mjs";
import { MODULES, project } from "../kit.mjs";
import { startBrowser } from "./browser.mjs";

const webpack = createRequire(import.meta.url)("webpack");
const LIMIT = { timeout: 120_000 };

let folder;
let double;
let browser;

before(async () => {
    folder = await project();
    double = await startDouble(folder);
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await double?.stop();
});

/** Opens a page of the project that loads a script, and waits until the script has checked everything. */
async function passes(place, script, head = "") {
    const html = `<!doctype html><meta charset="utf-8"><title>smoke</title>${head}${script}`;
    await mkdir(join(folder, place), { recursive: true });
    await writeFile(join(folder, place, "index.html"), html);
    const page = await browser.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`${double.url}/${place}/index.html`);
    const result = await page.evaluate(() => window.result).catch((error) => assert.fail(`${error.message}\n${faults.join("\n")}`));
    assert.ok(result?.cases > 700, `no result; ${faults.join("\n")}`);
    await page.close();
}

const module = (file) => `<script type="module" src="${file}"></script>`;

test('<script type="module"> with an import map, no bundler', LIMIT, async () => {
    const root = "/node_modules/rcs-revoke";
    const entries = {
        "rcs-revoke": "web.js",
        "rcs-revoke/client": "client.js",
        "rcs-revoke/import": "import-web.js",
        "rcs-revoke/webhooks": "webhooks-web.js",
    };
    const imports = Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, `${root}/${file}`]));
    const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`;
    await passes("plain", module("../smoke/web.js"), map);
});

test("Vite", LIMIT, async () => {
    await mkdir(join(folder, "vite-src"), { recursive: true });
    await writeFile(join(folder, "vite-src/index.html"), `<!doctype html><title>smoke</title>${module("../smoke/web.js")}`);
    await vite.build({
        root: join(folder, "vite-src"),
        base: "./",
        configFile: false,
        logLevel: "error",
        build: { outDir: join(folder, "vite"), emptyOutDir: true, rollupOptions: { output: { entryFileNames: "main.js" } } },
    });
    await passes("vite", module("main.js"));
});

test("webpack", LIMIT, async () => {
    const stats = await new Promise((resolve, reject) => {
        const options = {
            mode: "production",
            context: folder,
            entry: "./smoke/web.js",
            output: { path: join(folder, "webpack"), filename: "main.js" },
            performance: { hints: false },
        };
        webpack(options, (error, stats) => (error ? reject(error) : resolve(stats)));
    });
    assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
    assert.equal(stats.hasWarnings(), false, stats.toString({ all: false, warnings: true }));
    await passes("webpack", `<script src="main.js" defer></script>`);
});

test("esbuild, which gives the modules' addresses to init", LIMIT, async () => {
    const { warnings } = await esbuild.build({
        entryPoints: [join(folder, "smoke/web-asset.js")],
        outfile: join(folder, "esbuild/main.js"),
        bundle: true,
        minify: true,
        format: "esm",
        loader: { ".wasm": "file" },
        logLevel: "error",
    });
    assert.deepEqual(warnings, []);
    await passes("esbuild", module("main.js"));
});

test("Rollup, with the modules copied beside what it builds", LIMIT, async () => {
    const bundle = await rollup({ input: join(folder, "smoke/web.js"), plugins: [nodeResolve({ browser: true })] });
    await bundle.write({ file: join(folder, "rollup/main.js"), format: "es" });
    await bundle.close();
    for (const name of MODULES) {
        await copyFile(join(folder, "node_modules/rcs-revoke", name), join(folder, "rollup", name));
    }
    await passes("rollup", module("main.js"));
});
