// What the client of the proxy does on a line that fails: what it repeats, what it never does, and what it says.

import assert from "node:assert/strict";
import { test } from "node:test";

import { EventReader } from "../../crates/wasm/npm/client/events.js";
import { Client, newIdempotencyKey } from "../../crates/wasm/npm/client/index.js";

const KEY = "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab";
const CUT = new TypeError("fetch failed");
const DOWN = () => problem(503, "store_unavailable");

const json = (value, status = 200, headers = {}) => new Response(JSON.stringify(value), { status, headers });
const problem = (status, code, headers) =>
    json({ type: `about:blank#${code}`, title: "It went wrong", status, code, detail: "Nothing was done." }, status, headers);

/** A client whose calls end as told, one after another, and the calls that it made. */
function scripted(...ends) {
    const calls = [];
    const fetch = async (url, init) => {
        calls.push({ url, ...init });
        const end = ends[Math.min(calls.length, ends.length) - 1];
        if (end instanceof Error) throw end;
        return typeof end === "function" ? end(init) : end;
    };
    return { calls, client: new Client({ url: "http://proxy.example/base", accessKey: "key", fetch }) };
}

test("what is safe is repeated with the very same bytes and key", async () => {
    const report = { made: 1, already: 0, refused: 0, results: [] };
    const { client, calls } = scripted(CUT, DOWN, () => json(report, 202));
    assert.deepEqual(await client.revoke(KEY, { notBefore: new Date(1_800_000_000_000) }), report);
    assert.equal(calls.length, 3);
    assert.equal(new Set(calls.map(({ body }) => body)).size, 1);
    assert.equal(new Set(calls.map(({ headers }) => headers["idempotency-key"])).size, 1);
    const [{ url, method, headers, body, redirect }] = calls;
    assert.deepEqual([url, method, redirect], ["http://proxy.example/base/api/v1/revocations", "POST", "manual"]);
    assert.match(headers["idempotency-key"], /^[0-9a-f-]{36}$/);
    assert.equal(headers.authorization, "Bearer key");
    assert.deepEqual(JSON.parse(body), { items: [{ message: KEY }], not_before: 1_800_000_000_000 });
});

test("two commands never share a key", async () => {
    const { client, calls } = scripted(() => json({}, 202));
    await client.revoke(KEY);
    await client.revoke(KEY);
    assert.notEqual(calls[0].headers["idempotency-key"], calls[1].headers["idempotency-key"]);
});

test("a withdrawal is never repeated, and its error says that it may have been done", async () => {
    for (const end of [CUT, DOWN]) {
        const { client, calls } = scripted(end);
        await assert.rejects(client.withdraw(KEY), { name: "ProxyError", effect: "unknown" });
        await assert.rejects(client.withdrawWish("rev_1"), { effect: "unknown" });
        assert.equal(calls.length, 2);
    }
});

test("what is wrong is not repeated, and nothing was done", async () => {
    for (const [status, code] of [[401, "access_key_required"], [409, "idempotency_key_reused"], [422, "invalid_body"]]) {
        const { client, calls } = scripted(() => problem(status, code));
        const error = { code, status, effect: "none", message: "It went wrong. Nothing was done." };
        await assert.rejects(client.revoke(KEY), error);
        assert.equal(calls.length, 1);
    }
});

test("what an earlier try may have done, no later answer takes back", async () => {
    const no = () => problem(401, "access_key_required");
    for (const first of [CUT, DOWN]) {
        const { client, calls } = scripted(first, no);
        const error = { code: "access_key_required", status: 401, effect: "unknown", message: /An earlier try/ };
        await assert.rejects(client.revoke(KEY), error);
        await assert.rejects(scripted(first, no).client.register({ id: "1", source: "otp" }), error);
        await assert.rejects(scripted(first, no).client.importMessages("id\n1\n"), error);
        assert.equal(calls.length, 2);
        await assert.rejects(scripted(first, no).client.messages(), { status: 401, effect: "none" });
    }
    // Two after another that did nothing, and a command that is over with the first.
    const busy = () => problem(429, "too_many_requests");
    await assert.rejects(scripted(busy, no).client.revoke(KEY), { status: 401, effect: "none" });
    await assert.rejects(scripted(busy, CUT, no).client.revoke(KEY), { status: 401, effect: "unknown" });
});

