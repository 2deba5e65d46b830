// The client of the proxy, by the platform's own `fetch`, against the double of tests/npm/double.mjs.

import { same } from "./equal.js";

/** Makes one command and follows one watch over a broken stream. */
export async function checkClient({ Client, ProxyError }, url) {
    const client = new Client({ url, accessKey: "smoke" });
    const report = await client.revoke("vonage:aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab", { notBefore: new Date(7) });
    same(report.results[0].taken, "made", "the report of a revocation");

    const error = await client.message("vonage:nobody").catch((error) => error);
    same([error instanceof ProxyError, error.code, error.status], [true, "not_found", 404], "an error of the proxy");

    const seen = [];
    const aborter = new AbortController();
    for await (const event of client.watch({ signal: aborter.signal })) {
        seen.push([event.event, event.id, event.isResumed ?? "-"]);
        if (seen.length === 4) break;
    }
    same(
        seen,
        [["hello", "1", false], ["message", "2", "-"], ["hello", "2", true], ["message", "3", "-"]],
        "a watch over a broken stream",
    );
}
