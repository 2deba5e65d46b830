// Browsers and bundlers: the module is fetched, so it must be waited for.

import { core } from "./core.js";
import { fetched } from "./shared.js";

export * from "./api.js";

export const init = fetched(core, () => new URL("./rcs_revoke.wasm", import.meta.url));
