// Questions as they cross the boundary; see `crates/wasm/src/wire.rs`.

import { invalid } from "./error.js";
import { utf8 } from "./module.js";

/** The mark of what a field holds: an instant, a whole number, yes or no, or a text. */
type Kind = "@" | "#" | "!" | "";

/** The fields of an object, in the order in which they cross. */
export type Shape = ReadonlyArray<{ name: string; kind: Kind; isList: boolean; isOptional: boolean }>;

/** Reads a shape: names of fields, each after its mark, before a `*` if it is a list and a `?` if it may be missing. */
export function shape(fields: string): Shape {
    return fields.split(" ").map((field) => {
        const [, kind, name, list, optional] = /^(\W?)(\w+)(\*?)(\??)$/.exec(field)!;
        return { name: name!, kind: kind as Kind, isList: list !== "", isOptional: optional !== "" };
    });
}

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

function boolean(value: unknown, path: string): boolean {
    if (typeof value !== "boolean") {
        throw invalid(path, `expected a boolean, found ${named(value)}`);
    }
    return value;
}

function named(value: unknown): string {
    return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}

/** A question, written field by field. */
export class Question {
    head = "";
    /** Of each field, what it belongs to and its name. */
    readonly #places: [path: string, name: string][] = [];
    #path = "";

    /** Says what the fields belong to that follow. */
    of(path: string): this {
        this.#path = path;
        return this;
    }

    /** Where the field of that number belongs, from 1. */
    place(field: number): string | undefined {
        const place = this.#places[field - 1];
        return place && join(...place);
    }

    /** One field, or an absent one. */
    put(name: string, text?: string): this {
        this.#places.push([this.#path, name]);
        this.head += text === undefined ? ":" : `${bytes(text)}:${text}`;
        return this;
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
        return this.put(name, written(kind, value, this.#path, name));
    }

    /** The fields of an object of the caller. */
    fields(fields: Fields, shape: Shape): this {
        for (const { name, kind, isList, isOptional } of shape) {
            const value = own(fields, name);
            if (isOptional && (value === undefined || value === null)) {
                this.put(name);
            } else if (isList) {
                const list = array(value, join(this.#path, name));
                this.put(name, `${list.length}`);
                for (const [index, item] of list.entries()) {
                    this.put(name, written(kind, item, this.#path, `${name}[${index}]`));
                }
            } else {
                this.value(name, kind, value);
            }
        }
        return this;
    }
}

/** A value as text, if it is of the kind. */
function written(kind: Kind, value: unknown, path: string, name: string): string {
    if (kind === "" && typeof value === "string") {
        return value;
    }
    const place = join(path, name);
    switch (kind) {
        case "@":
            return `${millis(value, place)}`;
        case "#":
            return `${whole(value, place)}`;
        case "!":
            return boolean(value, place) ? "1" : "0";
        default:
            return string(value, place);
    }
}

function join(path: string, name: string): string {
    return path === "" ? name : name === "" ? path : `${path}.${name}`;
}

/** How long a text is in UTF-8. */
function bytes(text: string): number {
    return /[^\0-\x7f]/.test(text) ? utf8(text, "text").length : text.length;
}
