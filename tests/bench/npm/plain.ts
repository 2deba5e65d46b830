// The same functions in plain TypeScript, for comparison: what one would write without the core.
//
// Only as much as the measured calls need, and kept out of the package: the core is the one that is right.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function parseUuids(texts: readonly string[]): { ids: string[]; invalid: { index: number; message: string }[] } {
    const ids: string[] = [];
    const invalid: { index: number; message: string }[] = [];
    for (let index = 0; index < texts.length; index += 1) {
        const text = texts[index]!;
        if (UUID.test(text)) {
            ids.push(text.toLowerCase());
        } else {
            invalid.push({ index, message: `not a message UUID: ${text}` });
        }
    }
    return { ids, invalid };
}

type Row =
    | { line: number; column: number; row: "entry"; id: string }
    | { line: number; column: number; row: "duplicate"; ofLine: number; id: string }
    | { line: number; column: number; row: "problem"; code: string; message: string; text: string };

interface Entry {
    id: string;
    provider?: string;
    sender?: string;
}
interface Source {
    id: string;
    provider: string;
    sender?: string;
}

/** The source of each row, among sources of Vonage. */
export function resolveAll(entries: readonly Entry[], sources: readonly Source[]): Record<string, unknown>[] {
    return entries.map(({ id, provider, sender }) => {
        const named = sender?.toLowerCase();
        const candidates = sources.filter(
            (source) =>
                (provider === undefined || provider === source.provider) &&
                (named === undefined || source.sender === undefined || source.sender.toLowerCase() === named) &&
                UUID.test(id),
        );
        return candidates.length === 1
            ? { resolution: "ready", message: `${candidates[0]!.provider}:${id.toLowerCase()}`, source: candidates[0]!.id }
            : { resolution: "choose", candidates: candidates.map((source) => source.id) };
    });
}

const ANY_UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;

export function parseLines(text: string): Row[] {
    const rows: Row[] = [];
    const seen = new Map<string, number>();
    const lines = text.split("\n");
    for (let at = 0; at < lines.length; at += 1) {
        const line = lines[at]!;
        const number = at + 1;
        let found = false;
        for (const match of line.matchAll(ANY_UUID)) {
            found = true;
            const id = match[0];
            const column = match.index + 1;
            const first = seen.get(id);
            if (first === undefined) {
                seen.set(id, number);
                rows.push({ line: number, column, row: "entry", id });
            } else {
                rows.push({ line: number, column, row: "duplicate", ofLine: first, id });
            }
        }
        if (!found && /[\p{L}\p{N}]/u.test(line)) {
            rows.push({ line: number, column: 1, row: "problem", code: "no_id", message: "no message id here", text: line });
        }
    }
    return rows;
}

const BASES: Record<string, string> = {
    "vonage.us": "https://api-us.nexmo.com",
    "vonage.eu": "https://api-eu.nexmo.com",
    "vonage.ap": "https://api-ap.nexmo.com",
};

export function buildRevoke({ message, host }: { message: string; host: string }) {
    const [provider, id] = message.split(":");
    const base = BASES[host];
    if (provider !== "vonage" || !id || !UUID.test(id)) {
        throw new Error(`not a message key: ${message}`);
    }
    if (!base) {
        throw new Error(`${host} does not carry ${message}`);
    }
    const path = `/v1/messages/${encodeURIComponent(id.toLowerCase())}`;
    return {
        method: "PATCH",
        url: base + path,
        host,
        path,
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        body: '{"status":"revoked"}',
        auth: "vonage_application_jwt",
    };
}

