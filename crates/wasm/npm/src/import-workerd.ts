// Workers: the platform compiles the module and gives it to an `import`.

import module from "./rcs_revoke_import.wasm";

import { importing, version } from "./importing.js";

importing.loadBy(() => module);

export * from "./import-api.js";

export async function init(): Promise<void> {
    version();
}
