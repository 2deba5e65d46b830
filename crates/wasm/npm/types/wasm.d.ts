import type { CompiledModule } from "./init.js";

/**
 * A WebAssembly module as a bundler gives it, for the {@link init} of its entry: its address, or the module itself.
 * `rcs-revoke/rcs_revoke_import.wasm` is that of `rcs-revoke/import`, and `rcs-revoke/rcs_revoke_webhooks.wasm` that of
 * `rcs-revoke/webhooks`.
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
