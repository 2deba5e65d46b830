// What travels to every visitor of a page stays small.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LIMITS, sizes } from "../bench/npm/size.mjs";
import { folder } from "./module.mjs";

test("each entry, its module and all its JavaScript, is within its limit", async (context) => {
    const found = await sizes(folder);
    for (const [what, limit] of Object.entries(LIMITS)) {
        const { gzip } = found[what];
        context.diagnostic(`${what}: ${gzip} bytes of gzip of ${limit}`);
        assert.ok(gzip <= limit, `${what}: ${gzip} bytes of gzip are more than ${limit}`);
    }
});
