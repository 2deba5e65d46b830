// The module of `rcs-revoke`.

import { moduleOf } from "./shared.js";

export const core = moduleOf("rcs-revoke", "core_new");
export const { ask, askNumber, askText, initSync, version } = core;
