// Questions as they cross the boundary; see `crates/boundary/src/wire.rs`.

import { invalid, RcsRevokeError } from "./error.js";
import { Room } from "./room.js";
import { fits } from "./text.js";

/** The mark of what a field holds: an instant, a whole number, yes or no, an object, or a text. */
type Kind = "@" | "#" | "!" | "&" | "";

interface Field {
    kind: Kind;
    name: string;
    /** Its name in the core's JSON. */
    inJson: string;
    isList: boolean;
    isOptional: boolean;
}

/** The fields of an object, in the order in which they cross. */
export type Shape = readonly Field[];

/** Reads a shape: names of fields, each after its mark, before a `*` if it is a list and a `?` if it may be missing. */
export function shape(fields: string): Shape {
    return fields.split(" ").map((field) => {
        const [, kind, name, isList, isOptional] = /^(\W?)(\w+)(\*?)(\??)$/.exec(field)! as unknown as string[];
        const inJson = name!.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        return { kind: kind as Kind, name: name!, inJson, isList: isList !== "", isOptional: isOptional !== "" };
    });
}

/** The objects within objects. */
const INNER: Readonly<Record<string, Shape>> = {
    by: shape("kind id"),
    life: shape("kind @at? #ttl?"),
    sms: shape("source from host"),
    classes: shape(
        "name kind #ttl #revokeAfter? then #settle? #retries*? &fallback #fallbackBy? #notAfter? smsFrom? smsText?",
    ),
    fallback: shape("gone unconfirmed inconclusive unfinished hopeless otherwise"),
};

/** An object of a caller: read with {@link get} only. */
type Fields = Readonly<Record<string, unknown>>;

/** What reading something of a caller gives: what its getters and proxies throw becomes an error of this package. */
export function reading<T>(path: string, read: () => T, otherwise = "it cannot be read"): T {
    try {
        return read();
    } catch (cause) {
        throw cause instanceof RcsRevokeError ? cause : invalid(path, otherwise, cause);
    }
}

/** The object that an argument must be. */
function object(value: unknown, path: string): Fields {
    if (typeof value !== "object" || value === null) {
        throw expected("an object", value, path);
    }
    return value as Fields;
}

/** A property of an object, its own or its class's; what every object inherits does not count. */
function get(fields: Fields, name: string, path: string): unknown {
    try {
        const value = fields[name];
        let holder: object = fields;
        while (value !== undefined && !Object.hasOwn(holder, name)) {
            holder = Object.getPrototypeOf(holder);
            if (!holder || !Object.getPrototypeOf(holder)) {
                return undefined;
            }
        }
        return value;
    } catch (cause) {
        throw invalid(join(path, name), "it cannot be read", cause);
    }
}

/** The properties of the object that an argument must be, by name. */
export function reader(value: unknown, path: string): (name: string) => unknown {
    const fields = object(value, path);
    return (name) => get(fields, name, path);
}

/** Refuses names besides these: of what is read here and written again, nothing may be lost. */
export function only(names: readonly string[], value: unknown, path: string): void {
    for (const name of reading(path, () => Object.keys(value as object))) {
        if (!names.includes(name)) {
            throw invalid(join(path, name), "this version knows no such field, and would lose it");
        }
    }
}

/** The items of the array that an argument must be. */
export function array(value: unknown, path: string): unknown[] {
    return reading(path, () => {
        if (!Array.isArray(value)) {
            throw expected("an array", value, path);
        }
        const { length } = value;
        fits(length);
        // Room for what is likely, at once: pushing a hundred thousand one by one takes a sixth of reading as many ids.
        const items = new Array<unknown>(Math.min(length, 2 ** 20));
        for (let index = 0; index < length; index += 1) {
            items[index] = value[index];
        }
        return items;
    });
}

function expected(what: string, value: unknown, path: string): RcsRevokeError {
    return invalid(path, `expected ${what}, found ${value === null ? "null" : typeof value}`);
}

function typed(type: string, value: unknown, path: string): unknown {
    if (typeof value !== type) {
        throw expected(`a ${type}`, value, path);
    }
    return value;
}

/** The text that an argument must be. */
export function string(value: unknown, path: string): string {
    return typed("string", value, path) as string;
}

/** The instant that an argument must be, in milliseconds. */
export function millis(value: unknown, path: string): number {
    const number = typeof value === "number" ? value : timeOf(value);
    if (number === undefined) {
        throw expected("a Date or a number", value, path);
    }
    if (!Number.isSafeInteger(number)) {
        const found = typeof value === "number" ? `${value}` : "an invalid Date";
        throw invalid(path, `expected whole milliseconds since 1970, found ${found}`);
    }
    return number;
}

