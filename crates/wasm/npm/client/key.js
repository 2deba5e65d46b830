// Keys of commands.

import { invalid } from "./names.js";

/** What the server takes, and what arrives as it was given: the platform's `fetch` trims a header's ends. */
const KEY = /^[!-~](?:[ -~]{0,198}[!-~])?$/;

/** A key that no other command has. It is no secret. */
export function newIdempotencyKey() {
    // Node 18 has no global `crypto`, and a page of plain HTTP no `randomUUID`.
    const { crypto } = globalThis;
    if (crypto?.randomUUID) return crypto.randomUUID();
    const part = () => Math.random().toString(36).slice(2);
    return [Date.now().toString(36), part(), part(), part()].join("-");
}

/**
 * The key that a caller gave, if it can be sent.
 *
 * @param {unknown} key
 * @returns {string}
 */
export function checkedKey(key) {
    if (typeof key !== "string" || !KEY.test(key)) {
        throw invalid("idempotencyKey", "expected 1 to 200 printable ASCII characters, without a space at either end");
    }
    return key;
}
