// Revokes messages with Vonage's own SDK, 64 at a time, and prints how many a second. Arguments: the host's URL, the
// application's id and the file of its private key; standard input has one message id a line.

import { readFileSync } from "node:fs";

import { Vonage } from "@vonage/server-sdk";

const AT_ONCE = 64;

const [apiHost, applicationId, keyFile] = process.argv.slice(2);
const ids = readFileSync(0, "utf8").split("\n").filter(Boolean);
const { messages } = new Vonage({ applicationId, privateKey: readFileSync(keyFile, "utf8") }, { apiHost });

let next = 0;
async function worker() {
    while (next < ids.length) {
        const id = ids[next++];
        if (!(await messages.updateMessage(id, "revoked"))) {
            throw new Error(`${id} was not revoked`);
        }
    }
}

const began = process.hrtime.bigint();
await Promise.all(Array.from({ length: AT_ONCE }, worker));
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
console.log((ids.length / seconds).toFixed(1));
