// The WebAssembly module: loading it, and one call through it.

import { RcsRevokeError } from "./error.js";
import { Op } from "./ops.js";
import type { Question } from "./wire.js";
import type { ModuleSource, Version } from "../types/index.js";

/** What the module gives. */
interface Exports {
    memory: WebAssembly.Memory;
    core_new(): number;
    core_input(core: number, len: number): number;
    core_output(core: number): number;
    core_call(core: number, op: number, handle: number, at: number, head: number): number;
}

/** The longest question, and the longest body beside it, in bytes. */
export const LONGEST = 64 * 1024 * 1024;

/** Up to here a loop is faster than the platform's encoder. */
const SHORT = 64;

const encoder = new TextEncoder();
// What a provider has sent stays as it came, a byte order mark too.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

let compiled: WebAssembly.Module | undefined;
let running: Exports | undefined;
let core = 0;
let memory = new Uint8Array(0);
let loader: (() => ModuleSource) | undefined;

/** Which instance runs: objects of an earlier one are lost. */
export let generation = 0;

/** Says how the module is loaded at once, on platforms that can. */
export function loadBy(load: () => ModuleSource): void {
    loader = load;
}

/** Whether there is nothing to wait for. */
export function isLoaded(): boolean {
    return compiled !== undefined;
}

/** Loads the module at once; a second time does nothing. */
export function initSync(source: ModuleSource): void {
    if (!compiled) {
        start(() => source);
    }
}

/** Starts an instance. Of a module that does not start, nothing is kept. */
function start(load: () => ModuleSource): Exports {
    try {
        const source = load();
        const module = source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source as BufferSource);
        const imports: WebAssembly.Imports = {};
        for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
            if (kind === "function") {
                (imports[from] ??= {})[name] = () => {};
            }
        }
        const exports = new WebAssembly.Instance(module, imports).exports as unknown as Exports;
        core = exports.core_new();
        memory = new Uint8Array(exports.memory.buffer);
        compiled = module;
        running = exports;
        return exports;
    } catch (cause) {
        throw new RcsRevokeError("not_loaded", "this is no WebAssembly module of rcs-revoke", { cause });
    }
}

function ready(): Exports {
    if (running) {
        return running;
    }
    const known = compiled;
    const load = known ? () => known : loader;
    if (!load) {
        const message = "the WebAssembly module is not loaded yet: `await init()` of rcs-revoke first";
        throw new RcsRevokeError("not_loaded", message);
    }
    return start(load);
}

/** The module itself, for what it says of its own making. */
function module(): WebAssembly.Module {
    ready();
    return compiled!;
}

/** What the loaded module was built from. */
export function version(): Version {
    const [section] = WebAssembly.Module.customSections(module(), "rcs-revoke");
    const unknown = { version: "unknown", commit: "unknown" };
    return section ? (JSON.parse(text(new Uint8Array(section))) as Version) : unknown;
}

/** A view of the module's memory, which moves when it grows. */
function bytes(exports: Exports): Uint8Array {
    if (memory.buffer !== exports.memory.buffer) {
        memory = new Uint8Array(exports.memory.buffer);
    }
    return memory;
}

/** Text as UTF-8: half a surrogate pair has no form in it, and becomes U+FFFD. */
export function utf8(text: string): Uint8Array {
    return encoder.encode(text);
}

/** UTF-8 as text. */
export function text(bytes: Uint8Array): string {
    return decoder.decode(bytes);
}

/** Refuses what is longer than a question may be. */
export function fits(length: number): void {
    if (!(length <= LONGEST)) {
        throw new RcsRevokeError("too_large", `more than ${LONGEST} bytes in one call: give it in pieces`);
    }
}

/** Writes a question into the module's memory, and gives the length of its head in bytes. */
function write(exports: Exports, head: string, body: string | Uint8Array): number {
    const length = head.length + body.length;
    fits(length);
    if (length === 0) {
        return 0;
    }
    // Nearly every text is ASCII, and then as many bytes as it has characters.
    if (put(exports, head, body)) {
        return head.length;
    }
    const bytes = utf8(head);
    put(exports, bytes, typeof body === "string" ? utf8(body) : body);
    return bytes.length;
}

function put(exports: Exports, head: string | Uint8Array, body: string | Uint8Array): boolean {
    const at = call("core_input", head.length + body.length) >>> 0;
    return fill(exports, at, head) && fill(exports, at + head.length, body);
}

/** Writes bytes, or a text if each of its characters is one byte. */
function fill(exports: Exports, at: number, content: string | Uint8Array): boolean {
    const { length } = content;
    const into = bytes(exports);
    if (typeof content !== "string") {
        into.set(content, at);
        return true;
    }
    if (length > SHORT) {
        return encoder.encodeInto(content, into.subarray(at, at + length)).read === length;
    }
    let index = 0;
    for (let code; index < length && (code = content.charCodeAt(index)) < 128; index += 1) {
        into[at + index] = code;
    }
    return index === length;
}

/**
 * Calls a function of the module. When it throws, that is a trap: the instance cannot be trusted any more, its objects
 * are lost, and the next call starts a new one.
 */
function call(name: "core_input" | "core_output" | "core_call", ...args: number[]): number {
    try {
        return (running![name] as (...args: number[]) => number)(core, ...args);
    } catch (cause) {
        running = undefined;
        generation += 1;
        throw new RcsRevokeError("internal", "a fault of rcs-revoke: please report it", { cause });
    }
}

// As arguments they take more stack than a call inside the module does: 8 kB, and where a body may nest, 32 kB.
const ENOUGH: readonly undefined[] = new Array(1_024).fill(undefined);
const ENOUGH_TO_PARSE: readonly undefined[] = new Array(4_096).fill(undefined);
const nothing: (...some: readonly undefined[]) => void = () => {};

/** Asks the module for a number. */
export function askNumber(op: Op, question?: Question, handle = 0, body: string | Uint8Array = "", now = 0): number {
    const exports = ready();
    // An app that has used up its stack gets its RangeError here, and not in the middle of the module.
    nothing(...(body.length > 0 ? ENOUGH_TO_PARSE : ENOUGH));
    const head = write(exports, question?.head ?? "", body);
    const number = call("core_call", op, handle, now, head);
    if (number < 0) {
        const { code, field, message } = JSON.parse(answer(exports, -1 - number));
        throw new RcsRevokeError(code, message, { path: question?.place(field) });
    }
    return number;
}

/** What the module wrote last. */
function answer(exports: Exports, length: number): string {
    const at = call("core_output") >>> 0;
    return text(bytes(exports).subarray(at, at + length));
}

/** Asks the module, and gives its answer as text. */
export function askText(op: Op, question?: Question, body?: string | Uint8Array, handle?: number, now?: number): string {
    // Of a text, the number is its length.
    const length = askNumber(op, question, handle, body, now);
    return answer(running!, length);
}

/** Asks the module, and gives its answer: of the type that it has in `crates/wasm/src/write.rs`. */
export function ask<T>(op: Op, question?: Question, body?: string | Uint8Array, handle?: number, now?: number): T {
    return JSON.parse(askText(op, question, body, handle, now)) as T;
}
