// What travels to every visitor of a page stays small.

import assert from "node:assert/strict";
import { test } from "node:test";

import { LIMIT, sizes } from "../bench/npm/size.mjs";
import { folder } from "./module.mjs";

test("everything, the module and all JavaScript, is within its limit", async (context) => {
    const { everything } = await sizes(folder);
    context.diagnostic(`${everything.gzip} bytes of gzip of ${LIMIT}`);
    assert.ok(everything.gzip <= LIMIT, `${everything.gzip} bytes of gzip are more than ${LIMIT}`);
});
