import type { CompiledModule } from "./init.js";

/**
 * The WebAssembly module as a bundler gives it, for {@link init}: its address, or the module itself.
 *
 * @example
 * ```ts
 * import { init } from "rcs-revoke";
 * import wasm from "rcs-revoke/rcs_revoke.wasm";
 *
 * await init(wasm);
 * ```
 */
declare const wasm: string | CompiledModule;
export default wasm;
