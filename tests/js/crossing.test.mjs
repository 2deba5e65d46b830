// What crosses into the module arrives as it is: texts and numbers of every length, and whatever a getter does meanwhile.

import assert from "node:assert/strict";
import { test } from "node:test";

import { rcs } from "./module.mjs";

const message = rcs.parseId("message", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
const source = { id: "otp", provider: "vonage" };
const event = { fact: "event", identity: "e", event: "read", receivedAt: 1 };

/** What comes back of facts that were recorded one by one. */
function returned(...facts) {
    const made = new rcs.Revocation(message, { source });
    try {
        facts.forEach((fact) => made.record(fact));
        return made.facts();
    } finally {
        made.free();
    }
}

test("a text of every length, in every script", () => {
    // Around what is written letter by letter, what a length takes in digits, and what there is room for at first.
    const lengths = [0, 1, 9, 10, 11, 63, 64, 65, 99, 100, 101, 999, 1_000, 1_001, 4_080, 4_096, 4_097, 70_000];
    for (const letter of ["x", "é", "→", "😀", "\u0000", "\u007f", "\u0080"]) {
        for (const length of lengths) {
            for (const raw of [letter.repeat(length), `${"x".repeat(length)}${letter}`, `${letter}${"x".repeat(length)}`]) {
                const [fact] = returned({ ...event, raw });
                assert.equal(fact.raw ?? "", raw, `${raw.length} of ${JSON.stringify(letter)}`);
            }
        }
    }
});

test("many fields, far more than there is room for at first", () => {
    const facts = Array.from({ length: 3_000 }, (_, index) => ({ ...event, identity: `é${index}`, receivedAt: index }));
    const made = new rcs.Revocation(message, { source });
    assert.equal(made.recordAll(facts), facts.length);
    const order = (one, other) => one.receivedAt - other.receivedAt;
    assert.deepEqual(made.facts().sort(order).map(({ identity }) => identity), facts.map(({ identity }) => identity));
});

test("a number of every length, and below zero", () => {
    const sizes = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER];
    for (let power = 10; power < Number.MAX_SAFE_INTEGER; power *= 10) {
        sizes.push(power - 1, power, power + 1, Math.floor(power * Math.PI));
    }
    for (const size of sizes) {
        for (const receivedAt of [size, -size]) {
            const [fact] = returned({ ...event, receivedAt });
            assert.equal(fact.receivedAt, receivedAt + 0, `${receivedAt}`);
        }
    }
    assert.equal(returned({ ...event, receivedAt: -0 })[0].receivedAt, 0);
});

test("half a surrogate pair is refused wherever it stands", () => {
    for (const raw of ["\ud800", "x\udc00", `${"x".repeat(100)}\ud800`, `\udc00${"→".repeat(100)}`, "\udc00\ud800", "😀\ud83d"]) {
        assert.throws(() => returned({ ...event, raw }), { code: "invalid_argument", path: "fact.raw" }, JSON.stringify(raw));
    }
});

test("what is asked by a getter, while a question is written, disturbs neither", () => {
    const long = "→".repeat(5_000);
    const nested = [];
    const asking = (value) => {
        // Deeper than rooms are kept for, and one of them with more than fits into it.
        const deeper = (depth) => ({
            ...event,
            raw: `${depth}`,
            get identity() {
                if (depth < 7) {
                    nested.push(...returned(deeper(depth + 1), { ...event, identity: "long", raw: long }));
                }
                return `e${depth}`;
            },
        });
        return { ...deeper(0), raw: value };
    };
    for (const value of ["short", long]) {
        nested.length = 0;
        assert.deepEqual(returned(asking(value)), [{ ...event, identity: "e0", raw: value }]);
        assert.equal(nested.length, 14);
        for (const { identity, raw } of nested) {
            assert.equal(raw, identity === "long" ? long : identity.slice(1));
        }
    }
    // A question that was given up half way leaves nothing behind in the next one.
    assert.throws(() => returned({ ...event, raw: 7 }), { code: "invalid_argument", path: "fact.raw" });
    assert.deepEqual(returned({ ...event, raw: "x" }), [{ ...event, raw: "x" }]);
});