test("it gives up after the retries, with a key to give the command again", async () => {
    const { calls } = scripted();
    const fetch = async (_, init) => {
        calls.push(init);
        throw CUT;
    };
    const client = new Client({ url: "http://proxy.example", fetch, retries: 1 });
    const error = await client.revoke(KEY).catch((error) => error);
    assert.deepEqual([error.code, error.effect, calls.length], ["unreachable", "unknown", 2]);
    assert.equal(error.cause, CUT);
    assert.equal(error.idempotencyKey, calls[0].headers["idempotency-key"]);
    assert.ok(!("authorization" in calls[0].headers));
    await assert.rejects(client.session(), { code: "unreachable", effect: "none" });
});

test("an answer of somebody else is told apart from one of the server", async () => {
    const page = () => new Response("<h1>Welcome</h1>", { status: 200, headers: { "content-type": "text/html" } });
    await assert.rejects(scripted(page).client.session(), { code: "unexpected_answer", effect: "none" });
    await assert.rejects(scripted(page).client.watch().next(), { code: "unexpected_answer" });
    const moved = () => new Response(null, { status: 302, headers: { location: "https://elsewhere.example/" } });
    const { client, calls } = scripted(moved);
    await assert.rejects(client.withdraw(KEY), { code: "unexpected_answer", status: 302, effect: "unknown" });
    assert.equal(calls.length, 1);
});

test("an answer that cannot be read is told with its status, and not asked for again", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    for (const [text, status] of [[deep, 200], ["<html>", 202], ["", 200], ["null", 200], ["7", 200]]) {
        const { client, calls } = scripted(() => new Response(text, { status }));
        const error = (effect) => ({ name: "ProxyError", code: "unexpected_answer", status, effect });
        await assert.rejects(client.sources(), error("none"));
        await assert.rejects(client.revoke(KEY), error("unknown"));
        await assert.rejects(client.pages().next(), error("none"));
        assert.equal(calls.length, 3);
    }
});

test("the place of what is wrong is told in JavaScript's names", async () => {
    for (const [at, path] of [["items[0].sent_at", "items[0].sentAt"], ["[3].no_expiry", "[3].noExpiry"], ["line 1, column 2", "line 1, column 2"]]) {
        const { client } = scripted(() => json({ title: "No", status: 422, code: "invalid_body", at }, 422));
        await assert.rejects(client.revoke(KEY), { code: "invalid_body", path });
    }
});

