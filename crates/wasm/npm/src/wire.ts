// The texts that cross the boundary; see `crates/wasm/src/wire.rs`.

import { invalid } from "./error.js";

const SEPARATOR = "\x1f";
const ESCAPE = "\x1a";
const SPECIAL = /[\x1a\x1f]/;
const EVERY_SPECIAL = /[\x1a\x1f]/g;

/** What a field of a shape holds. */
export type Kind = "text" | "text?" | "time" | "time?" | "span" | "span?" | "count" | "count?" | "flag?";

/** The fields of an object, in the order in which they cross. */
export type Shape = ReadonlyArray<readonly [name: string, kind: Kind]>;

/** An object whose own properties are looked at, and nothing it inherits. */
export type Fields = Readonly<Record<string, unknown>>;

/** The object that an argument must be. */
export function object(value: unknown, path: string): Fields {
    if (typeof value !== "object" || value === null) {
        throw invalid(path, `expected an object, found ${named(value)}`);
    }
    return value as Fields;
}

/** A property of the object itself; what it inherits does not count. */
export function own(fields: Fields, name: string): unknown {
    try {
        return Object.hasOwn(fields, name) ? fields[name] : undefined;
    } catch (cause) {
        throw invalid(name, "it cannot be read", cause);
    }
}

/** The array that an argument must be. */
export function array(value: unknown, path: string): readonly unknown[] {
    if (!Array.isArray(value)) {
        throw invalid(path, `expected an array, found ${named(value)}`);
    }
    return value;
}

/** The text that an argument must be. */
export function string(value: unknown, path: string): string {
    if (typeof value !== "string") {
        throw invalid(path, `expected a string, found ${named(value)}`);
    }
    return value;
}

/** The instant that an argument must be, in milliseconds. */
export function millis(value: unknown, path: string): number {
    const number = typeof value === "number" ? value : timeOf(value);
    if (number === undefined) {
        throw invalid(path, `expected a Date or a number, found ${named(value)}`);
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
    if (!Number.isSafeInteger(value)) {
        throw invalid(path, `expected a whole number, found ${typeof value === "number" ? value : named(value)}`);
    }
    return value as number;
}

function named(value: unknown): string {
    return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/** A question, written field by field. */
export class Question {
    head = "";
    readonly #names: string[] = [];
    readonly #paths: string[] = [];
    #path = "";

    /** Says what the fields belong to that follow. */
    of(path: string): this {
        this.#path = path;
        return this;
    }

    /** Where the field of that number belongs, from 1. */
    place(field: number): string | undefined {
        const name = this.#names[field - 1];
        return name === undefined ? undefined : join(this.#paths[field - 1]!, name);
    }

    /** One field, or an absent one. */
    put(name: string, text: string | undefined): this {
        this.#names.push(name);
        this.#paths.push(this.#path);
        if (this.#names.length > 1) {
            this.head += SEPARATOR;
        }
        if (text !== undefined) {
            this.head += "=" + (SPECIAL.test(text) ? text.replace(EVERY_SPECIAL, escaped) : text);
        }
        return this;
    }

    /** A text of the caller. */
    text(name: string, value: unknown): this {
        return this.put(name, typeof value === "string" ? value : string(value, join(this.#path, name)));
    }

    /** One value of the caller. */
    value(name: string, kind: Kind, value: unknown): void {
        if ((value === undefined || value === null) && kind.endsWith("?")) {
            this.put(name, undefined);
            return;
        }
        switch (kind) {
            case "text":
            case "text?":
                this.text(name, value);
                return;
            case "time":
            case "time?":
                this.put(name, `${millis(value, join(this.#path, name))}`);
                return;
            case "flag?":
                if (typeof value !== "boolean") {
                    throw invalid(join(this.#path, name), `expected a boolean, found ${named(value)}`);
                }
                this.put(name, value ? "1" : "0");
                return;
            default:
                this.put(name, `${whole(value, join(this.#path, name))}`);
        }
    }

    /** The fields of an object of the caller. */
    fields(fields: Fields, shape: Shape): this {
        for (const [name, kind] of shape) {
            this.value(name, kind, own(fields, name));
        }
        return this;
    }
}

function join(path: string, name: string): string {
    return path === "" ? name : name === "" ? path : `${path}.${name}`;
}

function escaped(special: string): string {
    return ESCAPE + (special === SEPARATOR ? "s" : "e");
}

function unescaped(text: string): string {
    return text.replace(/\x1a(.)/g, (_, letter) => (letter === "s" ? SEPARATOR : ESCAPE));
}

const ZERO = 48;
const NINE = 57;
const MINUS = 45;

/** An answer, read field by field; each ends with a separator. */
export class Answer {
    readonly #text: string;
    #at = 0;

    constructor(text: string) {
        this.#text = text;
    }

    /** Whether there is another field. */
    get more(): boolean {
        return this.#at < this.#text.length;
    }

    /** The next field, if it is there. */
    opt(): string | undefined {
        const from = this.#at;
        const end = this.#text.indexOf(SEPARATOR, from);
        if (end < 0) {
            return undefined;
        }
        this.#at = end + 1;
        if (end === from) {
            return undefined;
        }
        const text = this.#text.slice(from + 1, end);
        return text.includes(ESCAPE) ? unescaped(text) : text;
    }

    /** The next field, which is there, as a text of the type that its place gives it. */
    text<T extends string>(): T {
        return (this.opt() ?? "") as T;
    }

    /** The next field as a number, if it is there. */
    optInt(): number | undefined {
        const text = this.#text;
        let at = this.#at;
        if (text[at] !== "=") {
            this.#at = at + 1;
            return undefined;
        }
        at += 1;
        const isNegative = text.charCodeAt(at) === MINUS;
        if (isNegative) {
            at += 1;
        }
        let number = 0;
        for (let digit = text.charCodeAt(at); digit >= ZERO && digit <= NINE; digit = text.charCodeAt(at)) {
            number = number * 10 + digit - ZERO;
            at += 1;
        }
        this.#at = at + 1;
        return isNegative ? -number : number;
    }

    /** The next field as a number. */
    int(): number {
        return this.optInt() ?? 0;
    }

    /** The fields that are left. */
    rest<T extends string>(): T[] {
        const texts: T[] = [];
        while (this.more) {
            texts.push(this.text<T>());
        }
        return texts;
    }
}

/** The object without what is undefined. */
export function defined<T extends object>(object: T): T {
    for (const key in object) {
        if (object[key] === undefined) {
            delete object[key];
        }
    }
    return object;
}
