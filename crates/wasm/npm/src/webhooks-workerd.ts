// Workers: the platform compiles the module and gives it to an `import`.

import module from "./rcs_revoke_webhooks.wasm";

import { hearing, version } from "./hearing.js";

hearing.loadBy(() => module);

export * from "./webhooks-api.js";

export async function init(): Promise<void> {
    version();
}
