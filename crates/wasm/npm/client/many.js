// Any number of registrations, as NDJSON in slices: a request whose body is a stream works in few browsers, and could
// not be sent again.

import { checkSignal } from "./call.js";
import { ProxyError } from "./error.js";
import { invalid, toWire } from "./names.js";

/** @import { BulkReport, Registration, RowProblem } from "../types/client.js" */
/** @import { Line } from "./call.js" */

/** How many registrations are sent at once at most, and how many characters. */
const MOST_LINES = 2_000;
const MOST_CHARACTERS = 1 << 20;

/** How many problems a report lists. */
const SHOWN = 100;

/**
 * @param {Line} line
 * @param {Iterable<Registration> | AsyncIterable<Registration>} registrations
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<BulkReport>}
 */
export async function registerMany(line, registrations, signal) {
    checkSignal(signal);
    const many = /** @type {any} */ (registrations ?? {});
    if (typeof many !== "object" || !(many[Symbol.asyncIterator] || many[Symbol.iterator])) {
        throw invalid("registrations", "expected something that can be iterated, such as a list or a generator");
    }
    /** @type {BulkReport} */
    const report = { kept: 0, refused: 0, problems: [] };
    /** @type {string[]} */
    let slice = [];
    /** @type {number[]} The place of each, from 1. */
    let places = [];
    let length = 0;
    let place = 0;

    const refuse = (/** @type {RowProblem} */ problem) => {
        if (report.problems.length < SHOWN) report.problems.push(problem);
    };
    const send = async () => {
        if (slice.length === 0) return;
        try {
            const told = await line.json({
                method: "POST",
                path: "messages",
                headers: { "content-type": "application/x-ndjson" },
                body: slice.join("\n"),
                kind: "repeats",
                signal,
            });
            report.kept += told.kept;
            report.refused += told.refused;
            // The column is one of the line that was written here, and nobody else has seen.
            for (const { line: number, code, detail } of told.problems) {
                refuse({ line: places[number - 1] ?? number, code, detail });
            }
        } catch (error) {
            if (error instanceof ProxyError) {
                if (report.kept > 0 && error.effect === "none") {
                    error.effect = "unknown";
                    error.message += ` Of those before, ${report.kept} were kept.`;
                }
                Object.assign(error, { report });
            }
            throw error;
        }
        slice = [];
        places = [];
        length = 0;
    };

    for await (const registration of many) {
        if (signal?.aborted) throw signal.reason;
        place += 1;
        let text;
        try {
            text = JSON.stringify(toWire(registration, "")) ?? "null";
        } catch (error) {
            if (!(error instanceof ProxyError)) throw error;
            // One that cannot be sent refuses itself alone, as one that the server refuses.
            report.refused += 1;
            refuse({ line: place, code: error.code, detail: error.message });
            continue;
        }
        slice.push(text);
        places.push(place);
        length += text.length + 1;
        if (slice.length >= MOST_LINES || length >= MOST_CHARACTERS) await send();
    }
    await send();
    report.problems.sort((one, other) => one.line - other.line);
    return report;
}
