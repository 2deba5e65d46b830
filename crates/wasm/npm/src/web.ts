// Browsers and bundlers: the module is fetched, so it must be waited for.

import type { ModuleSource, PlatformResponse, PlatformUrl } from "../types/index.js";
import { RcsRevokeError } from "./error.js";
import { initSync, isLoaded } from "./module.js";

export * from "./api.js";

let loading: Promise<void> | undefined;

export function init(
    source?: ModuleSource | string | PlatformUrl | PlatformResponse | Promise<PlatformResponse>,
): Promise<void> {
    if (isLoaded()) {
        return Promise.resolve();
    }
    loading ??= load(source).catch((cause: unknown) => {
        loading = undefined;
        if (cause instanceof RcsRevokeError) {
            throw cause;
        }
        throw new RcsRevokeError("not_loaded", `the WebAssembly module cannot be loaded: ${cause}`, { cause });
    });
    return loading;
}

async function load(given: Parameters<typeof init>[0]): Promise<void> {
    const source = await (given ?? new URL("./rcs_revoke.wasm", import.meta.url));
    if (typeof source === "string" || source instanceof URL) {
        initSync(await compiled(await fetch(source)));
    } else if (typeof Response === "function" && source instanceof Response) {
        initSync(await compiled(source));
    } else if (source instanceof WebAssembly.Module) {
        initSync(source);
    } else {
        initSync(await WebAssembly.compile(source as BufferSource));
    }
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