export function receive(
    key: string,
    account: string,
    call: { method: string; headers: ReadonlyArray<readonly [string, string]>; body: Uint8Array },
) {
    const refused = (why: string) => ({ status: 503, body: "", verdict: { verdict: "refused", why } });
    const authorization = call.headers.find(([name]) => name.toLowerCase() === "authorization")?.[1];
    const token = authorization?.match(/^Bearer (.+)$/i)?.[1];
    if (!token) {
        return refused("signature_missing");
    }
    const [header, claims, signature] = token.split(".");
    if (!header || !claims || !signature) {
        return refused("signature_wrong");
    }
    const wanted = createHmac("sha256", key).update(`${header}.${claims}`).digest();
    const given = Buffer.from(signature, "base64url");
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
        return refused("signature_wrong");
    }
    if (JSON.parse(Buffer.from(header, "base64url").toString()).alg !== "HS256") {
        return refused("signature_wrong");
    }
    const claim = JSON.parse(Buffer.from(claims, "base64url").toString());
    const hash = createHash("sha256").update(call.body).digest("hex");
    if (claim.iss !== "Vonage" || claim.api_key !== account || claim.payload_hash !== hash) {
        return refused("signature_wrong");
    }
    const raw = Buffer.from(call.body).toString("utf8");
    const fields = JSON.parse(raw);
    if (!UUID.test(fields.message_uuid)) {
        return { status: 200, body: "", verdict: { verdict: "unreadable", reason: "`message_uuid`", raw } };
    }
    const code = fields.error?.title;
    return {
        status: 200,
        body: "",
        verdict: {
            verdict: "event",
            event: ["rejected", "undeliverable"].includes(fields.status) ? "not_delivered" : fields.status,
            ...(code === undefined ? {} : { code }),
            provider: "vonage",
            ...(claim.application_id ? { application: claim.application_id } : {}),
            sender: fields.from,
            message: fields.message_uuid.toLowerCase(),
            identity: JSON.stringify([fields.message_uuid.toLowerCase(), fields.status, fields.timestamp, code ?? null]),
            eventTime: fields.timestamp,
            phone: `+${fields.to}`,
            raw,
        },
    };
}

interface Fact {
    fact: string;
    at?: number;
    receivedAt?: number;
    begunAt?: number;
    sentAt?: number;
    life?: { kind: string; ttl?: number };
    wish?: string;
    attempt?: number;
    ack?: string;
    event?: string;
    code?: string;
    identity?: string;
}

const SETTLE = 20_000;
const DEADLINE = 35_000;
const HOUR = 3_600_000;

/** The rows of the outcome table that messages at Vonage meet every day. */
export class PlainRevocation {
    #facts = new Map<string, Fact>();

    record(fact: Fact): boolean {
        const key = `${fact.fact}:${fact.identity ?? fact.attempt ?? fact.wish ?? ""}`;
        if (this.#facts.has(key)) {
            return false;
        }
        this.#facts.set(key, fact);
        return true;
    }

    outcome(now: number): { outcome: string; [field: string]: unknown } {
        const facts = [...this.#facts.values()];
        const of = (kind: string) => facts.filter(({ fact }) => fact === kind);
        const events = of("event").sort((a, b) => a.receivedAt! - b.receivedAt!);
        const answers = of("answered");
        const accepted = answers.filter(({ ack }) => ack === "accepted").map(({ at }) => at!);
        const delivery = events.find(({ event }) => event === "delivered" || event === "read");
        if (delivery) {
            return {
                outcome: "delivered",
                at: delivery.receivedAt,
                ...(events.some(({ event }) => event === "read") ? { read: true } : {}),
                ...(accepted.length > 0 ? { raced: true } : {}),
            };
        }
        const rejected = events.find(({ event }) => event === "not_delivered");
        if (rejected) {
            return { outcome: "not_delivered", code: rejected.code };
        }
        const attempts = of("attempted");
        const isOpen = attempts.some(
            ({ attempt, begunAt }) => !answers.some((answer) => answer.attempt === attempt) && now < begunAt! + DEADLINE,
        );
        if (isOpen && accepted.length === 0) {
            return { outcome: "requesting" };
        }
        if (accepted.length > 0) {
            const until = Math.max(...accepted) + SETTLE;
            if (now < until) {
                return { outcome: "settling", until };
            }
            const registered = of("registered")[0];
            const start = registered?.sentAt ?? Math.min(...of("requested").map(({ at }) => at!));
            const ttl = registered?.life?.ttl;
            const end = start + (ttl ?? 30 * 24 * HOUR);
            return { outcome: now >= end && ttl !== undefined ? "presumed_revoked" : "unconfirmed" };
        }
        const wishes = of("requested").filter(({ wish }) => !of("withdrawn").some((other) => other.wish === wish));
        if (of("requested").length === 0) {
            return { outcome: "watched" };
        }
        return { outcome: wishes.length === 0 ? "withdrawn" : "planned" };
    }
}
