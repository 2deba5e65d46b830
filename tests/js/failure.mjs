// For tests of what a client makes of a refusal.

import assert from "node:assert/strict";

/** The error that a promise must end with. */
export async function failure(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    return assert.fail("the client took a refusal for a success");
}
