// The WebAssembly module that `cargo xtask test` has built, as Node loads it.

import { createRequire } from "node:module";
import { join } from "node:path";

/** The folder with `core.js`, `core.d.ts` and `core_bg.wasm`. */
export const folder = process.env.REVOKE_TEST_WASM;
if (!folder) {
    throw new Error("REVOKE_TEST_WASM names no folder: start these tests with `cargo xtask test js`");
}

export const core = createRequire(import.meta.url)(join(folder, "core.js"));
