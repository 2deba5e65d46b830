// The simulator as a process of its own, on free ports of loopback, for one test file.

import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/**
 * Starts the simulator and waits until it says that it is ready.
 *
 * Gives the hosts by name, the demo credentials and their folder, `control` to call its control API, and `stop`.
 */
export async function startSimulator(...options) {
    const program = process.env.REVOKE_TEST_SIMULATOR;
    if (!program) {
        throw new Error("REVOKE_TEST_SIMULATOR names no program: start these tests with `cargo xtask test js`");
    }
    const folder = await mkdtemp(join(tmpdir(), "rcs-revoke-test-"));
    const child = spawn(program, ["--credentials", folder, ...options], { stdio: ["ignore", "pipe", "inherit"] });
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
        await call(hosts.control, "GET", "/healthz");
        return {
            hosts,
            folder,
            applicationId: await text("vonage-application-id"),
            privateKey: await text("vonage-private-key.pem"),
            apiKey: await text("vonage-api-key"),
            signatureSecret: await text("vonage-signature-secret"),
            control: (method, path, body) => call(hosts.control, method, path, body),
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
