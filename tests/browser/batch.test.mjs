// A batch: from a long paste to a plan, started, paused, resumed, watched, tried again; and the ways out of it.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { enter, nameless, openPage, paste, picture, startBrowser, startLine, startStage } from "./kit.mjs";

const SETTINGS = {
    world: "[vonage]\nrate_limit = { per_second = 400, enforce = true, virtual_seconds = false }\n",
    keys: "policy.rate_per_second = 150",
};

/** Has so many messages sent, a few at a time, and gives their ids. */
async function sendMany(stage, count, behaviour) {
    const ids = [];
    const some = async () => {
        while (ids.length < count) {
            const at = ids.push("") - 1;
            const phone = `+4915${String(10_000_000 + at)}`;
            const sent = await stage.simulator.control("POST", "/messages", { provider: "vonage", agent: "DemoAgent", phone, behaviour });
            ids[at] = sent.id;
        }
    };
    await Promise.all(Array.from({ length: 16 }, some));
    return ids;
}

/** Ids that no provider knows. */
function strangers(count) {
    return Array.from({ length: count }, (_, at) => `${at.toString(16).padStart(8, "0")}-bbbb-4ccc-8ddd-0123456789ab`);
}

/** How many requests to revoke have arrived at the provider. */
const asked = (stage) => stage.simulator.arrived("vonage.revoke");

/** Pastes ids on the Revoke page and waits for the server's plan. */
async function planOf(page, ids) {
    await paste(page, ids.join("\n"));
    const count = ids.length.toLocaleString("en");
    await page.locator("[data-revoke]:enabled", { hasText: `Plan to revoke ${count} messages` }).click();
    await page.waitForURL(/\/batches\/bat_/);
    await page.locator('[data-state="planned"]').waitFor();
    await page.locator("[data-ask]", { hasText: count }).waitFor();
}

async function start(page, count) {
    await page.locator('[data-command="start"]').click();
    const dialog = page.locator("dialog[open]");
    const confirm = dialog.getByRole("button", { name: "Revoke" });
    await dialog.locator("#confirm").fill(String(count + 1));
    assert.ok(await confirm.isDisabled(), "another number is taken for the right one");
    await dialog.locator("#confirm").fill(count.toLocaleString("en"));
    await confirm.click();
}

test("2,000 messages are planned, started, paused, resumed and done", { timeout: 240_000 }, async (t) => {
    const stage = await startStage(t, SETTINGS);
    const page = await openPage(await startBrowser(t));
    const ids = await sendMany(stage, 2_000, { delivery: { kind: "never" }, after_revoke: { kind: "silence" } });
    await enter(page, stage);
    await page.locator("#reason").fill("Wrong discount code in campaign 118");
    await planOf(page, ids);
    assert.equal(await asked(stage), 0, "a plan asks for nothing");
    assert.deepEqual(await nameless(page), []);
    await picture(page, "batch-planned");

    await start(page, 2_000);
    await page.locator('[data-state="running"]').waitFor();
    await page.locator(".kpi", { hasText: "limit 150/s" }).waitFor();
    await page.waitForFunction(() => parseInt(document.querySelector('[data-kpi="taken"] b').textContent.replaceAll(",", "")) > 300);
    await page.locator('[data-command="pause"]').click();
    await page.locator('.batchhead [data-state="paused"]').waitFor();
    // What was on its way is answered; then nothing more arrives.
    await page.waitForFunction(() => document.querySelector('[data-count="requesting"]') === null);
    const before = await asked(stage);
    assert.ok(before < 2_000, "it was over before it was paused");
    await picture(page, "batch-paused");
    assert.deepEqual(await nameless(page), []);
    assert.equal(await asked(stage), before, "a paused batch asks");

    // The address is a deep link.
    await page.reload();
    await page.locator('.batchhead [data-state="paused"]').waitFor();
    assert.match(await page.locator("h1").innerText(), /campaign 118/);
    await page.locator('[data-command="resume"]').click();
    await page.locator('.batchhead [data-state="running"]').waitFor();
    await page.waitForFunction(() => parseInt(document.querySelector('[data-kpi="taken"] b').textContent.replaceAll(",", "")) > 1_200);
    await picture(page, "batch-running");
    await page.locator('[data-kpi="taken"]', { hasText: "2,000 of 2,000" }).waitFor({ timeout: 60_000 });
    assert.ok((await asked(stage)) >= 2_000);
    assert.match(await page.locator("[data-incident]").innerText(), /campaign 118.* UTC: /);

    // What was pasted is no longer needed, and the list knows the batch.
    await page.getByRole("link", { name: "Revoke", exact: true }).click();
    assert.equal(await page.locator("[data-paste]").inputValue(), "");
    await page.getByRole("link", { name: "Batches" }).first().click();
    await page.locator("[data-batch]", { hasText: "campaign 118" }).waitFor();
    await picture(page, "batches");

    // Both exports are files with every message.
    await page.locator("[data-batch]").first().click();
    for (const [kind, lines] of [["csv", 2_001], ["json", 2_000]]) {
        const [download] = await Promise.all([page.waitForEvent("download"), page.locator(`[data-export="${kind}"]`).click()]);
        const text = await readFile(await download.path(), "utf8");
        assert.equal(text.trim().split("\n").length, lines, kind);
        assert.ok(text.includes(ids[1_234]), `${kind} lacks a message`);
    }

    // A count leads to its messages, and the filter can be left.
    await page.locator(".outcomes [data-count] a").first().click();
    await page.waitForURL(/\/messages\?batch=bat_\d+&outcome=/);
    await page.locator(".chip.of-batch", { hasText: "campaign 118" }).waitFor();
    await page.locator("tbody tr").first().waitFor();
    await picture(page, "batch-messages");
    await page.locator(".chip.of-batch button").click();
    await page.waitForURL(/\/messages\?outcome=/);
    assert.deepEqual(page.faults, []);
});

