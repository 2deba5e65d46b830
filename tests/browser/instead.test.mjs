// After the request: codes that go stale, dates, and an SMS instead, as an operator sees it.

import assert from "node:assert/strict";
import test from "node:test";

import { enter, nameless, openPage, paste, picture, revokeButton, startBrowser, startLine, startStage } from "./kit.mjs";

const LIMIT = { timeout: 90_000 };
const CLASSES = `
[sources.otp.policy]
settle = "1500ms"
[classes.otp]
revoke_after = "4s"
[classes.slow]
like = "otp"
revoke_after = "1h"
not_after = "4h"
[classes.promotional]
not_after = "24h"
`;
const NEVER = { delivery: { kind: "never" }, after_revoke: { kind: "silence" } };
const CODE = { class: "otp", fallback_text: "Your code is 482 913." };

/** A server with short classes, a browser, and a page of the console. */
async function stage(t) {
    const world = await startStage(t, { keys: 'sms_from = "AcmeBank"', tables: CLASSES });
    const browser = await startBrowser(t);
    const page = await openPage(browser);
    await enter(page, world);
    /** Goes to a message's page without loading the console again. */
    const open = async (message, on = page) => {
        await on.goto(`${world.origin}/messages/${message.key}`);
        await on.locator(".hero").waitFor();
        await on.evaluate(() => (window.sameVisit = true));
    };
    return { ...world, browser, page, open };
}

const outcome = (page, code) => page.locator(`.verdict [data-outcome="${code}"]`).waitFor({ timeout: 30_000 });
const smsIs = (page, state) => page.locator(`.smslist [data-sms="${state}"]`).waitFor({ timeout: 30_000 });
const happened = (page) => page.locator("ol.tl").innerText();

/** What the page must show at the end, in the order of the timeline. */
async function inOrder(page, ...patterns) {
    let rest = await happened(page);
    for (const pattern of patterns) {
        const at = rest.search(pattern);
        assert.ok(at >= 0, `${pattern} is missing, or too early, in:\n${await happened(page)}`);
        rest = rest.slice(at + 1);
    }
}

test("a code goes stale, is revoked by itself, and the SMS follows on the same page; a late delivery is a duplicate", LIMIT, async (t) => {
    const { simulator, page, send, smsTo, open, origin } = await stage(t);
    const phone = "+447700900001";
    const message = await send(phone, NEVER, CODE);
    await open(message);
    await outcome(page, "planned");
    const planned = page.locator("section", { has: page.getByRole("heading", { name: "Planned date" }) });
    await planned.locator(".countdown").waitFor();
    assert.match(await planned.innerText(), /Due .*in \d+ s.*unless it is delivered before.*Planned by class otp\. And then: SMS if its class allows it\./s);

    await outcome(page, "unconfirmed");
    await smsIs(page, "delivered");
    assert.ok(await page.evaluate(() => window.sameVisit), "the page was loaded anew");
    await inOrder(page, /Registered/, /Its class otp asked to revoke/, /Then: an SMS, if its class allows it/, /Attempt 1: 202/, /SMS 1 is to be sent/, /SMS 1: .*took the request/, /SMS 1: Delivered to the phone/);
    assert.match(await page.locator("[data-sms-what]").innerText(), /No SMS leaves by itself: one was sent already/);
    assert.equal(await planned.count(), 0, "a date that is over is still shown");
    assert.equal(await smsTo(phone), 1);
    for (const raw of await page.locator("ol.tl summary").all()) await raw.click();
    assert.doesNotMatch(await page.locator("main").innerText(), /7700900001/, "the number is not masked");
    assert.deepEqual(await nameless(page), []);
    await picture(page, "sms-followed");

    await page.goto(`${origin}/messages`);
    const row = page.locator(`tr[data-message="${message.key}"]`);
    await row.locator('[data-sms="delivered"]', { hasText: "SMS 1: Reached the person" }).waitFor();

    await simulator.control("POST", "/events", { message: message.id, word: "delivered" });
    await row.locator('[data-duplicate="yes"]').waitFor();
    await page.locator("[data-duplicates]", { hasText: "1" }).click();
    await page.waitForURL(/duplicate=true/);
    await row.waitFor();
    await page.locator('[data-duplicates][aria-pressed="true"]').waitFor();
    assert.equal(await page.locator('.chip[aria-pressed="true"]').count(), 1);
    await picture(page, "sms-list");
    await row.locator("a").click();
    await outcome(page, "delivered");
    await page.locator('.verdict [data-duplicate="yes"]', { hasText: "the person got the SMS too" }).waitFor();
    assert.equal(await page.locator("[data-sms-send]").count(), 0, "an SMS is offered to who has the message");
    await picture(page, "sms-duplicate");
    assert.deepEqual(page.faults, []);
});

