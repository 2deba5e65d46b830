// The names of the core's JSON, which the server keeps and sends, and those of this package.

import { invalid } from "./error.js";
import { own, type Fields } from "./wire.js";

/** Each name of the JSON that is written differently here. */
const NAMES: ReadonlyMap<string, string> = new Map(
    [
        "receivedAt",
        "sentAt",
        "fallbackText",
        "notBefore",
        "overrideWindow",
        "begunAt",
        "retryAfter",
        "eventTime",
        "providerId",
    ].map((name) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), name]),
);

function names(fact: Fields): string[] {
    try {
        return Object.keys(fact);
    } catch (cause) {
        throw invalid("json", "a fact cannot be read", cause);
    }
}

/** A fact with the names of this package instead of the JSON's. */
export function camel(fact: Fields): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    for (const name of names(fact)) {
        // Assigning to this one name would set what the object inherits.
        if (name !== "__proto__") {
            named[NAMES.get(name) ?? name] = own(fact, name);
        }
    }
    return named;
}
