// Every file of tests/vectors/, run through the npm package: JavaScript decides as Rust does.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { core } from "./module.mjs";

const folder = new URL("../vectors/", import.meta.url);

/** What a file's cases are put to. A file without a line here fails the run. */
const decisions = {
    "answers.json": core.readAnswer,
    "fallback.json": core.fallback,
    "import.json": ({ text }) => core.parseImport(text).map(withoutSentences),
    "outcomes.json": core.outcome,
    "regions.json": core.routeRegion,
    "requests.json": (target) => {
        try {
            return core.buildRevokeRequest(target);
        } catch (error) {
            return { error: error.code };
        }
    },
    "resolve.json": (question) => withoutSentences(core.resolveEntry(question)),
    "steps.json": core.nextStep,
    "webhooks.json": core.receiveWebhook,
};

/** A problem without what it says to people: its code is what is promised. */
function withoutSentences(value) {
    if (!("code" in value)) {
        return value;
    }
    const { message, text, ...promised } = value;
    assert.ok(message.length > 0);
    return promised;
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
    const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8"));
    test(file, async (suite) => {
        const decide = decisions[file];
        assert.ok(decide, `${file} has no runner in this test`);
        assert.ok(cases.length > 0, `${file} is empty`);
        for (const { name, input, expected } of cases) {
            await suite.test(name, () => assert.deepEqual(decide(input), expected));
        }
    });
}
