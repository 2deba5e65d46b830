// Browsers: a module is fetched.

import type { init, ModuleSource } from "../types/index.js";
import { RcsRevokeError } from "./error.js";
import type { Module } from "./module.js";

/** The function that loads a module: from what it is given, or from where it lies otherwise. */
export function fetched(module: Module, beside: () => URL): typeof init {
    let loading: Promise<void> | undefined;
    return (source) => {
        if (module.isLoaded()) {
            return Promise.resolve();
        }
        loading ??= load(source, beside).then(module.initSync).catch((cause: unknown) => {
            loading = undefined;
            if (cause instanceof RcsRevokeError) {
                throw cause;
            }
            throw new RcsRevokeError("not_loaded", `the WebAssembly module cannot be loaded: ${cause}`, { cause });
        });
        return loading;
    };
}

async function load(given: Parameters<typeof init>[0], beside: () => URL): Promise<ModuleSource> {
    const source = await (given ?? beside());
    if (typeof source === "string" || source instanceof URL) {
        return compiled(await fetch(source));
    }
    if (typeof Response === "function" && source instanceof Response) {
        return compiled(source);
    }
    return source instanceof WebAssembly.Module ? source : WebAssembly.compile(source as BufferSource);
}

async function compiled(response: Response): Promise<WebAssembly.Module> {
    if (!response.ok) {
        throw new RcsRevokeError("not_loaded", `${response.url} answered ${response.status}`);
    }
    if (response.headers.get("content-type")?.startsWith("application/wasm") && WebAssembly.compileStreaming) {
        return WebAssembly.compileStreaming(response);
    }
    return WebAssembly.compile(await response.arrayBuffer());
}
