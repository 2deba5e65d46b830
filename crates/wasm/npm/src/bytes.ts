// Bytes of the caller.

import type { BodyInput } from "../types/index.js";
import { invalid } from "./error.js";
import { utf8 } from "./text.js";
import { reading } from "./wire.js";

const byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength")!.get!;

/** Bytes of the caller, where they are: read them last, for a getter may take them away. */
export function bytes(value: BodyInput | undefined | null, path: string): Uint8Array {
    if (value === undefined || value === null) {
        return new Uint8Array();
    }
    if (typeof value === "string") {
        return utf8(value);
    }
    return reading(path, () => {
        if (ArrayBuffer.isView(value)) {
            return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
        }
        try {
            // Throws unless it is an ArrayBuffer, of this realm or another.
            byteLength.call(value);
        } catch {
            throw invalid(path, "expected a string, a Uint8Array or an ArrayBuffer");
        }
        return new Uint8Array(value);
    });
}

/** Bytes one after the other. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
    const both = new Uint8Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    return both;
}
