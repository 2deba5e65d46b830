// The names of the core's JSON, which the server keeps and sends, and those of this package.

import type { Fields } from "./wire.js";

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

/** A fact with the names of this package instead of the JSON's. */
export function camel(fact: Fields): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    for (const name of Object.keys(fact)) {
        // Assigning to this one name would set what the object inherits.
        if (name !== "__proto__") {
            named[NAMES.get(name) ?? name] = fact[name];
        }
    }
    return named;
}