test("an answer that does not come in time ends the try", async () => {
    let tries = 0;
    const fetch = (_, { signal }) => {
        tries += 1;
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const client = new Client({ url: "http://proxy.example", fetch, timeout: 5, retries: 1 });
    await assert.rejects(client.revoke(KEY), { code: "timed_out", effect: "unknown" });
    assert.equal(tries, 2);
});

test("an aborted call throws the signal's own reason and makes no other try", async () => {
    const reason = new Error("not needed any more");
    const { client, calls } = scripted(() => Promise.reject(CUT));
    const signal = AbortSignal.abort(reason);
    await assert.rejects(client.revoke(KEY, { signal }), reason);
    assert.ok(calls.length <= 1);
});

test("what cannot be sent is refused before anything is sent", async () => {
    const { client, calls } = scripted(() => json({}));
    const wrong = (path) => ({ name: "ProxyError", code: "invalid_argument", path, effect: "none" });
    await assert.rejects(client.revoke(KEY, { notBefore: Number.NaN }), wrong("notBefore"));
    await assert.rejects(client.revoke([{ message: KEY, sentAt: new Date("nonsense") }]), wrong("items[0].sentAt"));
    await assert.rejects(client.register({ id: "1", source: "otp", ttl: 0.5 }), wrong("[0].ttl"));
    await assert.rejects(client.register({ id: 1n, source: "otp" }), wrong("[0].id"));
    for (const key of ["", ".", "..", undefined, 7, "vonage:\ud800"]) {
        await assert.rejects(client.message(key), wrong("message"));
    }
    for (const idempotencyKey of ["wrong price – 2026", null, "", " a", "a ", "a\nb", "x".repeat(201), 7]) {
        await assert.rejects(client.revoke(KEY, { idempotencyKey }), wrong("idempotencyKey"));
    }
    for (const lastEventId of ["a–b", "", "7\n", 7, null]) {
        await assert.rejects(client.watch({ lastEventId }).next(), wrong("lastEventId"));
    }
    await assert.rejects(client.watch({ silence: Number.NaN }).next(), wrong("silence"));
    for (const outcome of [[], "", [""], null, 7]) {
        await assert.rejects(client.messages({ outcome }), wrong("outcome"));
        await assert.rejects(client.pages({ outcome }).next(), wrong("outcome"));
    }
    for (const limit of [0, 501, 1.5, Number.NaN, "7", null]) {
        await assert.rejects(client.messages({ limit }), wrong("limit"));
    }
    await assert.rejects(client.messages({ after: null }), wrong("after"));
    const circle = {};
    circle.again = [circle];
    await assert.rejects(client.register(circle), { name: "ProxyError", code: "invalid_argument", path: /^\[0\]\.again\[0\]/ });
    await assert.rejects(client.revoke(circle), { name: "ProxyError", code: "invalid_argument" });
    for (const signal of [7, null, {}]) {
        await assert.rejects(client.sources({ signal }), wrong("signal"));
        await assert.rejects(client.watch({ signal }).next(), wrong("signal"));
    }
    await assert.rejects(client.importMessages(7), wrong("text"));
    await assert.rejects(client.importMessages("id\n", { source: null }), wrong("source"));
    assert.equal(calls.length, 0);
    for (const options of [undefined, null, {}, { url: "nonsense" }, { url: "ftp://x" }, { url: "http://user:pass@x" }]) {
        assert.throws(() => new Client(options), wrong("url"));
    }
    for (const accessKey of ["with\nnewline", "", null]) {
        assert.throws(() => new Client({ url: "http://x", accessKey }), wrong("accessKey"));
    }
    assert.throws(() => new Client({ url: "http://x", fetch: 7 }), wrong("fetch"));
    assert.throws(() => new Client({ url: "http://x", retries: -1 }), wrong("retries"));
});

test("a key of one's own is sent as it is, and each new one differs", async () => {
    const { client, calls } = scripted(() => json({}, 202));
    const keys = [newIdempotencyKey(), newIdempotencyKey(), "~ recall 7 !", "x".repeat(200)];
    assert.equal(new Set(keys).size, 4);
    for (const idempotencyKey of keys) await client.revoke(KEY, { idempotencyKey });
    assert.deepEqual(calls.map(({ headers }) => headers["idempotency-key"]), keys);
});

test("a ledger goes as it is, each time with the same bytes", async () => {
    const bytes = new TextEncoder().encode("id\nä\n");
    const change = () => {
        bytes.fill(0);
        throw CUT;
    };
    const { client, calls } = scripted(change, () => json({ kept: 1, duplicates: 0, refused: 0, problems: [] }));
    assert.equal((await client.importMessages(bytes, { source: "otp eu" })).kept, 1);
    assert.deepEqual(calls.map(({ body }) => new TextDecoder().decode(body)), ["id\nä\n", "id\nä\n"]);
    assert.equal(calls[0].url, "http://proxy.example/base/api/v1/messages/import?source=otp+eu");
    assert.deepEqual([calls[0].method, calls[0].headers["content-type"]], ["POST", "text/csv"]);
});

/** Registrations that come one after another, and how many were asked for. */
function source(count, change = (registration) => registration) {
    const given = { asked: 0, ended: false };
    given.each = (async function* () {
        try {
            for (let number = 1; number <= count; number += 1) {
                given.asked += 1;
                yield change({ id: `m${number}`, source: "otp", sentAt: new Date(1_800_000_000_000) }, number);
            }
        } finally {
            given.ended = true;
        }
    })();
    return given;
}

/** Keeps every line of a call but those that say otherwise. */
function keeps({ headers, body }) {
    assert.equal(headers["content-type"], "application/x-ndjson");
    const lines = body.split("\n").map((line) => JSON.parse(line));
    const problems = lines.flatMap(({ id }, at) =>
        id === "no" ? [{ line: at + 1, column: 1, code: "invalid_id", detail: "It is none." }] : []);
    return json({ kept: lines.length - problems.length, refused: problems.length, problems });
}

test("many registrations go in slices, and none is asked for before there is room for it", async () => {
    const { client, calls } = scripted(keeps);
    const many = source(4_500, (registration, number) =>
        number === 3_000 ? { ...registration, id: "no" } : number === 7 ? { ...registration, ttl: 0.5 } : registration);
    let before = 0;
    const counted = { async *[Symbol.asyncIterator]() {
        for await (const registration of many.each) {
            before = Math.max(before, many.asked - calls.reduce((sum, { body }) => sum + body.split("\n").length, 0));
            yield registration;
        }
    } };
    const report = await client.registerMany(counted);
    assert.ok(before <= 2_001, `${before} were asked for and not sent`);
    assert.deepEqual([report.kept, report.refused, calls.length], [4_498, 2, 3]);
    assert.deepEqual(report.problems.map(({ line, code }) => [line, code]), [[7, "invalid_argument"], [3_000, "invalid_id"]]);
    assert.ok(report.problems.every((problem) => !("column" in problem) && problem.detail.length > 0));
    assert.deepEqual(JSON.parse(calls[0].body.split("\n")[0]), { id: "m1", source: "otp", sent_at: 1_800_000_000_000 });
    assert.deepEqual(await client.registerMany([]), { kept: 0, refused: 0, problems: [] });
    assert.equal(calls.length, 3);
});

test("long registrations make short slices, and a report lists a hundred problems", async () => {
    const { client, calls } = scripted(keeps);
    const long = "x".repeat(1_000);
    await client.registerMany(source(3_000, (registration) => ({ ...registration, fallbackText: long })).each);
    assert.ok(calls.length > 2 && calls.every(({ body }) => body.length < 1.1 * 2 ** 20));
    const { refused, problems } = await client.registerMany(Array(150).fill({ id: "no", source: "otp" }));
    assert.deepEqual([refused, problems.length], [150, 100]);
});

test("when many cannot go on, what was kept before is told and nothing more is asked for", async () => {
    const no = () => problem(401, "access_key_required");
    const first = scripted(no);
    await assert.rejects(first.client.registerMany(source(10).each), { effect: "none", report: { kept: 0, refused: 0, problems: [] } });
    const { client } = scripted(keeps, CUT, keeps, no);
    const many = source(10_000);
    const error = { code: "access_key_required", effect: "unknown", message: /4000 were kept/ };
    await assert.rejects(client.registerMany(many.each), (thrown) => {
        assert.deepEqual(thrown.report, { kept: 4_000, refused: 0, problems: [] });
        assert.match(thrown.message, error.message);
        return thrown.code === error.code && thrown.effect === error.effect;
    });
    assert.deepEqual([many.asked, many.ended], [6_000, true]);
    const stop = new AbortController();
    const aborted = source(10, (registration, number) => (number === 3 && stop.abort("enough"), registration));
    await assert.rejects(scripted(keeps).client.registerMany(aborted.each, { signal: stop.signal }), (reason) => reason === "enough");
    const own = new Error("the ledger is gone");
    await assert.rejects(scripted(keeps).client.registerMany(source(2, () => { throw own; }).each), own);
    for (const wrong of [7, "text", { id: "1", source: "otp" }, null]) {
        await assert.rejects(client.registerMany(wrong), { code: "invalid_argument", path: "registrations" });
    }
});

test("a key in a path stays one segment", async () => {
    const { client, calls } = scripted(() => json({}));
    await client.message("google_rbm:a@rbm.goog:x/../y?z#");
    assert.equal(calls[0].url, "http://proxy.example/base/api/v1/messages/google_rbm%3Aa%40rbm.goog%3Ax%2F..%2Fy%3Fz%23");
});

test("no name in an answer reaches a prototype, and codes of outcomes stay what they are", async () => {
    const text = '{"items":[],"counts":{"presumed_revoked":2},"__proto__":{"polluted":true},"next":null}';
    const { client } = scripted(() => new Response(text));
    const page = await client.messages();
    assert.deepEqual(page.counts, { presumed_revoked: 2 });
    assert.ok(!("next" in page));
    assert.equal({}.polluted, undefined);
});

/** A stream of events as a response that stays open or ends. */
function stream(pieces, { ends = true } = {}) {
    return (init) => {
        const body = new ReadableStream({
            start(controller) {
                init.signal.addEventListener("abort", () => controller.error(init.signal.reason));
                pieces.forEach((piece) => controller.enqueue(new TextEncoder().encode(piece)));
                if (ends) controller.close();
            },
        });
        return new Response(body, { headers: { "content-type": "text/event-stream" } });
    };
}

const HELLO = (id) => `event: hello\nid: ${id}\ndata: {"version":"0.1.0","clock_scale":1}\n\n`;
const MESSAGE = (id) => `event: message\nid: ${id}\ndata: {"message":"${KEY}","sent_at":null,"changed_at":7}\n\n`;

/** The first events of a watch. */
async function events(client, count, options) {
    const seen = [];
    for await (const event of client.watch(options)) {
        seen.push(event);
        if (seen.length === count) return seen;
    }
    return assert.fail("the watch ended");
}

test("a watch opens a new stream where the last one ended, was cut, or fell silent", { timeout: 30_000 }, async () => {
    const silent = stream([HELLO(3)], { ends: false });
    const { client, calls } = scripted(stream([HELLO(1), MESSAGE(2)]), CUT, DOWN, silent, stream([HELLO(2), MESSAGE(4)]));
    const seen = await events(client, 5, { silence: 20 });
    assert.deepEqual(calls.map(({ headers }) => headers["last-event-id"]), [undefined, "2", "2", "2", "3"]);
    assert.deepEqual(seen.map(({ event, id, isResumed }) => [event, id, isResumed]), [
        ["hello", "1", false],
        ["message", "2", undefined],
        // Another number than was asked for: not the stream that broke.
        ["hello", "3", false],
        ["hello", "2", false],
        ["message", "4", undefined],
    ]);
    assert.deepEqual(seen[1].message, { message: KEY, changedAt: 7 });
    assert.equal(seen[0].session.clockScale, 1);
});

test("leaving the loop ends the stream", async () => {
    let ended;
    const open = (init) => {
        ended = new Promise((resolve) => init.signal.addEventListener("abort", resolve));
        return stream([HELLO(1)], { ends: false })(init);
    };
    await events(scripted(open).client, 1);
    await ended;
});

test("a watch throws what waiting cannot heal", async () => {
    const { client, calls } = scripted(stream([HELLO(1)]), () => problem(401, "access_key_required"));
    await assert.rejects(events(client, 2), { code: "access_key_required" });
    assert.equal(calls.length, 2);
});

test("a stream that ends as soon as it is open is waited for longer each time", async (context) => {
    const real = setTimeout;
    const silence = 77_777;
    let waits = [];
    let now = 0;
    context.mock.method(performance, "now", () => now);
    // No wait but that for a silent stream takes any time.
    context.mock.method(globalThis, "setTimeout", (done, millis) => {
        if (millis === silence) return real(() => {}, 0);
        waits.push(millis);
        return real(done, 0);
    });
    const closing = stream([HELLO(1)]);
    const long = (init) => {
        now += 10_000;
        return closing(init);
    };
    const waitsOf = async (...ends) => {
        waits = [];
        await events(scripted(...ends, stream([HELLO(1)])).client, ends.length + 1, { silence });
        return waits;
    };
    const short = await waitsOf(...Array.from({ length: 8 }, () => closing));
    assert.equal(short.length, 8);
    short.forEach((wait, index) => assert.ok(wait >= Math.min(30_000, 500 * 2 ** index) / 2, `${index}: ${wait}`));
    // What lived, or brought something, was a stream.
    assert.ok((await waitsOf(closing, closing, closing, long)).at(-1) <= 500);
    waits = [];
    await events(scripted(closing, closing, closing, stream([HELLO(1), MESSAGE(2)]), closing).client, 6, { silence });
    assert.ok(waits.at(-1) <= 500);
});

test("an event that no stream of the server brings ends the watch", { timeout: 30_000 }, async () => {
    const long = stream(["event: message\ndata: ", ...Array.from({ length: 17 }, () => "x".repeat(1 << 16))]);
    const deep = stream([`event: message\nid: 1\ndata: ${"[".repeat(200_000)}${"]".repeat(200_000)}\n\n`]);
    for (const bad of [long, deep, stream([HELLO("ä")]), stream(["event: hello\nid: 1\ndata: {\n\n"])]) {
        const { client, calls } = scripted(bad);
        await assert.rejects(events(client, 1), { name: "ProxyError", code: "unexpected_answer" });
        assert.equal(calls.length, 1);
    }
});

test("a long event is searched once, in however many pieces it comes", (context) => {
    const long = "x".repeat(1 << 19);
    const { exec } = RegExp.prototype;
    let searched = 0;
    context.mock.method(RegExp.prototype, "exec", function (text) {
        searched += text.length;
        return exec.call(this, text);
    });
    const reader = new EventReader();
    assert.deepEqual(reader.push("data:"), []);
    for (let at = 0; at < long.length; at += 1_024) reader.push(long.slice(at, at + 1_024));
    assert.deepEqual(reader.push("\n\n"), [{ event: "message", data: long, id: "" }]);
    context.mock.restoreAll();
    assert.ok(searched < 3 * long.length, `searched ${searched} characters for ${long.length}`);
});

test("comments and many events never add up to one that is too long", () => {
    const reader = new EventReader();
    const comment = `:${"x".repeat(1 << 18)}\n`;
    const event = `data:${"x".repeat(1 << 18)}\n\n`;
    for (let count = 0; count < 8; count += 1) {
        assert.equal(reader.push(comment).length, 0);
        assert.equal(reader.push(event).length, 1);
    }
    assert.throws(() => reader.push(`data:${"x".repeat(1 << 19)}\n`.repeat(3)), { code: "unexpected_answer" });
});

test("where a stream is cut never changes an event", () => {
    const text = "\uFEFFevent: a\r\nid: 1\r\ndata: x\r\rid:2\ndata:y\ndata\n\n: lives\n\nretry: 5\ndata: ü€😀\r\n\r\n";
    const expected = [
        { event: "a", data: "x", id: "1" },
        { event: "message", data: "y\n", id: "2" },
        { event: "message", data: "ü€😀", id: "2" },
    ];
    const read = (pieces) => {
        const reader = new EventReader();
        return pieces.flatMap((piece) => reader.push(piece));
    };
    for (let at = 0; at <= text.length; at += 1) {
        assert.deepEqual(read([text.slice(0, at), text.slice(at), "\n"]), expected, `cut at ${at}`);
    }
    assert.deepEqual(read([...text, "\n"]), expected);
});
