// The simulator as a process of its own, on free ports of loopback, for one test file.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Starts the simulator with a configuration in TOML and waits until it says that it is ready.
 *
 * Gives the hosts by name, the demo credentials and their folder, `control` to call its control API and `stop`. `truth`
 * tells what became of a message, `asked` what was asked about it and what it heard, `arrived` how often an operation
 * was called.
 */
export async function startSimulator(config = "") {
    const program = process.env.REVOKE_TEST_SIMULATOR;
    if (!program) {
        throw new Error("REVOKE_TEST_SIMULATOR names no program: start these tests with `cargo xtask test js`");
    }
    const folder = await mkdtemp(join(tmpdir(), "rcs-revoke-test-"));
    const configuration = join(folder, "simulator.toml");
    await writeFile(configuration, config);
    const options = ["--seed", "7", "--config", configuration, "--credentials", folder];
    const child = spawn(program, options, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise((resolve, reject) => {
        child.once("error", reject);
        child.once("exit", resolve);
    });
    const stop = async () => {
        child.kill();
        await ended;
        await rm(folder, { recursive: true, force: true });
    };
    try {
        await Promise.race([saysReady(child), ended.then((code) => Promise.reject(new Error(`ended with ${code}`)))]);
        const text = async (name) => (await readFile(join(folder, name), "utf8")).trim();
        const hosts = JSON.parse(await text("endpoints.json"));
        const control = (method, path, body) => call(hosts.control, method, path, body);
        await control("GET", "/healthz");
        const truth = (id) => control("GET", `/truth/${id}`);
        return {
            hosts,
            folder,
            serviceAccount: JSON.parse(await text("google-service-account.json")),
            applicationId: await text("vonage-application-id"),
            privateKey: await text("vonage-private-key.pem"),
            apiKey: await text("vonage-api-key"),
            apiSecret: await text("vonage-api-secret"),
            signatureSecret: await text("vonage-signature-secret"),
            control,
            truth,
            asked: async (id) => {
                const { revokes } = await truth(id);
                return revokes.map(({ effect, answer }) => [effect, answer.status ?? answer]);
            },
            arrived: async (route) => (await control("GET", "/stats")).routes[route]?.requests ?? 0,
            stop,
        };
    } catch (error) {
        await stop();
        throw error;
    }
}

async function saysReady(child) {
    for await (const line of createInterface({ input: child.stdout })) {
        if (line === "ready") {
            child.stdout.resume();
            return;
        }
    }
    throw new Error("the simulator closed its output before it was ready");
}

async function call(base, method, path, body) {
    const answer = await fetch(`${base}${path}`, {
        method,
        headers: body && { "content-type": "application/json" },
        body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) {
        throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    }
    return answer.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text;
}