test("where the delivery wins the race, no SMS leaves", LIMIT, async (t) => {
    const { page, send, smsTo, open } = await stage(t);
    const phone = "+447700900002";
    const raced = { delivery: { kind: "races_revoke", after_ms: 400 } };
    const message = await send(phone, raced, CODE);
    await open(message);
    await outcome(page, "delivered");
    await inOrder(page, /Its class otp asked to revoke/, /Attempt 1: 202/, /Delivered to the phone/);
    assert.match(await page.locator("[data-sms-what]").innerText(), /No SMS: the person has the message/);
    assert.doesNotMatch(await happened(page), /SMS 1/);
    assert.equal(await page.locator("[data-sms-send]").count(), 0);
    assert.equal(await smsTo(phone), 0);
    await picture(page, "sms-raced");
    assert.deepEqual(page.faults, []);
});

test("a promotion is left to a person, who orders the SMS; who orders the same one is told", LIMIT, async (t) => {
    const { browser, page, send, smsTo, open, origin, key } = await stage(t);
    const phone = "+447700900003";
    const message = await send(phone, NEVER, { class: "promotional", fallback_text: "20 % off, today only.", revoke_at: Date.now() + 2_000 });
    await open(message);
    await outcome(page, "unconfirmed");
    assert.match(await page.locator("[data-sms-what]").innerText(), /No SMS leaves by itself: its class leaves this outcome to a person/);
    assert.equal(await smsTo(phone), 0);
    await picture(page, "sms-by-hand");

    // Another operator has the same question open.
    const other = await openPage(browser);
    await enter(other, { origin, key });
    await open(message, other);
    await other.locator("[data-sms-send]").click();
    await other.locator("dialog[open]", { hasText: "Send SMS 1 instead?" }).waitFor();

    // By keyboard, with a text of their own.
    await page.locator("[data-sms-send]").focus();
    await page.keyboard.press("Enter");
    const dialog = page.locator("dialog[open]");
    const text = dialog.getByLabel("Text");
    await text.waitFor();
    const shown = await dialog.innerText();
    for (const what of [/AcmeBank/, /\+44 •+ 03/, /the person may get both/, /paid for/, /1 part · 21 of 1,?000/]) assert.match(shown, what);
    assert.equal(await text.inputValue(), "20 % off, today only.");
    await text.fill("x".repeat(161));
    await dialog.getByText("2 parts · 161").waitFor();
    await text.fill("");
    await dialog.getByText("Write what the person shall read.").waitFor();
    assert.ok(await dialog.getByRole("button", { name: "Send SMS 1" }).isDisabled(), "an empty SMS can be ordered");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.ok(await page.locator("[data-sms-send]").evaluate((button) => button === document.activeElement), "the keyboard is lost");
    await page.keyboard.press("Enter");
    assert.equal(await text.inputValue(), "20 % off, today only.", "what was thrown away comes back");
    await text.fill("20 % off, and this time it is true.");
    assert.deepEqual(await nameless(page), []);
    await picture(page, "sms-order");
    await dialog.getByRole("button", { name: "Send SMS 1" }).click();
    await page.locator(".toast", { hasText: "SMS 1 is ordered" }).waitFor();
    await smsIs(page, "delivered");
    await inOrder(page, /operator ordered SMS 1, whatever it may duplicate/, /SMS 1 is to be sent/, /SMS 1: Delivered/);

    await other.locator("dialog[open]").getByRole("button", { name: "Send SMS 1" }).click();
    const refused = other.locator("dialog[open]", { hasText: "SMS 1 was meant already" });
    await refused.waitFor();
    await refused.getByText("What happened meanwhile is on the page behind this").waitFor();
    assert.equal(await refused.getByRole("button", { name: /^Send/ }).count(), 0, "a void order can be given again");
    await picture(other, "sms-refused");
    await refused.getByRole("button", { name: "Close" }).click();
    await smsIs(other, "delivered");
    assert.equal(await smsTo(phone), 1);
    assert.deepEqual(page.faults, []);
});

