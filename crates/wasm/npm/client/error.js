/** What a call of the proxy ended with when it did not end well. */
export class ProxyError extends Error {
    /**
     * @param {string} code
     * @param {string} message
     * @param {{ status?: number, detail?: string, path?: string, effect?: "none" | "unknown", cause?: unknown }} [more]
     */
    constructor(code, message, { status, detail, path, effect = "none", cause } = {}) {
        super(message, cause === undefined ? undefined : { cause });
        this.name = "ProxyError";
        this.code = code;
        this.effect = effect;
        if (status !== undefined) this.status = status;
        if (detail !== undefined) this.detail = detail;
        if (path !== undefined) this.path = path;
    }
}
