// A very long list: read, settled and scrolled without a stutter, and handed to the server as a plan.
//
// The test takes 60,000 lines, and measures nothing. The measure takes a million, on a machine that does nothing else:
//
//     cargo xtask console --release && cargo build --bins
//     BROWSER_LINES=1000000 REVOKE_TEST_SERVER=target/debug/rcs-revoke REVOKE_TEST_SIMULATOR=target/debug/rcs-revoke-simulator \
//         CHROME=$(command -v chromium) node --test tests/browser/large.test.mjs

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import test from "node:test";

import { enter, openPage, picture, startBrowser, startStage } from "./kit.mjs";

const LINES = Number(process.env.BROWSER_LINES ?? 60_000);
/** The longest task that a person does not feel, in milliseconds. */
const LONGEST = 50;
const PATIENCE = 60_000 + LINES;

/** What every process of the browser holds of the machine's memory, in megabytes, by its kind. */
async function memory(browser) {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    await session.detach();
    const held = {};
    for (const { id, type } of processInfo) {
        const status = await readFile(`/proc/${id}/status`, "utf8").catch(() => "");
        const kilobytes = Number(status.match(/^RssAnon:\s+(\d+)/m)?.[1] ?? 0);
        held[type] = (held[type] ?? 0) + Math.round(kilobytes / 1_000);
    }
    return held;
}

/** The tasks over 50 ms since the last question: when after the drop each began, and how many milliseconds it took. */
const longTasks = (page) => page.evaluate(() => window.tasks.splice(0));

test(`${LINES.toLocaleString("en")} lines are read, scrolled and planned`, { timeout: 3 * PATIENCE }, async (t) => {
    const stage = await startStage(t);
    const browser = await startBrowser(t);
    const page = await openPage(browser);
    await enter(page, stage);
    const empty = await memory(browser);

    // The file is made in the page first, so that only what the console does is watched.
    await page.evaluate((count) => {
        const parts = ["id,sender,sent_at\n"];
        for (let from = 0; from < count; from += 10_000) {
            let text = "";
            for (let i = from; i < Math.min(count, from + 10_000); i++) {
                text += `${i.toString(16).padStart(8, "0")}-bbbb-4ccc-8ddd-0123456789ab,DemoAgent,2026-11-20T10:00:00Z\n`;
            }
            parts.push(new Blob([text]));
        }
        window.list = new File(parts, "list.csv");
        window.tasks = [];
        new PerformanceObserver((list) => {
            for (const task of list.getEntries()) window.tasks.push({ after: Math.round(task.startTime - window.begun), lasts: Math.round(task.duration) });
        }).observe({ type: "longtask" });
    }, LINES);
    const begun = Date.now();
    await page.locator(".paste").evaluate((field) => {
        const data = new DataTransfer();
        data.items.add(window.list);
        window.tasks.length = 0;
        window.begun = performance.now();
        field.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    });
    const all = LINES.toLocaleString("en");
    await page.locator(".counts", { hasText: `${all} messages` }).waitFor({ timeout: PATIENCE });
    const button = page.locator("[data-revoke]:enabled", { hasText: `Plan to revoke ${all} messages` });
    await button.waitFor({ timeout: PATIENCE });
    const reading = await longTasks(page);
    t.diagnostic(`read, looked up and settled in ${Date.now() - begun} ms; tasks over 50 ms: ${JSON.stringify(reading)}`);
    t.diagnostic(`memory in MB, empty: ${JSON.stringify(empty)}; with the list: ${JSON.stringify(await memory(browser))}`);

    // From end to end in three seconds: the frames are counted as the page gets them.
    const frames = await page.locator(".hold").evaluate(async (view) => {
        const gaps = [];
        const [from, length] = [performance.now(), 3_000];
        await new Promise((resolve) => {
            const next = (last) => (now) => {
                gaps.push(now - last);
                view.scrollTop = ((now - from) / length) * view.scrollHeight;
                if (now - from < length) requestAnimationFrame(next(now));
                else resolve();
            };
            requestAnimationFrame((now) => requestAnimationFrame(next(now)));
        });
        const late = gaps.filter((gap) => gap > 25).length;
        return { frames: gaps.length, late, worst: Math.round(Math.max(...gaps)) };
    });
    const scrolling = await longTasks(page);
    t.diagnostic(`scrolled in ${frames.frames} frames, ${frames.late} late, the worst ${frames.worst} ms; tasks over 50 ms: ${JSON.stringify(scrolling)}`);
    await page.locator(".hold").evaluate((view) => (view.scrollTop = view.scrollHeight));
    await page.locator(".row b", { hasText: new RegExp(`^${LINES + 1}$`) }).waitFor();
    await picture(page, "large");
    await longTasks(page);

    await button.click();
    await page.waitForURL(/\/batches\/bat_/, { timeout: PATIENCE });
    await page.locator("[data-ask], .startcard .warn").first().waitFor();
    const planning = await longTasks(page);
    t.diagnostic(`planned ${Date.now() - begun} ms after the drop; tasks over 50 ms while uploading: ${JSON.stringify(planning)}`);
    t.diagnostic(`memory in MB, after the upload: ${JSON.stringify(await memory(browser))}`);
    await picture(page, "large-plan");
    // A machine that runs other tests too makes every task longer.
    const watched = process.env.BROWSER_LINES ? { reading, scrolling, planning } : {};
    for (const [what, tasks] of Object.entries(watched)) {
        assert.ok(Math.max(0, ...tasks.map((task) => task.lasts)) <= LONGEST, `the page froze while ${what}: ${JSON.stringify(tasks)}`);
    }
    assert.deepEqual(page.faults, []);
});
