// What of the platforms the sources use, where TypeScript's own libraries do not have it.

declare module "node:fs" {
    export function readFileSync(path: string): Uint8Array;
}

declare module "node:path" {
    export function join(...parts: string[]): string;
}

declare module "*.wasm" {
    const module: WebAssembly.Module;
    export default module;
}
