// What every browser test needs: a demo of its own, a line to it that can be cut, and a page that reports every fault.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { chromium } from "playwright-core";

import { ACCESS_KEY, startServer } from "../js/server.mjs";
import { startSimulator } from "../js/simulator.mjs";

const SHOTS = fileURLToPath(new URL("shots/", import.meta.url));
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const FOUND = /^\s+(\S+)\s+# ([\w-]+): (.+)$/;

/**
 * Starts the server's own demo on free ports: its address, its access key, the messages to revoke (`stories`) and those
 * that are revoked by themselves (`dated`).
 */
export async function startDemo(t) {
    const program = process.env.REVOKE_TEST_SERVER;
    assert.ok(program, "REVOKE_TEST_SERVER names no program: start these tests with `cargo xtask test browser`");
    const child = spawn(program, ["demo", "--port", "0", "--webhook-port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.once("exit", resolve));
    t.after(async () => {
        child.kill();
        await ended;
    });
    const demo = { origin: "", key: "", stories: [], dated: [] };
    let found = demo.stories;
    for await (const line of createInterface({ input: child.stdout })) {
        const link = line.match(/(http:\/\/\S+?)\/?#key=(\S+)/);
        const story = line.match(FOUND);
        if (link) [, demo.origin, demo.key] = link;
        if (line.startsWith("Watch")) found = demo.dated;
        if (story) found.push({ id: story[1], source: story[2], seen: story[3] });
        if (line.startsWith("Stop")) break;
    }
    assert.ok(demo.origin, "the demo printed no address");
    child.stdout.resume();
    return demo;
}

/**
 * Starts the simulator and a server of the test's own, with one source `otp` whose settings and classes the test states;
 * `world` is the simulator's own configuration.
 *
 * Gives what `enter` needs; `call` for the API; `send`, which has a message sent and registers it as a sending system
 * does; and `smsTo`, how many SMS the provider took for a phone.
 */
export async function startStage(t, settings) {
    const simulator = await startSimulator(settings?.world);
    t.after(simulator.stop);
    const server = await startServer(simulator, settings);
    t.after(server.stop);
    const call = async (path, body) => {
        const headers = { authorization: `Bearer ${ACCESS_KEY}`, "content-type": "application/json" };
        const answer = await fetch(`${server.url}/api/v1${path}`, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
        const text = await answer.text();
        assert.ok(answer.ok, `${path}: ${answer.status} ${text}`);
        return JSON.parse(text);
    };
    const send = async (phone, behaviour, told) => {
        const sent = await simulator.control("POST", "/messages", { provider: "vonage", agent: "DemoAgent", phone, behaviour });
        const registered = { id: sent.id, source: "otp", phone, sent_at: sent.sent_at_ms, ...told };
        const { results } = await call("/messages", registered);
        assert.ok(results[0].message, JSON.stringify(results));
        return { id: sent.id, key: results[0].message };
    };
    const smsTo = async (phone) => {
        const truths = await simulator.control("GET", "/truth?provider=vonage");
        return truths.filter((truth) => truth.channel === "sms" && truth.phone === phone).length;
    };
    return { origin: server.url, key: ACCESS_KEY, simulator, call, send, smsTo };
}

/** A line to a server that can be cut and mended: `origin` is where to go instead. */
export async function startLine(t, origin) {
    const { hostname, port } = new URL(origin);
    const open = new Set();
    let isCut = false;
    const server = createServer((near) => {
        if (isCut) return near.destroy();
        const far = connect(Number(port), hostname);
        for (const [socket, other] of [[near, far], [far, near]]) {
            open.add(socket);
            socket.on("error", () => other.destroy());
            socket.on("close", () => open.delete(socket));
            socket.pipe(other);
        }
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const cut = () => {
        isCut = true;
        for (const socket of open) socket.destroy();
    };
    t.after(() => {
        cut();
        server.close();
    });
    return { origin: `http://127.0.0.1:${server.address().port}`, cut, mend: () => (isCut = false) };
}

/** Starts the browser. */
export async function startBrowser(t) {
    const browser = await chromium.launch({ executablePath: process.env.CHROME, args: FLAGS });
    t.after(() => browser.close());
    return browser;
}

/**
 * Opens a page whose `faults` collects everything that should not happen: errors in the console, uncaught errors,
 * and what the content security policy forbids.
 */
export async function openPage(browser, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1360, height: 900 }, colorScheme: "light", ...options });
    const page = await context.newPage();
    page.faults = [];
    page.on("pageerror", (error) => page.faults.push(String(error)));
    page.on("console", (message) => {
        if (message.type() === "error") page.faults.push(message.text());
    });
    await page.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
            console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
    });
    return page;
}

/** Opens the console with the access key and waits until it is live. */
export async function enter(page, { origin, key }, path = "/") {
    await page.goto(`${origin}${path}#key=${key}`);
    await page.locator(".live", { hasText: "Live" }).waitFor();
}

/** Takes the picture of a page as it is, wide and narrow, light and dark. */
export async function picture(page, name) {
    await mkdir(SHOTS, { recursive: true });
    for (const scheme of ["light", "dark"]) {
        for (const [shape, size] of [["wide", { width: 1360, height: 900 }], ["narrow", { width: 360, height: 780 }]]) {
            await page.emulateMedia({ colorScheme: scheme });
            await page.setViewportSize(size);
            await page.evaluate(() => scrollTo(0, 0));
            await page.screenshot({ path: `${SHOTS}${name}-${shape}-${scheme}.png`, fullPage: true });
            const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wider <= 0, `${name} is ${wider} px wider than a ${shape} window`);
        }
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize({ width: 1360, height: 900 });
}

/** What in the page can be used but has no name that could be read out. */
export function nameless(page) {
    return page.evaluate(() => {
        const text = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? "").join("");
        const name = (one) =>
            one.getAttribute("aria-label") || text(one.getAttribute("aria-labelledby") ?? "") ||
            [...(one.labels ?? [])].map((label) => label.textContent).join("") || one.textContent || one.title;
        const shown = (one) => one.checkVisibility() && !one.closest("[aria-hidden=true]");
        const all = [...document.querySelectorAll("a[href], button, input, select, textarea, dialog[open], section, [tabindex='0'], [role=group]")];
        const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
        const twice = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `id ${id} stands twice`);
        return [...all.filter(shown).filter((one) => !name(one).trim()).map((one) => one.outerHTML.slice(0, 200)), ...twice];
    });
}

/** Pastes as a person does: the text arrives in a paste event of the focused field. */
export async function paste(page, text) {
    await page.locator("[data-paste]").evaluate((field, text) => {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        field.focus();
        const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
        if (field.dispatchEvent(event)) {
            field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
            field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        }
    }, text);
}

/** The button, once it says how many messages it revokes and can be pressed. */
export function revokeButton(page, count) {
    const noun = count === 1 ? "message" : "messages";
    return page.locator("[data-revoke]:enabled", { hasText: `Revoke ${count.toLocaleString("en")} ${noun}` });
}
