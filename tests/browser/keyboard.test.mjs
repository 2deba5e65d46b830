// Everything by keyboard, and nothing dangerous by a stray key.

import assert from "node:assert/strict";
import test from "node:test";

import { enter, openPage, paste, picture, revokeButton, startBrowser, startDemo } from "./kit.mjs";

test("the console is worked by keyboard", { timeout: 60_000 }, async (t) => {
    const demo = await startDemo(t);
    const page = await openPage(await startBrowser(t));
    await enter(page, demo);

    // While something is typed, a key is a letter.
    const field = page.locator("[data-paste]");
    await field.focus();
    await page.keyboard.type("gm?/");
    assert.equal(await field.inputValue(), "gm?/");
    await field.fill("");

    await page.keyboard.press("Escape");
    await page.locator("main").focus();
    await page.keyboard.press("?");
    await page.locator("dialog[open]", { hasText: "Go to Revoke" }).waitFor();
    await picture(page, "keys");
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });

    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await page.waitForURL(/\/messages$/);
    const rows = page.locator("tbody tr");
    await rows.nth(1).waitFor();
    await rows.first().focus();
    await page.keyboard.press("ArrowDown");
    assert.ok(await rows.nth(1).evaluate((row) => row === document.activeElement));
    await page.keyboard.press("Space");
    assert.equal(await rows.nth(1).getAttribute("aria-selected"), "true");
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press("/");
    assert.ok(await page.locator("[data-find]").evaluate((find) => find === document.activeElement));
    await page.keyboard.type(demo.stories[0].id.slice(0, 8));
    await page.waitForURL(/q=/);
    await page.waitForFunction(() => document.querySelectorAll("tbody tr").length === 1);
    await rows.first().focus();
    await page.keyboard.press("Enter");
    await page.locator(".hero").waitFor();

    // What was typed survives a look at another page, and Ctrl+Enter revokes it.
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await paste(page, demo.stories[0].id);
    await revokeButton(page, 1).waitFor();
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("m");
    await rows.first().waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("r");
    await revokeButton(page, 1).waitFor();
    assert.equal(await field.inputValue(), demo.stories[0].id);
    await field.focus();
    await page.keyboard.press("Control+Enter");
    await page.locator(".results .item").waitFor();
    assert.deepEqual(page.faults, []);
});
