// Everything that the package exports on every platform, but for `init`.

export { readAnswer, readFailure, readResponse, readSmsAnswer, readSmsResponse } from "./answer.js";
export { RcsRevokeError } from "./error.js";
export { messageRef, parseId, parseMessageId, parseMessageIds } from "./ids.js";
export { Importer, parseImport, resolveEntries, resolveEntry } from "./import.js";
export { initSync, version } from "./module.js";
export { outcomeInfo, sentenceText } from "./outcome.js";
export { routeRegion } from "./region.js";
export {
    buildRevokeRequest,
    buildRevokeRequests,
    buildSmsRequest,
    expiryFields,
    smsReference,
    toRequest,
} from "./request.js";
export { Revocation } from "./revocation.js";
export { defaultPolicy, hosts, standardClasses } from "./source.js";
export { claimSource, consentFact, eventFact, eventMessage, receiveWebhook, smsFact } from "./webhook.js";
