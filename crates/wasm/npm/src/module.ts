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
const LONGEST = 64 * 1024 * 1024;

/** Up to here a loop is faster than the platform's encoder. */
const SHORT = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

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
    if (compiled) {
        return;
    }
    try {
        start(source instanceof WebAssembly.Module ? source : new WebAssembly.Module(source as BufferSource));
    } catch (cause) {
        throw new RcsRevokeError("not_loaded", "this is no WebAssembly module of rcs-revoke", { cause });
    }
}

function start(module: WebAssembly.Module): Exports {
    const imports: WebAssembly.Imports = {};
    for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
        if (kind === "function") {
            (imports[from] ??= {})[name] = () => {};
        }
    }
    const exports = new WebAssembly.Instance(module, imports).exports as unknown as Exports;
    compiled = module;
    running = exports;
    core = exports.core_new();
    memory = new Uint8Array(exports.memory.buffer);
    generation += 1;
    return exports;
}

function ready(): Exports {
    if (running) {
        return running;
    }
    if (!compiled && loader) {
        initSync(loader());
        return running!;
    }
    if (!compiled) {
        const message = "the WebAssembly module is not loaded yet: `await init()` of rcs-revoke first";
        throw new RcsRevokeError("not_loaded", message);
    }
    return start(compiled);
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
    return section ? (JSON.parse(decoder.decode(section)) as Version) : unknown;
}

/** A view of the module's memory, which moves when it grows. */
function bytes(exports: Exports): Uint8Array {
    if (memory.buffer !== exports.memory.buffer) {
        memory = new Uint8Array(exports.memory.buffer);
    }
    return memory;
}

/** A text of the caller, which must be one: half a surrogate pair has no form in UTF-8. */
export function wellFormed(text: string, path: string): string {
    const isWellFormed = (text as { isWellFormed?(): boolean }).isWellFormed;
    if (isWellFormed ? !isWellFormed.call(text) : /\p{Surrogate}/u.test(text)) {
        throw new RcsRevokeError("invalid_argument", "half a surrogate pair is no text", { path });
    }
    return text;
}

/** Text as UTF-8. */
export function utf8(text: string, path: string): Uint8Array {
    return encoder.encode(wellFormed(text, path));
}

/** Writes a question into the module's memory, and gives the length of its head in bytes. */
function write(exports: Exports, head: string, body: string | Uint8Array): number {
    const length = head.length + body.length;
    if (length > LONGEST) {
        throw new RcsRevokeError("too_large", `more than ${LONGEST} bytes in one call: give it in pieces`);
    }
    if (length === 0) {
        return 0;
    }
    // Nearly every text is ASCII, and then as many bytes as it has characters.
    if (put(exports, head, body)) {
        return head.length;
    }
    const text = encoder.encode(head);
    put(exports, text, typeof body === "string" ? encoder.encode(body) : body);
    return text.length;
}

function put(exports: Exports, head: string | Uint8Array, body: string | Uint8Array): boolean {
    const at = exports.core_input(core, head.length + body.length) >>> 0;
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

/** Asks the module, and gives its answer as text. */
export function askText(op: Op, question?: Question, body: string | Uint8Array = "", handle = 0, now = 0): string {
    const exports = ready();
    let length: number;
    let text: string;
    try {
        const head = write(exports, question?.head ?? "", body);
        length = exports.core_call(core, op, handle, now, head);
        const at = exports.core_output(core) >>> 0;
        text = decoder.decode(bytes(exports).subarray(at, at + (length < 0 ? -1 - length : length)));
    } catch (cause) {
        if (cause instanceof RcsRevokeError) {
            throw cause;
        }
        // A trap: this instance cannot be trusted any more. The next call starts a new one.
        running = undefined;
        throw new RcsRevokeError("internal", "a fault of rcs-revoke: please report it", { cause });
    }
    if (length < 0) {
        const { code, field, message } = JSON.parse(text);
        throw new RcsRevokeError(code, message, { path: question?.place(field) });
    }
    return text;
}

/** Asks the module, and gives its answer: of the type that it has in `crates/wasm/src/write.rs`. */
export function ask<T>(op: Op, question?: Question, body?: string | Uint8Array, handle?: number, now?: number): T {
    return JSON.parse(askText(op, question, body, handle, now)) as T;
}
