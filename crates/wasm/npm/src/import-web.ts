// Browsers and bundlers: the module is fetched, so it must be waited for.

import { importing } from "./importing.js";
import { fetched } from "./shared.js";

export * from "./import-api.js";

export const init = fetched(importing, () => new URL("./rcs_revoke_import.wasm", import.meta.url));
