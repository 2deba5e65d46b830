/**
 * Takes back RCS business messages that were sent but not yet delivered, and tells the truth about what happened:
 * the core of `rcs-revoke` for any JavaScript app. It asks no network and holds no credential. Lists of messages are read
 * by `rcs-revoke/import`, webhooks by `rcs-revoke/webhooks`.
 *
 * @module rcs-revoke
 */
export * from "./answer.js";
export * from "./class.js";
export * from "./error.js";
export * from "./fact.js";
export * from "./fallback.js";
export * from "./ids.js";
export * from "./init.js";
export * from "./outcome.js";
export * from "./region.js";
export * from "./request.js";
export * from "./revocation.js";
export * from "./source.js";
