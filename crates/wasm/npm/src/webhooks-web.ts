// Browsers and bundlers: the module is fetched, so it must be waited for.

import { hearing } from "./hearing.js";
import { fetched } from "./shared.js";

export * from "./webhooks-api.js";

export const init = fetched(hearing, () => new URL("./rcs_revoke_webhooks.wasm", import.meta.url));
