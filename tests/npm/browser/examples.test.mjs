// The example with a page, built by Vite as its `npm run build` does, and used as a person would.

import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { build } from "vite";

import { startDouble } from "../double.mjs";
import { project } from "../kit.mjs";
import { startBrowser } from "./browser.mjs";

let files;
let browser;

before(async () => {
    const root = join(await project(), "examples/vite");
    await build({ root, configFile: false, logLevel: "error" });
    files = await startDouble(join(root, "dist"));
    browser = await startBrowser();
});

after(async () => {
    await browser?.close();
    await files?.stop();
});

test("vite: a pasted list shows where each message would be asked for", { timeout: 60_000 }, async () => {
    const page = await browser.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`${files.url}/index.html`);
    const rows = page.locator("#rows li");
    await page.getByLabel("Message ids").fill("aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab\n../x");
    await rows.nth(1).waitFor();
    const [first, second] = await rows.allTextContents();
    assert.equal(first, "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab: vonage.eu, then vonage.us, then vonage.ap (documented)");
    assert.match(second, /^line 2: /);

    await page.getByLabel("Launched in").fill("D1");
    await rows.filter({ hasText: "launchCountry" }).first().waitFor();
    assert.deepEqual(faults, []);
});