test("an order over a broken line is one order", LIMIT, async (t) => {
    const { browser, send, smsTo, origin, key } = await stage(t);
    const line = await startLine(t, origin);
    const page = await openPage(browser);
    await enter(page, { origin: line.origin, key });
    const phone = "+447700900009";
    const message = await send(phone, NEVER, { fallback_text: "Your seat is 12 C." });
    await page.goto(`${line.origin}/messages/${message.key}`);
    await page.locator("[data-sms-send]").click();
    const dialog = page.locator("dialog[open]");
    line.cut();
    await dialog.getByRole("button", { name: "Send SMS 1" }).click();
    await dialog.getByText("The server could not be reached").waitFor();
    await dialog.getByText("Pressing the button again orders no second SMS.").waitFor();
    await picture(page, "sms-lost");
    line.mend();
    await dialog.getByRole("button", { name: "Send SMS 1" }).click();
    await smsIs(page, "delivered");
    assert.equal(await smsTo(phone), 1);
});

test("revoke again, then SMS is one command", LIMIT, async (t) => {
    const { page, call, send, smsTo, open } = await stage(t);
    const phone = "+447700900004";
    const message = await send(phone, NEVER, { fallback_text: "Your seat is 12 C." });
    await call("/revocations", { items: [{ message: message.key }] });
    await open(message);
    await outcome(page, "unconfirmed");
    await page.getByRole("button", { name: "Revoke again, then SMS…" }).click();
    const dialog = page.locator("dialog[open]");
    assert.match(await dialog.innerText(), /asked for once more.*this SMS leaves by itself.*unless the message turns out to be delivered/s);
    assert.equal(await dialog.locator("#sms-text").inputValue(), "Your seat is 12 C.");
    assert.ok(!(await dialog.locator("#sms-text").isEditable()), "another text is promised than the one that leaves");
    await picture(page, "sms-again");
    await dialog.getByRole("button", { name: "Revoke again, then send the SMS" }).click();
    await page.locator(".toast", { hasText: "The SMS follows" }).waitFor();
    await smsIs(page, "delivered");
    await inOrder(page, /Attempt 1: 202/, /Then: an SMS, ordered in advance/, /Attempt 2: 202/, /SMS 1 is to be sent/, /SMS 1: Delivered/);
    assert.equal(await smsTo(phone), 1);
    assert.deepEqual(page.faults, []);
});

test("a planned date is moved, and withdrawn", LIMIT, async (t) => {
    const { page, send, smsTo, open } = await stage(t);
    const phone = "+447700900005";
    const message = await send(phone, NEVER, { ...CODE, class: "slow" });
    await open(message);
    await outcome(page, "planned");
    assert.match(await page.locator("[data-sms-what]").innerText(), /No SMS leaves before the message is asked for/);
    const planned = page.locator("section", { has: page.getByRole("heading", { name: "Planned date" }) });
    await picture(page, "planned");
    const dialog = page.locator("dialog[open]");
    const local = (ahead) =>
        page.evaluate((ahead) => {
            const at = new Date(Date.now() + ahead);
            return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
        }, ahead);

    await planned.getByRole("button", { name: "Move…" }).click();
    const date = dialog.getByLabel("New date");
    await date.fill(await local(-60_000));
    await dialog.getByText("That is past").waitFor();
    assert.ok(await dialog.getByRole("button", { name: "Move" }).isDisabled(), "a date can be moved into the past");
    await date.fill(await local(3 * 3_600_000));
    assert.ok(await dialog.getByRole("radio", { name: "SMS if its class allows it" }).isChecked(), "what shall follow was lost");
    assert.deepEqual(await nameless(page), []);
    await picture(page, "planned-move");
    await dialog.getByRole("button", { name: "Move" }).click();
    await planned.getByText(/in 2 h 59 min|in 3 h/).waitFor();
    await planned.getByText("Planned by operator. And then: SMS if its class allows it.").waitFor();
    await inOrder(page, /Its class slow asked to revoke/, /operator asked to revoke/, /withdrew the wish/, /Made at .* by class slow/);

    await planned.getByRole("button", { name: "Withdraw…" }).click();
    await dialog.getByRole("button", { name: "Withdraw" }).click();
    await outcome(page, "withdrawn");
    await planned.waitFor({ state: "detached" });
    assert.equal(await smsTo(phone), 0);
    assert.deepEqual(page.faults, []);
});

