// The bytes of a question, while it is written.

import { encoder, fits, SHORT } from "./text.js";

/** What most questions need, in bytes. */
const USUAL = 4_096;
/** How many rooms of that size are kept for later questions. */
const KEPT = 4;

const COLON = 58;
const MINUS = 45;
const ZERO = 48;

/** Rooms that nobody writes to. Several at once are in use when a getter of the caller asks, too. */
const spare: Uint8Array[] = [];

/** Bytes that are written one after another. */
export class Room {
    private bytes: Uint8Array = spare.pop() ?? new Uint8Array(USUAL);
    private filled = 0;

    /** How many bytes there are. */
    get length(): number {
        return this.filled;
    }

    /** Copies them. */
    copyTo(memory: Uint8Array, at: number): void {
        const [bytes, end] = [this.bytes, this.filled];
        if (end > SHORT) {
            memory.set(bytes.subarray(0, end), at);
        } else {
            for (let index = 0; index < end; index += 1) {
                memory[at + index] = bytes[index]!;
            }
        }
    }

    /** Gives the room to the next question; nothing is written or read here any more. */
    end(): void {
        if (this.bytes.length === USUAL && spare.length < KEPT) {
            spare.push(this.bytes);
        }
    }

    /** A field that is absent. */
    absent(): void {
        this.reserve(1)[this.filled++] = COLON;
    }

    /** A field: its length, and itself. False if half a surrogate pair is in it, which has no form in bytes. */
    field(text: string): boolean {
        const { length } = text;
        if (length <= SHORT) {
            const before = this.filled;
            const bytes = this.head(length);
            const at = this.filled;
            let index = 0;
            for (let code; index < length && (code = text.charCodeAt(index)) < 128; index += 1) {
                bytes[at + index] = code;
            }
            if (index === length) {
                this.filled = at + length;
                return true;
            }
            this.filled = before;
        }
        fits(length);
        const encoded = encoder.encode(text);
        const bytes = this.head(encoded.length);
        bytes.set(encoded, this.filled);
        this.filled += encoded.length;
        return encoded.length === length || !(/[\ud800-\udfff]/.test(text) && /\p{Surrogate}/u.test(text));
    }

    /** A field of a whole number within what is safe: much faster than by its text, which the platform makes anew. */
    number(value: number): void {
        const sign = value < 0 ? 1 : 0;
        const size = sign ? -value : value;
        let digits = 1;
        for (let limit = 10; size >= limit; limit *= 10) {
            digits += 1;
        }
        const bytes = this.head(sign + digits);
        if (sign) {
            bytes[this.filled] = MINUS;
        }
        const end = this.filled + sign + digits;
        // From behind, in two parts: a number of 31 bits is divided faster.
        const low = size % 1e8;
        this.digits(low, end, Math.min(digits, 8));
        this.digits((size - low) / 1e8, end - 8, digits - 8);
        this.filled = end;
    }

    /** As many digits, the last of them before `end`. */
    private digits(number: number, end: number, digits: number): void {
        let rest = number;
        for (let at = end - 1; at >= end - digits; at -= 1) {
            const tens = Math.floor(rest / 10);
            this.bytes[at] = ZERO + rest - tens * 10;
            rest = tens;
        }
    }

    /** Writes the length of a field, and gives the bytes with room for it. */
    private head(length: number): Uint8Array {
        const bytes = this.reserve(length + 9);
        if (length < 10) {
            bytes[this.filled++] = ZERO + length;
        } else if (length < 100) {
            const tens = (length / 10) | 0;
            bytes[this.filled++] = ZERO + tens;
            bytes[this.filled++] = ZERO + length - tens * 10;
        } else {
            for (const digit of `${length}`) {
                bytes[this.filled++] = digit.charCodeAt(0);
            }
        }
        bytes[this.filled++] = COLON;
        return bytes;
    }

    /** The bytes, with room for so many more. */
    private reserve(more: number): Uint8Array {
        const needed = this.filled + more;
        if (needed > this.bytes.length) {
            fits(needed);
            const larger = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
            larger.set(this.bytes);
            this.bytes = larger;
        }
        return this.bytes;
    }
}

