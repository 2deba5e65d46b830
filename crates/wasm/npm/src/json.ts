// The names of the core's JSON, which the server keeps and sends, and those of this package.

/** An object of the core's JSON in the names of this package: `receivedAt` for `received_at`. */
export function camel(json: object): Record<string, unknown> {
    const named: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(json)) {
        named[name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())] = value;
    }
    return named;
}
