// The client's types beside what the real server answers: a field that the types do not know, one that they promise
// and that is missing, or one of another kind does not compile.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import ts from "typescript";

import { Client } from "../../crates/wasm/npm/client/index.js";
import { sendText } from "../npm/vonage.mjs";
import { ACCESS_KEY, startServer } from "./server.mjs";
import { startSimulator } from "./simulator.mjs";

const TYPES = fileURLToPath(new URL("../../crates/wasm/npm/types/client.js", import.meta.url));
const LIMIT = { timeout: 120_000 };
const HOUR = 3_600_000;
const OFFLINE = "447700900001";
const ONLINE = "447700900002";

let simulator;
let server;

before(async () => {
    simulator = await startSimulator();
    await simulator.control("POST", "/behaviour", { phone: OFFLINE, behaviour: { delivery: { kind: "never" } } });
    server = await startServer(simulator);
});

after(async () => {
    await server?.stop();
    await simulator?.stop();
});

/** What becomes a branded text when it is read from JSON: any text. */
const HEADER = `import type * as client from ${JSON.stringify(TYPES)};
type Plain<T> = T extends string
    ? ({} extends Record<T, 1> ? string : T)
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { [Name in keyof T]: Plain<T[Name]> }
        : T;
`;

/** What the compiler says against values of the types they are said to have. */
async function complaints(values) {
    const lines = values.map(([type, value], index) => `const value${index}: Plain<client.${type}> = ${JSON.stringify(value)};\n`);
    const file = join(simulator.folder, "answers.ts");
    await writeFile(file, HEADER + lines.join(""));
    const options = { strict: true, noEmit: true, exactOptionalPropertyTypes: true, types: [], lib: ["lib.es2022.d.ts"] };
    const module = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler };
    const program = ts.createProgram([file], { ...options, ...module });
    return ts.getPreEmitDiagnostics(program).map(({ messageText, file, start }) => {
        const line = file ? file.getLineAndCharacterOfPosition(start).line - HEADER.split("\n").length + 1 : -1;
        return `${values[line]?.[0]}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`;
    });
}

test("every answer of the server has the type that the client says", LIMIT, async () => {
    const client = new Client({ url: server.url, accessKey: ACCESS_KEY });
    const values = [];
    const of = async (type, answer) => {
        const value = await answer;
        values.push([type, value]);
        return value;
    };
    const id = () => crypto.randomUUID();
    const key = (id) => `vonage:${id}`;

    const stop = new AbortController();
    const watched = (async () => {
        for await (const event of client.watch({ signal: stop.signal })) values.push(["WatchEvent", event]);
    })().catch((error) => assert.equal(error, stop.signal.reason));

    const [asked, reached] = [await sendText(simulator, OFFLINE), await sendText(simulator, ONLINE)];
    const [planned, old, nowhere, quiet] = [id(), id(), id(), id()];
    const terms = { source: "otp", phone: `+${OFFLINE}` };
    await of("RegistrationReport", client.register([
        { ...terms, id: asked, sentAt: Date.now(), ttl: HOUR, host: "vonage.eu" },
        { ...terms, id: planned, sentAt: Date.now(), noExpiry: true },
        { ...terms, id: old, sentAt: Date.now() - 48 * HOUR },
        { id: nowhere, source: "otp" },
        { id: quiet, source: "otp" },
        { id: "nonsense", source: "otp" },
    ]));
    await of("BulkReport", client.registerMany([
        { id: id(), source: "otp", class: "otp", fallbackText: "1234", failover: false, revokeAt: Date.now() + HOUR },
        { id: "nonsense", source: "otp" },
        { id: id(), source: "otp", ttl: 0.5 },
    ]));
    await of("ImportReport", client.importMessages(`id\n${id()}\nnonsense\n`, { source: "otp" }));
    const report = await of("RevocationReport", client.revoke([...[asked, old, nowhere, asked].map(key), "google_rbm:nobody@rbm.goog:1"], { reason: "why" }));
    assert.ok(report.made && report.already && report.refused, "each way that an item may go");
    const plan = await of("RevocationReport", client.revoke(key(planned), { notBefore: Date.now() + HOUR }));
    const [{ wish }] = plan.results;
    await of("MessageView", client.revocation(wish));

    const outcomes = [
        [asked, "settling"],
        [reached, "delivered"],
        [old, "refused"],
        [nowhere, "refused"],
        [planned, "planned"],
        [quiet, "watched"],
    ];
    for (const [one, expected] of outcomes) {
        const outcome = () => client.message(key(one)).then(({ outcome }) => outcome.outcome, ({ code }) => code);
        while ((await outcome()) !== expected) await new Promise((resolve) => setTimeout(resolve, 20));
        await of("MessageDetail", client.message(key(one)));
    }
    await of("Lookup[]", client.lookup([asked, quiet, id()]));
    await of("MessagePage", client.messages({ limit: 2 }));
    await of("MessagePage", client.messages());
    await of("WithdrawalReport", client.withdrawWish(wish));
    await of("SourceView[]", client.sources());
    await of("SessionView", client.session());
    stop.abort();
    await watched;
    assert.ok(values.filter(([type]) => type === "WatchEvent").length > 1);

    assert.deepEqual(await complaints(values), []);

    // And a lie is found: a field too many, one too few, another kind deep inside.
    const [, detail] = values.find(([type, { openWish }]) => type === "MessageDetail" && openWish);
    const { explanation, deaf, ...rest } = detail;
    const lies = [
        { ...rest, deaf, explanation: { ...explanation, outcome: detail.outcome } },
        { ...rest, explanation },
        { ...rest, explanation, deaf: "no" },
        { ...rest, explanation, deaf, timeline: [{ ...detail.timeline[0], side: "nobody" }] },
    ];
    assert.equal((await complaints(lies.map((lie) => ["MessageDetail", lie]))).length, lies.length);
});
