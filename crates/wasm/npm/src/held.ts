// Objects that live in the module's memory: given back by hand, or when nobody can reach them any more.

import { RcsRevokeError } from "./error.js";
import { askText, generation } from "./module.js";
import { Op } from "./ops.js";

interface Place {
    handle: number;
    generation: number;
}

// A symbol of its own where the platform has none: `using` then comes compiled with a polyfill that adds it.
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

const lost = new FinalizationRegistry<Place>(giveBack);

function giveBack({ handle, generation: born }: Place): void {
    // A later instance of the module has another memory, and other objects under these numbers.
    if (born === generation) {
        askText(Op.Free, undefined, undefined, handle);
    }
}

/** An object in the module's memory. */
export abstract class Held {
    #place: Place | undefined;

    /** Takes over the object of that number. */
    protected hold(handle: number): void {
        const place = { handle, generation };
        this.#place = place;
        lost.register(this, place, place);
    }

    /** The number of the object. */
    protected handle(): number {
        const place = this.#place;
        if (!place) {
            throw new RcsRevokeError("freed", "this object was freed: make a new one");
        }
        if (place.generation !== generation) {
            throw new RcsRevokeError("freed", "this object was lost in a fault of rcs-revoke: make it again");
        }
        return place.handle;
    }

    /** Lets go of the object, which the module has freed by itself. */
    protected release(): void {
        if (this.#place) {
            lost.unregister(this.#place);
            this.#place = undefined;
        }
    }

    free(): void {
        const place = this.#place;
        if (place) {
            this.release();
            giveBack(place);
        }
    }
}

export interface Held {
    [Symbol.dispose](): void;
}

Object.defineProperty(Held.prototype, DISPOSE, {
    value(this: Held) {
        this.free();
    },
    configurable: true,
    writable: true,
});
