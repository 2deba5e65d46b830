/** A WebAssembly module, compiled or as bytes. `object` where the platform's own types are not known. */
export type ModuleSource = ArrayBuffer | ArrayBufferView | CompiledModule;

type Global<Name extends string, Otherwise> = typeof globalThis extends { [key in Name]: { prototype: infer Type } }
    ? Type
    : Otherwise;

/** `WebAssembly.Module`. */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Type } } }
    ? Type
    : object;

/** `Request` of the platform. */
export type PlatformRequest = Global<"Request", never>;

/** `Response` of the platform. */
export type PlatformResponse = Global<"Response", never>;

/** `Headers` of the platform. */
export type PlatformHeaders = Global<"Headers", never>;

/** `URL` of the platform. */
export type PlatformUrl = Global<"URL", never>;

/**
 * Loads the module where that takes time: in browsers and in what bundlers build for them.
 *
 * Without an argument it fetches `rcs_revoke.wasm` from beside this package's own code. Calling it again does
 * nothing. In Node, Bun, Deno and Workers it is not needed, and does nothing, so one line serves everywhere:
 *
 * @example
 * ```ts
 * import { init, routeRegion } from "rcs-revoke";
 *
 * await init();
 * ```
 *
 * @param source Where the module is, or the module itself, for a bundler that does not move it along:
 * see `rcs-revoke/rcs_revoke.wasm`.
 * @throws {@link RcsRevokeError} `not_loaded` when it cannot be fetched or compiled.
 */
export function init(
    source?: ModuleSource | string | PlatformUrl | PlatformResponse | Promise<PlatformResponse>,
): Promise<void>;

/**
 * Loads the module from bytes or a compiled module, at once. For platforms that need neither {@link init} nor a
 * file beside the code.
 *
 * @throws {@link RcsRevokeError} `not_loaded`.
 */
export function initSync(source: ModuleSource): void;

/** What the package was built from. */
export interface Version {
    /** The version of the package, such as `0.1.0`. */
    version: string;
    /** The commit that the WebAssembly module was built from, with `-dirty` if it had changes beside. */
    commit: string;
}

/** What the loaded module was built from. */
export function version(): Version;
