// A small HTTP server that keeps what it is sent, for tests that receive webhooks or look at requests.

import { once } from "node:events";
import { createServer } from "node:http";

/** Starts a server that answers every call with `status`; `received` waits for the first call that fits. */
export async function startReceiver(status) {
    const calls = [];
    const waiting = new Set();
    const server = createServer(async (request, response) => {
        const chunks = await request.toArray();
        const call = {
            method: request.method,
            path: request.url,
            headers: request.headers,
            body: Buffer.concat(chunks).toString("utf8"),
        };
        response.writeHead(status).end();
        calls.push(call);
        for (const look of waiting) {
            look(call);
        }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        calls,
        received: (fits) =>
            new Promise((resolve) => {
                const look = (call) => {
                    if (fits(call)) {
                        waiting.delete(look);
                        resolve(call);
                    }
                };
                waiting.add(look);
                calls.forEach(look);
            }),
        stop: () =>
            new Promise((resolve) => {
                server.close(resolve);
                server.closeAllConnections();
            }),
    };
}
