// Questions as they cross the boundary; see `crates/boundary/src/wire.rs`.

import { invalid, RcsRevokeError } from "./error.js";
import { Room } from "./room.js";
import { fits } from "./text.js";

/** The mark of what a field holds: an instant, a whole number, yes or no, an object, or a text; `=` was written before. */
type Kind = "@" | "#" | "!" | "&" | "=" | "";

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
        let holder: object = fields;
        while (!Object.hasOwn(holder, name)) {
            holder = Object.getPrototypeOf(holder);
            // Of most objects, the next is already the one that every object inherits from.
            if (holder === Object.prototype || !holder || !Object.getPrototypeOf(holder)) {
                return undefined;
            }
        }
        return fields[name];
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
export function whole(value: unknown, path: string): number {
    const number = typed("number", value, path) as number;
    if (!Number.isSafeInteger(number)) {
        throw invalid(path, `expected a whole number, found ${number}`);
    }
    return number;
}

/** The instant or the whole number that an argument must be. */
function numeric(kind: Kind, value: unknown, path: string): number {
    return kind === "@" ? millis(value, path) : whole(value, path);
}

/** Fields of a question: how many stand before them, what they belong to, and their names, from one of a shape on. */
interface Place {
    before: number;
    path: string;
    names: string | Shape;
    from: number;
}

/** A question, written field by field. */
export class Question {
    readonly room = new Room();
    private count = 0;
    /** Where the fields come from, told once for those of a shape: nearly always nobody asks. */
    private readonly places: Place[] = [];
    private path = "";

    /** A question about objects of a caller, or of the core's JSON. */
    constructor(private readonly isJson = false) {}

    /** Says what the fields belong to that follow. */
    of(path: string): this {
        this.path = path;
        return this;
    }

    /** Where the field of that number belongs, from 1. */
    place(field: number): string | undefined {
        const place = this.places.filter(({ before }) => before < field).at(-1);
        if (!place) {
            return undefined;
        }
        const { path, names, from, before } = place;
        const name = typeof names === "string" ? names : names[from + field - 1 - before];
        return name === undefined ? undefined : join(path, typeof name === "string" ? name : this.key(name));
    }

    /** A field's name where it comes from. */
    private key({ name, inJson }: Field): string {
        return this.isJson ? inJson : name;
    }

    private note(names: string | Shape, from = 0): void {
        this.places.push({ before: this.count, path: this.path, names, from });
    }

    /** One field, or an absent one. */
    put(name: string, text?: string): this {
        this.note(name);
        return this.write(name, text);
    }

    private write(name: string, text?: string): this {
        this.count += 1;
        if (text === undefined) {
            this.room.absent();
        } else if (!this.room.field(text)) {
            throw invalid(join(this.path, name), "half a surrogate pair is no text");
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
        const outer = this.path;
        return this.of(path).fields(object(value, path), shape).of(outer);
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
        this.note(name);
        return this.writeValue(name, kind, value);
    }

    private writeValue(name: string, kind: Kind, value: unknown): this {
        // Most values are what they should be, and nobody asks where they stand.
        if (kind === "") {
            return this.write(name, typeof value === "string" ? value : string(value, join(this.path, name)));
        }
        if (kind === "!") {
            return this.write(name, typed("boolean", value, join(this.path, name)) ? "1" : "0");
        }
        const number = Number.isSafeInteger(value) ? (value as number) : numeric(kind, value, join(this.path, name));
        this.count += 1;
        this.room.number(number);
        return this;
    }

    /** The fields of an object. */
    private fields(fields: Fields, shape: Shape): this {
        const path = this.path;
        // Whether it is told where the next field comes from.
        let isNoted = false;
        for (let index = 0; index < shape.length; index += 1) {
            const field = shape[index]!;
            const { kind, name, isList } = field;
            if (kind === "=") {
                isNoted = false;
                continue;
            }
            const key = this.key(field);
            const value = get(fields, key, path);
            const isMissing = field.isOptional && (value === undefined || value === null);
            if (isList ? isMissing : kind !== "&") {
                if (!isNoted) {
                    this.note(shape, index);
                    isNoted = true;
                }
                isMissing ? this.write(key) : this.writeValue(key, kind, value);
                continue;
            }
            isNoted = false;
            if (isList) {
                this.list(key, array(value, join(path, key)), (item, place) => {
                    const one = `${key}[${place}]`;
                    kind === "&" ? this.object(join(path, one), item, INNER[name]!) : this.value(one, kind, item);
                });
            } else if (isMissing) {
                // As many fields as it would have; a list has none but its length.
                INNER[name]!.forEach(() => this.put(key));
            } else {
                this.object(join(path, key), value, INNER[name]!);
            }
        }
        if (this.isJson) {
            only(shape.map(({ inJson }) => inJson), fields, path);
        }
        return this;
    }
}

export function join(path: string, name: string): string {
    return path === "" ? name : name === "" ? path : `${path}.${name}`;
}
