// Server-sent events out of text that comes in pieces, as the HTML standard reads them.

/**
 * @typedef {object} ServerEvent
 * @property {string} event Its kind, `message` unless told.
 * @property {string} data
 * @property {string} id The last id that was told, by this event or one before.
 */

/** Reads a stream of events; where it is cut never changes an event. */
export class EventReader {
    #rest = "";
    #begun = false;
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
        let text = this.#rest + piece;
        if (!this.#begun && text !== "") {
            this.#begun = true;
            text = text.replace(/^\uFEFF/, "");
        }
        const events = [];
        let from = 0;
        for (const end of text.matchAll(/\r\n|\n|\r/g)) {
            // A `\r` at the very end may be the first half of `\r\n`.
            if (end[0] === "\r" && end.index + 1 === text.length) break;
            const event = this.#line(text.slice(from, end.index));
            from = end.index + end[0].length;
            if (event) events.push(event);
        }
        this.#rest = text.slice(from);
        return events;
    }

    /** @param {string} line */
    #line(line) {
        if (line === "") {
            return this.#dispatch();
        }
        const colon = line.indexOf(":");
        const field = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (field === "event") this.#event = value;
        else if (field === "data") this.#data.push(value);
        else if (field === "id" && !value.includes("\0")) this.#id = value;
        // Comments, `retry` and unknown fields are passed over.
        return undefined;
    }

    #dispatch() {
        const { length } = this.#data;
        const event = { event: this.#event || "message", data: this.#data.join("\n"), id: this.#id };
        this.#event = "";
        this.#data = [];
        return length > 0 ? event : undefined;
    }
}
