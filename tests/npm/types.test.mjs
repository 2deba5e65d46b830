// The types of the packed package, as each kind of project sees them, and beside the server's own description.

import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import openapiTS, { astToString } from "openapi-typescript";

import { documentation, program } from "./doc-examples.mjs";
import { HERE, output, project } from "./kit.mjs";

const LIMIT = { timeout: 120_000 };
const OPENAPI = new URL("../../crates/proxy/openapi.json", import.meta.url);
const GENERATED = fileURLToPath(new URL("types/server.d.ts", import.meta.url));
const HEADER = "// Made from crates/proxy/openapi.json by `UPDATE=1 node --test tests/npm/types.test.mjs`.\n\n";

const COMPILERS = { "TypeScript 5.9": "typescript/lib/tsc.js", "TypeScript 7": "typescript-7/lib/tsc.js" };
const WEB = { lib: ["es2022", "esnext.disposable", "dom", "dom.iterable", "dom.asynciterable"], types: [] };

let folder;

before(async () => {
    folder = await project();
});

/** Compiles files of the project under options, without a look away from any declaration. */
async function compiles(compiler, name, files, options) {
    const config = join(folder, `tsconfig.${name}.json`);
    const compilerOptions = {
        strict: true,
        noEmit: true,
        skipLibCheck: false,
        exactOptionalPropertyTypes: true,
        target: "es2022",
        ...options,
    };
    await writeFile(config, JSON.stringify({ compilerOptions, files }));
    await output(process.execPath, [join(HERE, "node_modules", compiler), "-p", config], { cwd: folder });
}

for (const [name, compiler] of Object.entries(COMPILERS)) {
    test(`${name}: a bundler's project`, LIMIT, async () => {
        const files = ["types/core.ts", "types/client.ts", "types/openapi.ts"];
        await compiles(compiler, `bundler-${name.at(-1)}`, files, { ...WEB, module: "esnext", moduleResolution: "bundler" });
    });

    test(`${name}: Node's ES modules and CommonJS`, LIMIT, async () => {
        const core = await readFile(join(folder, "types/core.ts"), "utf8");
        await writeFile(join(folder, "types/core.mts"), core);
        await writeFile(join(folder, "types/core.cts"), core);
        await compiles(compiler, `node-${name.at(-1)}`, ["types/core.mts", "types/core.cts"], { ...WEB, module: "nodenext" });
    });

    test(`${name}: a project that knows no platform`, LIMIT, async () => {
        await writeFile(join(folder, "types/bare.ts"), 'export * from "rcs-revoke";\nexport * from "rcs-revoke/client";\nexport * as rows from "rcs-revoke/import";\nexport * as calls from "rcs-revoke/webhooks";\n');
        const bare = { lib: ["es2022"], types: [], module: "esnext", moduleResolution: "bundler" };
        await compiles(compiler, `bare-${name.at(-1)}`, ["types/bare.ts"], bare);
    });
}

test("the README's code compiles", LIMIT, async () => {
    const readme = await readFile(join(folder, "node_modules/rcs-revoke/README.md"), "utf8");
    const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
    assert.ok(blocks.length >= 2);
    // What a reader has of their own.
    const own = "declare const token: string;\ndeclare const process: { env: Record<string, string | undefined> };\n";
    const files = blocks.map((_, index) => `types/readme-${index}.ts`);
    await Promise.all(blocks.map((code, index) => writeFile(join(folder, files[index]), `${own}${code}\nexport {};\n`)));
    const options = { ...WEB, module: "esnext", moduleResolution: "bundler" };
    await compiles(COMPILERS["TypeScript 7"], "readme", files, options);
});

test("every export has an example, and every example compiles", LIMIT, async () => {
    const found = await documentation(join(folder, "node_modules/rcs-revoke/types"));
    const exported = new Set(found.all.filter(({ isExport }) => isExport).map(({ name }) => name));
    const every = Object.values(found.exports).flat();
    assert.ok(every.length > 100);
    assert.deepEqual(every.filter((name) => !exported.has(name)), [], "not documented");
    assert.deepEqual(found.all.filter(({ isExport, examples }) => isExport && !examples.length), [], "without an example");
    await writeFile(join(folder, "types/examples.ts"), program(found));
    const options = { ...WEB, module: "esnext", moduleResolution: "bundler" };
    await compiles(COMPILERS["TypeScript 7"], "examples", ["types/own.d.ts", "types/examples.ts"], options);
});

test("the types of the server's description are those of its file", LIMIT, async () => {
    const made = HEADER + astToString(await openapiTS(JSON.parse(await readFile(OPENAPI, "utf8")), { silent: true }));
    if (process.env.UPDATE) {
        await writeFile(GENERATED, made);
    }
    assert.equal(await readFile(GENERATED, "utf8"), made, "tests/npm/types/server.d.ts is old: run this test with UPDATE=1");
});
