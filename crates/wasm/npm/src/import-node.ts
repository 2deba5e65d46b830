// Node, Bun and Deno: the module is read from beside this file when it is first needed.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { importing, version } from "./importing.js";

declare const __dirname: string;

importing.loadBy(() => readFileSync(join(__dirname, "rcs_revoke_import.wasm")));

export * from "./import-api.js";

export async function init(): Promise<void> {
    version();
}
