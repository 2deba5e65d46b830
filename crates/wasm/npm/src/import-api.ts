// Everything that `rcs-revoke/import` exports on every platform, but for `init`.

export { Importer, parseImport, resolveEntries, resolveEntry } from "./import.js";
export { initSync, version } from "./importing.js";
export { RcsRevokeError } from "./shared.js";
