// The module of `rcs-revoke/import`.

import { moduleOf } from "./shared.js";

export const importing = moduleOf("rcs-revoke/import", "core_import");
export const { ask, askNumber, initSync, version } = importing;
