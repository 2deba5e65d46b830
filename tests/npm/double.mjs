// A double of the proxy for smoke tests, and the files that a browser loads. The client is tested against the real
// server in tests/js/client.test.mjs; this one shows that it works by each platform's own `fetch`.

import { once } from "node:events";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const KINDS = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json" };

/** Starts the double; `files` is the folder whose files it serves as well. */
export async function startDouble(files) {
    const keys = new Set();
    const server = createServer(async (request, response) => {
        const { pathname } = new URL(request.url, "http://double");
        if (!pathname.startsWith("/api/")) {
            return file(join(files, normalize(pathname)), response);
        }
        const answer = (status, value) => {
            const kind = status < 400 ? "application/json" : "application/problem+json";
            response.writeHead(status, { "content-type": kind }).end(JSON.stringify(value));
        };
        const problem = (status, code) => answer(status, { type: `about:blank#${code}`, title: "No", status, code });
        if (request.headers.authorization !== "Bearer smoke") {
            return problem(401, "access_key_required");
        }
        if (pathname === "/api/v1/revocations" && request.method === "POST") {
            const { items, not_before } = JSON.parse(Buffer.concat(await request.toArray()).toString("utf8"));
            const key = request.headers["idempotency-key"];
            if (!key || keys.has(key) || not_before !== 7) return problem(422, "invalid_body");
            keys.add(key);
            const results = items.map(({ message }) => ({ message, taken: "made", wish: "rev_1" }));
            return answer(202, { made: items.length, already: 0, refused: 0, results });
        }
        if (pathname === "/api/v1/events") {
            return events(Number(request.headers["last-event-id"] ?? 1), response);
        }
        return problem(404, "not_found");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return {
        url: `http://127.0.0.1:${server.address().port}`,
        stop: () =>
            new Promise((resolve) => {
                server.close(resolve);
                server.closeAllConnections();
            }),
    };
}

/** One event after the greeting, and then the line breaks in the middle of the next. */
function events(last, response) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`event: hello\nid: ${last}\ndata: {"version":"0.1.0"}\n\n`);
    response.write(`event: message\nid: ${last + 1}\ndata: {"message":"m"}\n\nevent: mess`, () => response.destroy());
}

async function file(path, response) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": KINDS[extname(path)] ?? "application/octet-stream" });
    createReadStream(path).pipe(response);
}
