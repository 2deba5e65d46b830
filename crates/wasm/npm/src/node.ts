// Node, Bun and Deno: the module is read from beside this file when it is first needed.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { core, version } from "./core.js";

declare const __dirname: string;

core.loadBy(() => readFileSync(join(__dirname, "rcs_revoke.wasm")));

export * from "./api.js";

export async function init(): Promise<void> {
    version();
}
