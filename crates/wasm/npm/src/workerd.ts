// Workers: the platform compiles the module and gives it to an `import`.

import module from "./rcs_revoke.wasm";

import { loadBy, version } from "./module.js";

loadBy(() => module);

export * from "./api.js";

export async function init(): Promise<void> {
    version();
}