test("what nobody knows to have left looks like that", LIMIT, async (t) => {
    const { simulator, page, send, smsTo, open } = await stage(t);
    const phone = "+447700900006";
    const message = await send(phone, NEVER, CODE);
    // Its statuses are lost as well: they would tell.
    await simulator.control("POST", "/behaviour", { phone, behaviour: { webhook: { loss: 1 } } });
    await simulator.control("POST", "/faults", { route: "vonage.send", count: 1, fault: { kind: "reset_after" } });
    await open(message);
    await smsIs(page, "maybe_sent");
    assert.match(await page.locator('.smslist [data-sms="maybe_sent"]').getAttribute("class"), /\bunk unknown\b/);
    assert.match(await page.locator("[data-sms-what]").innerText(), /one may have been sent already, and a second could reach the person too/);
    assert.equal(await smsTo(phone), 1, "it was sent again by itself");
    await picture(page, "sms-may-sent");
    assert.deepEqual(page.faults, []);
});

test("on the first page a class and what shall follow are chosen, and what that means is said", LIMIT, async (t) => {
    const { page, send, smsTo } = await stage(t);
    const phone = "+447700900007";
    const message = await send(phone, NEVER, { fallback_text: "Your code is 100 200." });
    await paste(page, message.id);
    await revokeButton(page, 1).waitFor();
    const then = page.getByRole("group", { name: "And then" });
    assert.ok(await then.getByRole("radio", { name: "Nothing" }).isChecked());
    await then.getByText("The content was wrong: nobody gets anything else.").waitFor();
    await then.getByRole("radio", { name: "SMS if its class allows it" }).check();
    const follows = page.locator(".follows");
    await follows.getByText("For messages without a class none leaves by itself").waitFor();
    await page.getByLabel("Class, for messages that have none").selectOption("otp");
    await follows.getByText(/Class otp: an SMS leaves by itself if a message is revoked or not delivered; unconfirmed or presumed revoked/).waitFor();
    await follows.getByText(/Who gets an SMS then may get both/).waitFor();
    assert.deepEqual(await nameless(page), []);
    await picture(page, "plan-follows");
    await revokeButton(page, 1).click();
    await page.locator(`.results [data-message="${message.key}"] [data-outcome="unconfirmed"]`).waitFor({ timeout: 30_000 });
    await page.locator(".results .item").click();
    await smsIs(page, "delivered");
    await inOrder(page, /Described by an operator|operator asked/, /Then: an SMS, if its class allows it/, /SMS 1 is to be sent/);
    assert.equal(await smsTo(phone), 1);
    assert.deepEqual(page.faults, []);
});

test("sources and classes are shown, without a secret, and reached by keyboard", LIMIT, async (t) => {
    const { simulator, page, send } = await stage(t);
    await page.locator("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.waitForURL(/\/sources$/);
    const source = page.locator('[data-source="otp"]');
    await source.waitFor();
    assert.match(await source.innerText(), /Last webhook\s+never/);
    assert.match(await source.innerText(), /Without webhooks silence proves nothing/);
    for (const what of [/DemoAgent/, /api-eu because it is set for this source \(known\)/, /asked, not revoked/, /30 requests a second/, /from AcmeBank, through this source at api-eu/]) {
        assert.match(await source.innerText(), what);
    }
    const table = page.locator("table.classes");
    const cells = async (name) => table.locator("tr", { has: page.getByRole("rowheader", { name, exact: true }) }).locator("td").allInnerTexts();
    assert.deepEqual(await table.locator("thead th").allInnerTexts(), ["What", "otp", "transactional", "promotional", "slow"]);
    assert.deepEqual(await cells("Asked back by itself"), ["4 s after sending", "no", "no", "1 h after sending"]);
    assert.deepEqual(await cells("SMS: inconclusive"), ["revoke once more, then", "by hand only", "by hand only", "revoke once more, then"]);
    assert.deepEqual(await cells("Too old for an SMS"), ["30 min after sending", "3 d after sending", "1 d after sending", "4 h after sending"]);
    assert.deepEqual(await nameless(page), []);
    await picture(page, "sources");

    // The first webhook shows by itself.
    await send("+447700900008", NEVER, {});
    await source.locator("time").waitFor();
    assert.equal(await source.getByText("Without webhooks").count(), 0);
    const html = await page.content();
    for (const secret of [simulator.signatureSecret, simulator.apiSecret, simulator.privateKey.split("\n")[1]]) assert.ok(!html.includes(secret));
    assert.deepEqual(page.faults, []);
});
