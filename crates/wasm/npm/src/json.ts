// The names of the core's JSON, which the server keeps and sends, and those of this package.

import { invalid } from "./error.js";
import { own, type Fields } from "./wire.js";

function names(fact: Fields): string[] {
    try {
        return Object.keys(fact);
    } catch (cause) {
        throw invalid("json", "a fact cannot be read", cause);
    }
}

/** A fact with the names of this package instead of the JSON's: `receivedAt` for `received_at`. */
export function camel(fact: Fields): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    for (const name of names(fact)) {
        // Not even `__proto__` stays itself: assigning to that one name would set what the object inherits.
        named[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())] = own(fact, name);
    }
    return named;
}
