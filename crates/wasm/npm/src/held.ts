// Objects that live in a module's memory: given back by hand, or when nobody can reach them any more.

import { invalid, RcsRevokeError } from "./error.js";
import type { Module } from "./module.js";
import { Op } from "./ops.js";

/** Where an object is; what its class keeps of it stands beside. */
interface Place {
    kind: string;
    module: Module;
    /** Its number in the module's memory; none when it was freed. */
    handle: number | undefined;
    generation: number;
}

// A symbol of its own where the platform has none: `using` then comes compiled with a polyfill that adds it.
const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose);

const places = new WeakMap<object, Place>();
const lost = new FinalizationRegistry<Place>(giveBack);

function giveBack(place: Place): void {
    const { handle, module } = place;
    place.handle = undefined;
    // A later instance of the module has another memory, and other objects under these numbers.
    if (handle !== undefined && place.generation === module.generation()) {
        module.askNumber(Op.Free, undefined, undefined, handle);
    }
}

/** Says where an object is. */
export function hold(held: Held, kind: string, module: Module, handle: number, more: object): void {
    const place = { kind, module, handle, generation: module.generation(), ...more };
    places.set(held, place);
    lost.register(held, place, place);
}

/** Where the object is that a caller gives, or calls a method of: it may be no such object. */
export function placeOf<More>(held: unknown, kind: string, path = "this"): Place & More {
    const place = places.get(held as object);
    if (place?.kind !== kind) {
        throw invalid(path, `expected an object of the class ${kind}`);
    }
    return place as Place & More;
}

/**
 * The number of an object. Whatever a caller's getters do, they do it while a question is written: ask for the number
 * afterwards, since that of a freed object is used again.
 */
export function handleOf(place: Place): number {
    if (place.generation !== place.module.generation()) {
        throw new RcsRevokeError("freed", "this object was lost in a fault of rcs-revoke: make it again");
    }
    if (place.handle === undefined) {
        throw new RcsRevokeError("freed", "this object was freed: make a new one");
    }
    return place.handle;
}

/** An object in a module's memory. */
export abstract class Held {
    free(): void {
        const place = places.get(this);
        if (place) {
            lost.unregister(place);
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
