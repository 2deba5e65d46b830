// Everything that `rcs-revoke/webhooks` exports on every platform, but for `init`.

export { initSync, version } from "./hearing.js";
export { RcsRevokeError } from "./shared.js";
export { claimSource, consentFact, eventFact, eventMessage, receiveWebhook, smsFact } from "./webhooks.js";
