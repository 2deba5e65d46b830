// Workers: the platform compiles the module and gives it to an `import`.

import module from "./rcs_revoke.wasm";

import { core, version } from "./core.js";

core.loadBy(() => module);

export * from "./api.js";

export async function init(): Promise<void> {
    version();
}
