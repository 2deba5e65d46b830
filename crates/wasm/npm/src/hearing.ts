// The module of `rcs-revoke/webhooks`.

import { moduleOf } from "./shared.js";

export const hearing = moduleOf("rcs-revoke/webhooks", "core_webhooks");
export const { ask, askText, initSync, version } = hearing;