/** The time of a `Date`, of this realm or another. */
function timeOf(value: unknown): number | undefined {
    try {
        return Date.prototype.getTime.call(value);
    } catch {
        return undefined;
    }
}

/** The whole number that an argument must be. */
function whole(value: unknown, path: string): number {
    const number = typed("number", value, path) as number;
    if (!Number.isSafeInteger(number)) {
        throw invalid(path, `expected a whole number, found ${number}`);
    }
    return number;
}

/** The instant or the whole number that an argument must be. */
function numeric(kind: "@" | "#", value: unknown, path: string): number {
    return kind === "@" ? millis(value, path) : whole(value, path);
}

/** A question, written field by field. */
export class Question {
    readonly room = new Room();
    /** Of each field, what it belongs to, and its name: in one row, for an array of each would be thrown away. */
    readonly #places: string[] = [];
    #path = "";
    readonly #isJson: boolean;

    /** A question about objects of a caller, or of the core's JSON. */
    constructor(isJson = false) {
        this.#isJson = isJson;
    }

    /** Says what the fields belong to that follow. */
    of(path: string): this {
        this.#path = path;
        return this;
    }

    /** Where the field of that number belongs, from 1. */
    place(field: number): string | undefined {
        const [path, name] = this.#places.slice(2 * field - 2, 2 * field);
        return field > 0 && path !== undefined ? join(path, name!) : undefined;
    }

    /** One field, or an absent one. */
    put(name: string, text?: string): this {
        this.#places.push(this.#path, name);
        if (text === undefined) {
            this.room.absent();
        } else if (!this.room.field(text)) {
            throw invalid(join(this.#path, name), "half a surrogate pair is no text");
        }
        return this;
    }

    /** Several things: how many, and each, written by `write`. */
    list(name: string, items: readonly unknown[], write: (item: unknown, index: number) => void): this {
        this.put(name, `${items.length}`);
        items.forEach(write);
        return this;
    }

    /** The fields of an object of the caller that stands there. */
    object(path: string, value: unknown, shape: Shape): this {
        const outer = this.#path;
        return this.of(path).#fields(object(value, path), shape).of(outer);
    }

    /** A text of the caller. */
    text(name: string, value: unknown): this {
        return this.value(name, "", value);
    }

    /** A text of the caller that may be missing. */
    opt(name: string, value: unknown): this {
        return value === undefined || value === null ? this.put(name) : this.value(name, "", value);
    }

    /** One value of the caller. */
    value(name: string, kind: Kind, value: unknown): this {
        if (kind === "@" || kind === "#") {
            const number = Number.isSafeInteger(value) ? (value as number) : numeric(kind, value, join(this.#path, name));
            this.#places.push(this.#path, name);
            this.room.number(number);
            return this;
        }
        // Most values are what they should be, and nobody asks where they stand.
        if (kind !== "!") {
            return this.put(name, typeof value === "string" ? value : string(value, join(this.#path, name)));
        }
        return this.put(name, typed("boolean", value, join(this.#path, name)) ? "1" : "0");
    }

    /** One value of the caller, which may be an object with fields of its own. */
    #one(path: string, place: string, kind: Kind, name: string, value: unknown): void {
        if (kind === "&") {
            this.object(join(path, place), value, INNER[name]!);
        } else {
            this.value(place, kind, value);
        }
    }

    /** The fields of an object. */
    #fields(fields: Fields, shape: Shape): this {
        const path = this.#path;
        for (const { kind, name, inJson, isList, isOptional } of shape) {
            const key = this.#isJson ? inJson : name;
            const value = get(fields, key, path);
            const isMissing = isOptional && (value === undefined || value === null);
            if (isMissing && kind === "&" && !isList) {
                // An object has as many fields as it would have; a list has none but its length.
                INNER[name]!.forEach(() => this.put(key));
            } else if (isMissing) {
                this.put(key);
            } else if (isList) {
                const items = array(value, join(path, key));
                this.list(key, items, (item, index) => this.#one(path, `${key}[${index}]`, kind, name, item));
            } else {
                this.#one(path, key, kind, name, value);
            }
        }
        if (this.#isJson) {
            only(shape.map(({ inJson }) => inJson), fields, path);
        }
        return this;
    }
}

export function join(path: string, name: string): string {
    return path === "" ? name : name === "" ? path : `${path}.${name}`;
}
