// Everything that `rcs-revoke` exports on every platform, but for `init`.

export { readAnswer, readFailure, readResponse, readSmsAnswer, readSmsResponse } from "./answer.js";
export { initSync, version } from "./core.js";
export { messageRef, parseId, parseMessageId, parseMessageIds } from "./ids.js";
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
export { RcsRevokeError } from "./shared.js";
export { defaultPolicy, hosts, standardClasses } from "./source.js";
