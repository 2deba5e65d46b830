// Text as bytes, and how much of it one call takes.

import { RcsRevokeError } from "./error.js";

/** The longest question, and the longest body beside it, in bytes. */
export const LONGEST = 64 * 1024 * 1024;

/** Up to here a loop is faster than what the platform has for texts and bytes. */
export const SHORT = 64;

export const encoder = new TextEncoder();
// What a provider has sent stays as it came, a byte order mark too.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Text as UTF-8: half a surrogate pair has no form in it, and becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
    return encoder.encode(text);
}

/** UTF-8 as text. */
export function text(bytes: Uint8Array): string {
    return decoder.decode(bytes);
}

/** Refuses what is longer than a question may be. */
export function fits(length: number): void {
    if (!(length <= LONGEST)) {
        throw new RcsRevokeError("too_large", `more than ${LONGEST} bytes in one call: give it in pieces`);
    }
}
