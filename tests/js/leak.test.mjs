// A million revocations created and dropped keep memory flat, whether they are given back or only forgotten.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { promisify } from "node:util";

import { rcs } from "./module.mjs";

const run = promisify(execFile);
const ROUNDS = 10;
const EACH = 100_000;

const message = rcs.parseId("message", "vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab");
const context = { source: { id: "otp", provider: "vonage" } };

function one(index) {
    const made = new rcs.Revocation(message, context);
    made.record({ fact: "requested", wish: "rev_1", by: "ops", at: index });
    made.record({ fact: "event", identity: "e", event: "delivered", receivedAt: index, raw: "{}" });
    return made;
}

/** Memory of the process after each round, in megabytes. */
async function rounds(drop) {
    const seen = [];
    for (let round = 0; round < ROUNDS; round += 1) {
        for (let index = 0; index < EACH; index += 1) {
            drop(one(index));
            // The collector does not see the module's memory: it is asked here, and its call-backs run between tasks.
            if (index % 10_000 === 9_999) {
                globalThis.gc();
                await new Promise((resolve) => setImmediate(resolve));
            }
        }
        seen.push({ rss: process.memoryUsage().rss / 2 ** 20 });
    }
    return seen;
}

if (process.argv.includes("--measure")) {
    const drop = process.argv.includes("--forget") ? () => {} : (made) => made.free();
    console.log(JSON.stringify(await rounds(drop)));
} else {
    for (const [what, ...options] of [["given back"], ["forgotten", "--forget"]]) {
        test(`1,000,000 revocations, ${what}`, { timeout: 600_000 }, async (context) => {
            const program = fileURLToPath(import.meta.url);
            const args = ["--expose-gc", program, "--measure", ...options];
            const { stdout } = await run(process.execPath, args, { env: { ...process.env, NODE_TEST_CONTEXT: "" } });
            const seen = JSON.parse(stdout);
            context.diagnostic(seen.map(({ rss }) => rss.toFixed(0)).join(" ") + " MB");
            // A leak of 100 bytes each would add 10 MB in every round.
            const grown = seen.at(-1).rss - seen[4].rss;
            assert.ok(grown < 16, `grew by ${grown.toFixed(1)} MB over 500,000 revocations`);
        });
    }
}