test("a batch is aborted: what was not asked for stays so", { timeout: 120_000 }, async (t) => {
    const stage = await startStage(t, { ...SETTINGS, keys: "policy.rate_per_second = 20" });
    const page = await openPage(await startBrowser(t));
    await enter(page, stage);
    const ids = strangers(1_200);
    await planOf(page, ids);
    await start(page, 1_200);
    await page.locator('[data-command="abort"]').click();
    const dialog = page.locator("dialog[open]");
    await dialog.getByText("cannot be resumed").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    await page.locator('.batchhead [data-state="running"]').waitFor();
    await page.locator('[data-command="abort"]').click();
    await dialog.locator("[data-confirm]").click();
    await page.locator('.batchhead [data-state="aborted"]').waitFor();
    assert.equal(await page.locator('[data-command="resume"]').count(), 0);
    await page.locator('[data-count="waiting"]', { hasText: "Not asked for" }).waitFor();
    await page.waitForFunction(() => document.querySelector('[data-count="requesting"]') === null);
    assert.ok((await asked(stage)) < 1_200);
    await picture(page, "batch-aborted");
    assert.deepEqual(page.faults, []);
});

test("a plan is dropped, and what was pasted is still there", { timeout: 60_000 }, async (t) => {
    const stage = await startStage(t, SETTINGS);
    const page = await openPage(await startBrowser(t));
    await enter(page, stage);
    const ids = strangers(1_000);
    await planOf(page, [...ids]);
    await page.locator('[data-command="drop"]').click();
    await page.locator("dialog[open] [data-confirm]").click();
    await page.waitForURL(/\/batches$/);
    await page.getByText("The plan was dropped. Nothing was sent.").waitFor();
    await page.getByRole("link", { name: "Revoke", exact: true }).click();
    assert.equal(await page.locator("[data-paste]").inputValue(), ids.join("\n"));
    assert.equal(await asked(stage), 0);
    assert.deepEqual(page.faults, []);
});

test("an upload that fails keeps everything, and the next try makes one plan", { timeout: 90_000 }, async (t) => {
    const stage = await startStage(t, SETTINGS);
    const line = await startLine(t, stage.origin);
    const page = await openPage(await startBrowser(t));
    await enter(page, { ...stage, origin: line.origin });
    const ids = strangers(1_500);
    await paste(page, ids.join("\n"));
    const button = page.locator("[data-revoke]:enabled", { hasText: "Plan to revoke 1,500 messages" });
    await button.waitFor();
    line.cut();
    await button.click();
    await page.locator('[data-making="failed"]', { hasText: "No plan was made" }).waitFor();
    assert.equal(await page.locator("[data-paste]").inputValue(), ids.join("\n"));
    await picture(page, "batch-failed");
    line.mend();
    await page.locator(".live", { hasText: "Live" }).waitFor({ timeout: 30_000 });
    await page.locator('[data-making="failed"] button').click();
    await page.waitForURL(/\/batches\/bat_/);
    await page.locator('[data-state="planned"]').waitFor();
    assert.equal((await stage.call("/batches")).items.length, 1);

    // A lost connection is said on the page of a batch, and healed.
    line.cut();
    await page.locator("[data-lost]").waitFor();
    line.mend();
    await page.locator("[data-lost]").waitFor({ state: "detached", timeout: 30_000 });
});

test("what ended without proof is tried again, and a filter becomes a plan", { timeout: 180_000 }, async (t) => {
    const stage = await startStage(t, SETTINGS);
    const page = await openPage(await startBrowser(t));
    await enter(page, stage);
    await planOf(page, strangers(1_000));
    await start(page, 1_000);
    await page.locator('.batchhead [data-state="done"]').waitFor({ timeout: 120_000 });
    await picture(page, "batch-done");
    const again = page.locator('[data-command="again"]', { hasText: "Try 1,000 again" });
    await again.click();
    await page.locator('.batchhead [data-state="planned"]').waitFor();
    await page.locator("[data-ask]", { hasText: "1,000" }).waitFor();
    assert.match(await page.locator("h1").innerText(), /again$/);
    await page.getByText("Also those that were asked for already").waitFor();

    // Without a filter there is nothing to press.
    await page.getByRole("link", { name: /^Messages/ }).first().click();
    await page.locator("tbody tr").first().waitFor();
    assert.equal(await page.locator("[data-every]").count(), 0);
    await page.locator(".chips .chip").nth(1).click();
    await page.locator("[data-every]", { hasText: "Revoke all 1,000 that match" }).click();
    await page.locator("dialog[open] #every-reason").fill("From the list");
    await picture(page, "batch-every");
    await page.locator("dialog[open] [data-confirm]").click();
    await page.waitForURL(/\/batches\/bat_/);
    await page.locator("h1", { hasText: "From the list" }).waitFor();
    assert.deepEqual(page.faults, []);
});
