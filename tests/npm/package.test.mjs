// What is published: the files of the tarball, and what two checkers of packages say of it.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { publint } from "publint";
import { formatMessage } from "publint/utils";

import { HERE, MODULES, output, pack } from "./kit.mjs";

const LIMIT = { timeout: 120_000 };

let folder;
let packed;

before(async () => {
    folder = await mkdtemp(join(tmpdir(), "rcs-revoke-test-"));
    packed = await pack(folder);
});

after(() => rm(folder, { recursive: true, force: true }));

test("the tarball holds what it takes and nothing of the workshop", () => {
    for (const file of ["package.json", "README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", ...MODULES]) {
        assert.ok(packed.files.includes(file), `${file} is missing`);
    }
    const known = /^(README|CHANGELOG|LICENSE)|^package\.json$|\.wasm$|^[a-z-]+\.c?js$|^types(-cjs)?\/[a-z]+\.d\.c?ts$/;
    assert.deepEqual(packed.files.filter((file) => !known.test(file)), []);
});

test("publint finds nothing", LIMIT, async () => {
    const { buffer } = await readFile(packed.tarball);
    const { messages, pkg } = await publint({ pack: { tarball: buffer }, strict: true });
    assert.deepEqual(messages.map((message) => formatMessage(message, pkg)), []);
});

test("are the types wrong? No", LIMIT, async () => {
    const program = join(HERE, "node_modules/@arethetypeswrong/cli/dist/index.js");
    assert.match(await output(process.execPath, [program, packed.tarball, "--format", "ascii"]), /No problems found/);
});
