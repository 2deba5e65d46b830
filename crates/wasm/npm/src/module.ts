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
/** Up to here a loop is faster than the platform's encoder and decoder. */
const SHORT = 96;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const NOTHING = new Uint8Array(0);

let compiled: WebAssembly.Module | undefined;
let running: Exports | undefined;
let core = 0;
let memory = NOTHING;
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

/** Text as UTF-8. */
export function utf8(text: string, path: string): Uint8Array {
    const isWellFormed = (text as { isWellFormed?(): boolean }).isWellFormed;
    if (isWellFormed ? !isWellFormed.call(text) : /\p{Surrogate}/u.test(text)) {
        throw new RcsRevokeError("invalid_argument", "half a surrogate pair is no text", { path });
    }
    return encoder.encode(text);
}

function write(exports: Exports, head: string, body: Uint8Array): number {
    if (head.length + body.length > LONGEST) {
        throw new RcsRevokeError("too_large", `more than ${LONGEST} bytes in one call: give it in pieces`);
    }
    const { length } = head;
    if (length <= SHORT) {
        const at = exports.core_input(core, length + body.length) >>> 0;
        const into = bytes(exports);
        let index = 0;
        while (index < length) {
            const code = head.charCodeAt(index);
            if (code > 127) {
                break;
            }
            into[at + index] = code;
            index += 1;
        }
        if (index === length) {
            if (body.length > 0) {
                into.set(body, at + length);
            }
            return length;
        }
    }
    const text = utf8(head, "text");
    const at = exports.core_input(core, text.length + body.length) >>> 0;
    const into = bytes(exports);
    into.set(text, at);
    into.set(body, at + text.length);
    return text.length;
}

function read(exports: Exports, length: number): string {
    const at = exports.core_output(core) >>> 0;
    const from = bytes(exports);
    if (length <= SHORT) {
        let text = "";
        let index = at;
        const end = at + length;
        while (index < end && from[index]! < 128) {
            text += String.fromCharCode(from[index]!);
            index += 1;
        }
        if (index === end) {
            return text;
        }
    }
    return decoder.decode(from.subarray(at, at + length));
}

/** Asks the module, and gives its answer as text. */
export function askText(op: Op, question?: Question, body: Uint8Array = NOTHING, handle = 0, now = 0): string {
    const exports = ready();
    let length: number;
    let text: string;
    try {
        const head = write(exports, question?.head ?? "", body);
        length = exports.core_call(core, op, handle, now, head);
        text = length === 0 ? "" : read(exports, length < 0 ? -1 - length : length);
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
export function ask<T>(op: Op, question?: Question, body?: Uint8Array, handle?: number, now?: number): T {
    return JSON.parse(askText(op, question, body, handle, now)) as T;
}
