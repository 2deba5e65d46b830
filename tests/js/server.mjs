// The real server as a process of its own, set up for a simulator, which can be killed and started again.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ACCESS_KEY = "client-test-access-key-0123456789";
/** How long a start may take on a machine that is busy. */
const PATIENCE = 60_000;

/**
 * Prepares a server with the source `otp`, which sends from `DemoAgent`, and starts it. `keys` are more lines of that
 * source's table, `tables` more tables of the configuration.
 */
export async function startServer(simulator, { keys = "", tables = "" } = {}) {
    const program = process.env.REVOKE_TEST_SERVER;
    if (!program) {
        throw new Error("REVOKE_TEST_SERVER names no program: start these tests with `cargo xtask test js`");
    }
    const folder = await mkdtemp(join(tmpdir(), "rcs-revoke-test-"));
    const [port, webhookPort] = await freePorts();
    const file = (name) => `{ file = ${JSON.stringify(join(simulator.folder, name))} }`;
    await writeFile(join(folder, "access-key.txt"), ACCESS_KEY);
    await writeFile(
        join(folder, "server.toml"),
        `listen = "127.0.0.1:${port}"
webhook_listen = "127.0.0.1:${webhookPort}"
database = "server.db"
access_key = { file = "access-key.txt" }
[hosts]
"vonage.us" = "${simulator.hosts["vonage.us"]}"
"vonage.eu" = "${simulator.hosts["vonage.eu"]}"
"vonage.ap" = "${simulator.hosts["vonage.ap"]}"
[sources.otp]
provider = "vonage"
sender = "DemoAgent"
host = "vonage.eu"
application = "${simulator.applicationId}"
api_key = "${simulator.apiKey}"
private_key = ${file("vonage-private-key.pem")}
signature_secret = ${file("vonage-signature-secret")}
${keys}
${tables}
`,
    );
    await simulator.control("PUT", "/webhooks", { vonage: `http://127.0.0.1:${webhookPort}/webhooks/vonage/otp` });
    const url = `http://127.0.0.1:${port}`;
    let child;
    const start = async () => {
        child = spawn(program, ["serve", "--config", join(folder, "server.toml")], { stdio: ["ignore", "ignore", "pipe"] });
        let log = "";
        child.stderr.setEncoding("utf8").on("data", (text) => (log += text));
        const until = Date.now() + PATIENCE;
        while (!(await isReady(url))) {
            if (child.exitCode !== null || Date.now() > until) {
                throw new Error(`the server did not get ready:\n${log}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
    };
    const kill = async () => {
        if (child.exitCode === null && child.signalCode === null) {
            child.kill("SIGKILL");
            await once(child, "exit");
        }
    };
    const stop = async () => {
        await kill();
        await rm(folder, { recursive: true, force: true });
    };
    try {
        await start();
    } catch (error) {
        await stop();
        throw error;
    }
    return { url, start, kill, stop };
}

async function isReady(url) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok ?? false;
}

/** Two free ports; both are held until both are known, so that they differ. */
async function freePorts() {
    const servers = [createServer(), createServer()];
    const ports = [];
    for (const server of servers) {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        ports.push(server.address().port);
    }
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    return ports;
}
