// The main job, as a person does it: paste seven ids, revoke, and see what really happened to each.

import assert from "node:assert/strict";
import test from "node:test";

import { enter, openPage, paste, picture, revokeButton, startBrowser, startDemo } from "./kit.mjs";

// What each demo message comes to, by the words with which the demo announces it.
const STORIES = [
    { seen: /a race/, outcome: "delivered", sentence: /reached the person.*the ordinary race/s, timeline: [/Attempt 1/, /202/, /Delivered to the phone/] },
    { seen: /unconfirmed/, outcome: "unconfirmed", sentence: /No delivery was reported since, and nothing proves that it worked/, timeline: [/202/, /Nothing crossed our request/] },
    { seen: /second region|in the second/, outcome: "unconfirmed", sentence: /took our request/, timeline: [/Attempt 1: 404/, /Attempt 2: 202/] },
    { seen: /window has closed/, outcome: "refused", sentence: /Nothing was sent.*window closed/s, timeline: [/asked to revoke/] },
    { seen: /expiry is reported/, outcome: "revoked", sentence: /expired and was removed before it was delivered/, timeline: [/Expired, and removed before delivery/] },
    { seen: /presumed delivered/, outcome: "presumed_delivered", sentence: /most likely delivered/, timeline: [/404/] },
    { seen: /inconclusive/, outcome: "inconclusive", sentence: /An earlier request broke off/, timeline: [/no answer/, /404/] },
];

// What those come to that nobody needs to revoke.
const DATED = [
    { seen: /an SMS follows/, outcome: "unconfirmed", sms: /one was sent already/, timeline: [/Its class otp asked/, /SMS 1: .*took the request/] },
    { seen: /its delivery wins/, outcome: "delivered", sms: /No SMS: the person has the message/, timeline: [/Its class otp asked/, /202/, /Delivered to the phone/] },
    { seen: /a promotion/, outcome: "unconfirmed", sms: /its class leaves this outcome to a person/, timeline: [/Its class promotional asked/, /200/] },
];

test("seven messages are pasted, revoked and followed to their ends", { timeout: 120_000 }, async (t) => {
    const demo = await startDemo(t);
    const browser = await startBrowser(t);
    const page = await openPage(browser);
    assert.equal(demo.stories.length, STORIES.length);

    await enter(page, demo);
    assert.equal(new URL(page.url()).hash, "", "the access key stays in the address");
    await picture(page, "empty");

    await paste(page, demo.stories.map((story) => story.id).join("\n"));
    const button = revokeButton(page, 7);
    await button.waitFor();
    await page.locator("#reason").fill("Wrong discount code in campaign 118");
    await page.locator("section", { hasText: "What will be sent, for line 1" }).getByText("PATCH").waitFor();
    await picture(page, "pasted");
    await button.click();

    for (const { id, seen } of demo.stories) {
        const story = STORIES.find((story) => story.seen.test(seen));
        assert.ok(story, `no story is expected for: ${seen}`);
        await page.locator(`.results [data-message$="${id}"] [data-outcome="${story.outcome}"]`).waitFor({ timeout: 60_000 });
    }
    await picture(page, "after");

    for (const { id, seen } of demo.stories) {
        const { outcome, sentence, timeline } = STORIES.find((story) => story.seen.test(seen));
        await t.test(seen, async () => {
            await page.goto(`${demo.origin}/messages`);
            await page.locator(`tr[data-message$="${id}"] a`).click();
            await page.locator(`.hero`).waitFor();
            assert.equal(await page.locator("[data-outcome]").first().getAttribute("data-outcome"), outcome);
            assert.match(await page.locator(".hero").innerText(), sentence);
            const happened = await page.locator("ol.tl").innerText();
            for (const entry of timeline) assert.match(happened, entry);
            assert.ok(await page.locator("ol.tl li").last().innerText(), "nothing is said about what comes next");
            for (const raw of await page.locator("ol.tl summary").all()) await raw.click();
            await picture(page, `message-${outcome}`);
        });
    }

    // Meanwhile those with a date have come to their ends by themselves.
    for (const { id, seen } of demo.dated) {
        const { outcome, sms, timeline } = DATED.find((story) => story.seen.test(seen));
        await t.test(seen, async () => {
            await page.goto(`${demo.origin}/messages`);
            await page.locator(`tr[data-message$="${id}"] a`).click();
            await page.locator(`.verdict [data-outcome="${outcome}"]`).waitFor({ timeout: 60_000 });
            await page.locator("[data-sms-what]", { hasText: sms }).waitFor({ timeout: 30_000 });
            const happened = await page.locator("ol.tl").innerText();
            for (const entry of timeline) assert.match(happened, entry);
            await picture(page, `dated-${outcome}`);
        });
    }
    assert.equal(demo.dated.length, DATED.length);

    await page.goto(`${demo.origin}/messages`);
    await page.locator("tbody tr").first().waitFor();
    await picture(page, "messages");
    await page.locator(".chip", { hasText: "Refused" }).click();
    await page.waitForURL(/outcome=refused/);
    await page.locator("tbody tr").first().waitFor();
    assert.deepEqual(await page.locator("tbody [data-outcome]").evaluateAll((all) => [...new Set(all.map((one) => one.dataset.outcome))]), ["refused"]);
    assert.deepEqual(page.faults, []);
});
