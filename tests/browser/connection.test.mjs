// A lost connection is said and healed; an ended session loses nothing.

import assert from "node:assert/strict";
import test from "node:test";

import { enter, openPage, paste, picture, revokeButton, startBrowser, startDemo, startLine } from "./kit.mjs";

test("a lost connection is said, and what was missed is read when it is back", { timeout: 90_000 }, async (t) => {
    const demo = await startDemo(t);
    const line = await startLine(t, demo.origin);
    const browser = await startBrowser(t);
    const page = await openPage(browser);
    const other = await openPage(browser);
    await enter(page, { ...demo, origin: line.origin }, "/messages");
    await enter(other, demo);

    const [{ id }] = demo.stories;
    const row = page.locator(`tr[data-message$="${id}"]`);
    await row.locator('[data-outcome="watched"]').waitFor();
    line.cut();
    await page.locator(".live.off", { hasText: "Reconnecting" }).waitFor();
    await picture(page, "lost");

    await paste(other, id);
    await revokeButton(other, 1).click();
    await other.locator(`.results [data-message$="${id}"] [data-outcome="delivered"]`).waitFor({ timeout: 30_000 });
    assert.equal(await row.locator("[data-outcome]").getAttribute("data-outcome"), "watched");

    line.mend();
    await page.locator(".live", { hasText: "Live" }).waitFor({ timeout: 30_000 });
    await row.locator('[data-outcome="delivered"]').waitFor();
});

test("revoking over a broken line loses nothing and asks for nothing twice", { timeout: 90_000 }, async (t) => {
    const demo = await startDemo(t);
    const line = await startLine(t, demo.origin);
    const page = await openPage(await startBrowser(t));
    await enter(page, { ...demo, origin: line.origin });

    const [, { id }] = demo.stories;
    await paste(page, id);
    const button = revokeButton(page, 1);
    await button.waitFor();
    line.cut();
    await button.click();
    await page.getByText("Not everything was handed over.").waitFor();
    await page.locator(".results .item", { hasText: "Not handed over" }).waitFor();
    await picture(page, "interrupted");
    line.mend();
    await page.getByRole("button", { name: "Hand over the rest" }).click();
    await page.getByText("1 taken").waitFor();
    await page.locator(`.results [data-message$="${id}"] [data-outcome]`).waitFor();
});

test("without a session the way in is said, and an ended session keeps what was typed", { timeout: 60_000 }, async (t) => {
    const demo = await startDemo(t);
    const page = await openPage(await startBrowser(t));
    await page.goto(demo.origin);
    await page.getByRole("heading", { name: "This console needs its access key" }).waitFor();
    await picture(page, "gate");
    assert.equal(await page.locator(".wrong").count(), 0, "a first visit is no mistake");
    await page.locator("#access-key").fill("not the key");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator(".wrong", { hasText: "That is not the access key" }).waitFor();
    await page.locator("#access-key").fill(`${demo.origin}/#key=${demo.key}`);
    await page.getByRole("button", { name: "Enter" }).click();

    const [{ id }] = demo.stories;
    await page.locator("[data-paste]").waitFor();
    await page.context().clearCookies();
    await paste(page, id);
    await page.locator("dialog[open]", { hasText: "Your session has ended" }).waitFor();
    await page.locator("dialog[open] #access-key").fill(demo.key);
    await page.getByRole("button", { name: "Enter" }).click();
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    assert.equal(await page.locator("[data-paste]").inputValue(), id);
    await revokeButton(page, 1).waitFor();
});
