// What is not yet sent can be stopped, and was then never sent.

import assert from "node:assert/strict";
import test from "node:test";

import { enter, openPage, paste, picture, revokeButton, startBrowser, startDemo } from "./kit.mjs";

test("a wish for later is planned, and stopped before anything leaves", { timeout: 60_000 }, async (t) => {
    const demo = await startDemo(t);
    const page = await openPage(await startBrowser(t));
    await enter(page, demo);

    const { id } = demo.stories[1];
    await paste(page, id);
    await revokeButton(page, 1).waitFor();
    const inAnHour = await page.evaluate(() => {
        const later = new Date(Date.now() + 3_600_000);
        const local = new Date(later.getTime() - later.getTimezoneOffset() * 60_000);
        return local.toISOString().slice(0, 19);
    });
    await page.locator('input[type="datetime-local"]').fill(inAnHour);
    await revokeButton(page, 1).click();
    await page.locator(".o", { hasText: "Planned" }).first().waitFor();

    await page.getByRole("button", { name: "Stop what is not yet sent" }).click();
    await page.locator("dialog[open]").getByRole("button", { name: /^Stop/ }).click();
    await page.locator(".o", { hasText: "Withdrawn" }).first().waitFor();
    await picture(page, "stopped");

    await page.goto(`${demo.origin}/messages/vonage:${id}`);
    await page.locator(".hero", { hasText: "was withdrawn" }).waitFor();
    assert.equal(await page.getByText(/^Attempt 1/).count(), 0, "nothing was sent");
    assert.equal(await page.getByRole("button", { name: /^Withdraw/ }).count(), 0, "there is nothing left to withdraw");
    assert.deepEqual(page.faults, []);
});
