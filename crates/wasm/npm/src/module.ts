// A WebAssembly module: loading it, and one call through it.

import { RcsRevokeError } from "./error.js";
import { Op } from "./ops.js";
import { encoder, fits, SHORT, text, utf8 } from "./text.js";
import type { Question } from "./wire.js";
import type { ModuleSource, Version } from "../types/index.js";

/** What a module gives, besides the function that makes its one core. */
interface Exports {
    memory: WebAssembly.Memory;
    core_input(core: number, len: number): number;
    core_output(core: number): number;
    core_call(core: number, op: number, handle: number, at: number, head: number): number;
}

/** A question's answer: the fields, the bytes behind them, the object that it is asked of, and as of when. */
type Ask<Answer> = (op: Op, question?: Question, body?: string | Uint8Array, handle?: number, now?: number) => Answer;

/** One of the package's modules. */
export interface Module {
    /** Says how it is loaded at once, on platforms that can. */
    loadBy(load: () => ModuleSource): void;
    /** Whether there is nothing to wait for. */
    isLoaded(): boolean;
    /** Loads it at once; a second time does nothing. */
    initSync(source: ModuleSource): void;
    /** What it was built from. */
    version(): Version;
    /** Which instance runs: objects of an earlier one are lost. */
    generation(): number;
    /** Asks for a number. */
    askNumber: Ask<number>;
    /** Asks for a text. */
    askText: Ask<string>;
    /** Asks for an object, of the type that it has in the `write.rs` of the module. */
    ask<T>(...question: Parameters<Ask<T>>): T;
}

/**
 * Takes 200 bytes of stack, so many times over, and gives them back: with arguments, which cost least. What it returns is
 * used, or bundlers would take it for a call that does nothing.
 */
const dive = (depth: number, ...ballast: 0[]): number =>
    depth > 0 ? 1 + dive(depth - 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) : ballast.length;

// More stack than a call inside the module takes: 8 kB, and where a body may nest or the module is started, 32 kB.
const ENOUGH = 44;
const ENOUGH_FOR_MORE = 172;

/** The module of one of the package's entries, whose core is made by its function of that name; no other one has it. */
export function moduleOf(entry: string, maker: string): Module {
    let compiled: WebAssembly.Module | undefined;
    let running: Exports | undefined;
    let core = 0;
    let memory = new Uint8Array(0);
    let loader: (() => ModuleSource) | undefined;
    let generation = 0;

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
            const instance = new WebAssembly.Instance(module, imports);
            core = (instance.exports[maker] as () => number)();
            const exports = instance.exports as unknown as Exports;
            memory = new Uint8Array(exports.memory.buffer);
            compiled = module;
            running = exports;
            return exports;
        } catch (cause) {
            throw new RcsRevokeError("not_loaded", `this is not the WebAssembly module of ${entry}`, { cause });
        }
    }

    function ready(): Exports {
        if (running) {
            return running;
        }
        const known = compiled;
        const load = known ? () => known : loader;
        if (!load) {
            const message = `the WebAssembly module is not loaded yet: \`await init()\` of ${entry} first`;
            throw new RcsRevokeError("not_loaded", message);
        }
        return start(load);
    }

    /** A view of the module's memory, which moves when it grows: the old one is empty then. */
    function view(exports: Exports): Uint8Array {
        if (memory.length === 0) {
            memory = new Uint8Array(exports.memory.buffer);
        }
        return memory;
    }

    /** Writes a question into the module's memory, and gives the length of its fields in bytes. */
    function write(exports: Exports, question: Question | undefined, body: string | Uint8Array): number {
        const head = question?.room.length ?? 0;
        fits(head + body.length);
        if (head + body.length > 0 && !put(exports, question, body)) {
            put(exports, question, utf8(body as string));
        }
        question?.room.end();
        return head;
    }

    function put(exports: Exports, question: Question | undefined, body: string | Uint8Array): boolean {
        const head = question?.room.length ?? 0;
        const at = input(exports, head + body.length);
        question?.room.copyTo(view(exports), at);
        // Nearly every text is ASCII, and then as many bytes as it has characters.
        return fill(exports, at + head, body);
    }

    /** Writes bytes, or a text if each of its characters is one byte. */
    function fill(exports: Exports, at: number, content: string | Uint8Array): boolean {
        const { length } = content;
        const into = view(exports);
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
     * When a call of the module throws, that is a trap: the instance cannot be trusted any more, its objects are lost,
     * and the next call starts a new one.
     */
    function trapped(cause: unknown): RcsRevokeError {
        running = undefined;
        generation += 1;
        return new RcsRevokeError("internal", "a fault of rcs-revoke: please report it", { cause });
    }

    /** Makes room for a question, and says where. */
    function input(exports: Exports, length: number): number {
        try {
            return exports.core_input(core, length) >>> 0;
        } catch (cause) {
            throw trapped(cause);
        }
    }

    /** What the module wrote last. */
    function answer(exports: Exports, length: number): string {
        let at: number;
        try {
            at = exports.core_output(core) >>> 0;
        } catch (cause) {
            throw trapped(cause);
        }
        try {
            return text(view(exports).subarray(at, at + length));
        } catch (cause) {
            throw new RcsRevokeError("too_large", "the answer is longer than a text can be", { cause });
        }
    }

    const askNumber: Ask<number> = (op, question, body = "", handle = 0, now = 0) => {
        // An app that has used up its stack gets its RangeError here, and not in the middle of the module. `fits` never
        // complains of so little.
        fits(dive(body.length > 0 || !running ? ENOUGH_FOR_MORE : ENOUGH));
        const exports = ready();
        const head = write(exports, question, body);
        let number: number;
        try {
            number = exports.core_call(core, op, handle, now, head);
        } catch (cause) {
            throw trapped(cause);
        }
        if (number < 0) {
            const { code, field, message } = JSON.parse(answer(exports, -1 - number));
            throw new RcsRevokeError(code, message, { path: question?.place(field) });
        }
        return number;
    };

    // Of a text, the number is its length.
    const askText: Ask<string> = (op, question, body, handle, now) => {
        const length = askNumber(op, question, body, handle, now);
        return answer(running!, length);
    };

    return {
        loadBy(load) {
            loader = load;
        },
        isLoaded: () => compiled !== undefined,
        initSync(source) {
            if (!compiled) {
                start(() => source);
            }
        },
        version() {
            ready();
            const [section] = WebAssembly.Module.customSections(compiled!, "rcs-revoke");
            const unknown = { version: "unknown", commit: "unknown" };
            return section ? (JSON.parse(text(new Uint8Array(section))) as Version) : unknown;
        },
        generation: () => generation,
        askNumber,
        askText,
        ask: (op, question, body, handle, now) => JSON.parse(askText(op, question, body, handle, now)),
    };
}
