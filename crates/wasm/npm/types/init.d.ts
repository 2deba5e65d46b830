/**
 * A WebAssembly module, compiled or as bytes. `object` where the platform's own types are not known.
 *
 * @example
 * ```ts
 * const source: ModuleSource = await readFile("rcs_revoke.wasm");
 * initSync(source);
 * ```
 */
export type ModuleSource = ArrayBuffer | ArrayBufferView | CompiledModule;

type Global<Name extends string, Otherwise> = typeof globalThis extends { [key in Name]: { prototype: infer Type } }
    ? Type
    : Otherwise;

/**
 * `WebAssembly.Module`.
 *
 * @example
 * ```ts
 * const module: CompiledModule = await WebAssembly.compileStreaming(fetch("/rcs_revoke.wasm"));
 * await init(module);
 * ```
 */
export type CompiledModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Type } } }
    ? Type
    : object;

/**
 * `Request` of the platform.
 *
 * @example
 * ```ts
 * const request: PlatformRequest = toRequest(built, { authorization });
 * ```
 */
export type PlatformRequest = Global<"Request", never>;

/**
 * `Response` of the platform.
 *
 * @example
 * ```ts
 * const read = (response: PlatformResponse) => readResponse("vonage", response);
 * ```
 */
export type PlatformResponse = Global<"Response", never>;

/**
 * `Headers` of the platform.
 *
 * @example
 * ```ts
 * const accepts = (headers: PlatformHeaders): HeadersInput => headers;
 * ```
 */
export type PlatformHeaders = Global<"Headers", never>;

/**
 * `URL` of the platform.
 *
 * @example
 * ```ts
 * const beside: PlatformUrl = new URL("rcs_revoke.wasm", "https://cdn.example.com/");
 * await init(beside);
 * ```
 */
export type PlatformUrl = Global<"URL", never>;

/**
 * Loads the module where that takes time: in browsers and in what bundlers build for them.
 *
 * Without an argument it fetches `rcs_revoke.wasm` from beside this package's own code; the `init` of
 * `rcs-revoke/import` fetches `rcs_revoke_import.wasm`, that of `rcs-revoke/webhooks` `rcs_revoke_webhooks.wasm`. Calling
 * it again does nothing. In Node, Bun, Deno and Workers it is not needed, and does nothing, so one line serves everywhere:
 *
 * @example
 * ```ts
 * import { init, routeRegion } from "rcs-revoke";
 *
 * await init();
 * ```
 *
 * @param source Where the module is, or the module itself, for a bundler that does not move it along:
 * see `rcs-revoke/rcs_revoke.wasm`, `rcs-revoke/rcs_revoke_import.wasm` and `rcs-revoke/rcs_revoke_webhooks.wasm`.
 * @throws {@link RcsRevokeError} `not_loaded` when it cannot be fetched or compiled.
 */
export function init(
    source?: ModuleSource | string | PlatformUrl | PlatformResponse | Promise<PlatformResponse>,
): Promise<void>;

/**
 * Loads the module from bytes or a compiled module, at once. For platforms that need neither {@link init} nor a
 * file beside the code.
 *
 * @example
 * ```ts
 * initSync(await readFile("rcs_revoke.wasm"));
 * ```
 *
 * @throws {@link RcsRevokeError} `not_loaded`.
 */
export function initSync(source: ModuleSource): void;

/**
 * What the package was built from.
 *
 * @example
 * ```ts
 * const { version: release, commit }: Version = version();
 * ```
 */
export interface Version {
    /** The version of the package, such as `0.1.0`. */
    version: string;
    /** The commit that the WebAssembly module was built from, with `-dirty` if it had changes beside. */
    commit: string;
}

/**
 * What the loaded module was built from.
 *
 * @example
 * ```ts
 * const { version: release, commit } = version();
 * console.log(`rcs-revoke ${release}, built from ${commit}`);
 * ```
 */
export function version(): Version;
