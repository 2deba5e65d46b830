import type { ErrorCode } from "../types/index.js";

/** What this package throws, and nothing else. */
export class RcsRevokeError extends Error {
    declare readonly name: "RcsRevokeError";
    readonly code: ErrorCode;
    declare readonly path?: string;

    constructor(code: ErrorCode, message: string, options?: { path?: string; cause?: unknown }) {
        super(options?.path ? `${options.path}: ${message}` : message);
        this.code = code;
        if (options?.path !== undefined) {
            define(this, "path", options.path);
        }
        if (options?.cause !== undefined) {
            define(this, "cause", options.cause);
        }
    }
}

// On the prototype, as the platform's own errors have it.
define(RcsRevokeError.prototype, "name", "RcsRevokeError");

function define(object: object, name: string, value: unknown): void {
    // Nothing is inherited: an app may have put anything on what every object inherits from.
    Object.defineProperty(object, name, { __proto__: null, value, configurable: true, writable: true } as object);
}

/** An argument that has not the documented type. */
export function invalid(path: string, message: string, cause?: unknown): RcsRevokeError {
    return new RcsRevokeError("invalid_argument", message, { path, cause });
}
