// Node, Bun and Deno: the module is read from beside this file when it is first needed.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { hearing, version } from "./hearing.js";

declare const __dirname: string;

hearing.loadBy(() => readFileSync(join(__dirname, "rcs_revoke_webhooks.wasm")));

export * from "./webhooks-api.js";

export async function init(): Promise<void> {
    version();
}
