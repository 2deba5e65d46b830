// The API writes `snake_case`, JavaScript `camelCase`: the two ways across, and what they refuse.

import { ProxyError } from "./error.js";

/** How deep a caller's value may be: nothing that the API takes is nearly as deep. */
const DEEPEST = 16;

/** Objects whose keys are data, such as the codes of outcomes. */
const MAPS = new Set(["counts"]);

/**
 * What the API wrote, in JavaScript's names. A `null` becomes an absent field.
 *
 * @param {unknown} value
 * @returns {any}
 */
export function fromWire(value) {
    if (Array.isArray(value)) {
        return value.map(fromWire);
    }
    if (typeof value !== "object" || value === null) {
        return value;
    }
    // `fromEntries` defines fields and never assigns, so that no name can reach a prototype.
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, field]) => field !== null)
            .map(([name, field]) => [
                camelCase(name),
                MAPS.has(name) ? field : fromWire(field),
            ]),
    );
}

/**
 * A name of the API, or a path of such names, in JavaScript's names.
 *
 * @param {string} name
 */
export function camelCase(name) {
    return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

/**
 * What a caller gave, in the API's names. Dates become milliseconds; absent fields stay absent.
 *
 * @param {unknown} value
 * @param {string} path Where it stands, for errors.
 * @param {number} [depth]
 * @returns {unknown}
 */
export function toWire(value, path, depth = 0) {
    if (depth > DEEPEST) {
        throw invalid(path, "expected a value without a circle in it");
    }
    if (value instanceof Date || typeof value === "number") {
        const number = Number(value);
        if (!Number.isSafeInteger(number)) {
            // JSON would make it `null`, and the server would take that for "not told".
            throw invalid(path, "expected a Date or a whole number of milliseconds");
        }
        return number;
    }
    if (Array.isArray(value)) {
        return value.map((item, index) => toWire(item, `${path}[${index}]`, depth + 1));
    }
    if (typeof value !== "object" || value === null) {
        if (typeof value === "bigint" || typeof value === "function" || typeof value === "symbol") {
            throw invalid(path, `expected no ${typeof value}`);
        }
        return value;
    }
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, field]) => field !== undefined)
            .map(([name, field]) => [
                name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
                toWire(field, path ? `${path}.${name}` : name, depth + 1),
            ]),
    );
}

/**
 * @param {string} path
 * @param {string} expected
 */
export function invalid(path, expected) {
    return new ProxyError("invalid_argument", `${path}: ${expected}. Nothing was sent.`, { path });
}
