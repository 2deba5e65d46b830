// Vonage's own SDK against a simulator of its own, with a receiver for the statuses.

import { Vonage } from "@vonage/server-sdk";

import { startReceiver } from "./receiver.mjs";
import { startSimulator } from "./simulator.mjs";

/** The phones: one that never comes online, one that is, and one whose statuses are signed with another secret. */
export const OFFLINE = "447700900001";
export const ONLINE = "447700900002";
export const FORGED = "447700900003";

// The limit of 30 requests per second is not what these tests are about: it must not strike them by chance.
const CONFIGURATION = `
    [vonage]
    rate_limit = { per_second = 30, enforce = false }

    [phones.${OFFLINE}]
    delivery = { kind = "never" }

    [phones.${FORGED}]
    webhook = { signature = "bad" }
`;

const TEXT = { messageType: "text", text: "Your code is 1234", clientRef: "demo-1" };

/** Starts both. `messages` is the SDK's part for messages; the other functions send, wait and look with it. */
export async function startVonage() {
    const [simulator, webhooks] = await Promise.all([startSimulator(CONFIGURATION), startReceiver(200)]);
    await simulator.control("PUT", "/webhooks", { vonage: `${webhooks.url}/status` });

    /** The SDK at a simulated host or an address, as the demo application or with other credentials. */
    function messages(host, credentials = {}) {
        const { applicationId, privateKey } = simulator;
        const apiHost = simulator.hosts[host] ?? host;
        return new Vonage({ applicationId, privateKey, ...credentials }, { apiHost }).messages;
    }

    const sent = async (message) => (await messages("vonage.api").send({ ...TEXT, ...message })).messageUUID;
    return {
        simulator,
        messages,
        send: (to) => sent({ channel: "rcs", to, from: "DemoAgent", ttl: 600 }),
        sendSms: (to) => sent({ channel: "sms", to, from: "Demo" }),
        /** Lets the first revocation of a message meet a fault. */
        spoil: (message, fault) =>
            simulator.control("POST", "/faults", { route: "vonage.revoke", message, count: 1, fault }),
        fate: async (id) => (await simulator.truth(id)).fate,
        /** Waits until a status of a message is handed over, and gives the call. */
        status: (id, word) =>
            webhooks.received(({ body }) => {
                const { message_uuid, status } = JSON.parse(body);
                return message_uuid === id && status === word;
            }),
        stop: async () => {
            await simulator.stop();
            await webhooks.stop();
        },
    };
}
