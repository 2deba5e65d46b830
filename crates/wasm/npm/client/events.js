// Server-sent events out of text that comes in pieces, as the HTML standard reads them.

import { ProxyError } from "./error.js";

/**
 * @typedef {object} ServerEvent
 * @property {string} event Its kind, `message` unless told.
 * @property {string} data
 * @property {string} id The last id that was told, by this event or one before.
 */

/** How long one event may be, in characters: a stream that never ends one must not fill the memory. */
const LONGEST = 1 << 20;

/** Reads a stream of events; where it is cut never changes an event. */
export class EventReader {
    /** @type {string[]} The line that has not ended yet: put together once, when it has. */
    #line = [];
    #lineLength = 0;
    /** How long the event is so far, without the line that has not ended. */
    #eventLength = 0;
    #begun = false;
    #isAfterReturn = false;
    #event = "";
    #id = "";
    /** @type {string[]} */
    #data = [];

    /**
     * The events that the next piece completes.
     *
     * @param {string} piece
     * @returns {ServerEvent[]}
     */
    push(piece) {
        if (piece === "") return [];
        let from = 0;
        if (!this.#begun) {
            this.#begun = true;
            if (piece.startsWith("\uFEFF")) from = 1;
        } else if (this.#isAfterReturn && piece.startsWith("\n")) {
            // The second half of a `\r\n`: the first has ended the line.
            from = 1;
        }
        this.#isAfterReturn = piece.endsWith("\r");
        const ends = /\r\n|\n|\r/g;
        ends.lastIndex = from;
        const events = [];
        for (let end = ends.exec(piece); end; end = ends.exec(piece)) {
            this.#add(piece.slice(from, end.index));
            from = ends.lastIndex;
            const event = this.#endLine();
            if (event) events.push(event);
        }
        this.#add(piece.slice(from));
        return events;
    }

    /** @param {string} part */
    #add(part) {
        this.#line.push(part);
        this.#lineLength += part.length;
        if (this.#eventLength + this.#lineLength > LONGEST) {
            throw new ProxyError("unexpected_answer", "An event is longer than 1 MiB: check the address.");
        }
    }

    #endLine() {
        const line = this.#line.join("");
        this.#line = [];
        this.#lineLength = 0;
        if (line === "") {
            return this.#dispatch();
        }
        const colon = line.indexOf(":");
        // A comment: it only shows that the server lives.
        if (colon === 0) return undefined;
        this.#eventLength += line.length + 1;
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") this.#event = value;
        else if (field === "data") this.#data.push(value);
        else if (field === "id" && !value.includes("\0")) this.#id = value;
        // `retry` and unknown fields are passed over.
        return undefined;
    }

    #dispatch() {
        const { length } = this.#data;
        const event = { event: this.#event || "message", data: this.#data.join("\n"), id: this.#id };
        this.#event = "";
        this.#data = [];
        this.#eventLength = 0;
        return length > 0 ? event : undefined;
    }
}
