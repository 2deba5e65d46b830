// What the reader of an example has of their own, in one place for all examples of the package's types.

import type {
    Ack,
    EvidenceJson,
    Explanation,
    Host,
    MessageRef,
    OutgoingRequest,
    PhoneNumber,
    Revocation as RevocationType,
    Sentence,
    SmsTarget,
    Source,
} from "rcs-revoke";
import type { InboundCall, IncomingEvent } from "rcs-revoke/webhooks";
import type { Entry, Importer as ImporterType, Row } from "rcs-revoke/import";
import type { Client as ClientType, MessageView, Registration } from "rcs-revoke/client";

declare global {
    const ack: Ack;
    const attempt: number;
    const authorization: string;
    const accessKey: string;
    const built: OutgoingRequest;
    const call: InboundCall;
    const callId: string;
    const client: ClientType;
    const entry: Entry;
    const error: unknown;
    const file: File;
    const host: Host;
    const importer: ImporterType;
    const incoming: IncomingEvent;
    const json: EvidenceJson;
    const key: MessageRef;
    let lastEventId: string | undefined;
    const ledger: AsyncIterable<{ uuid: string; phone: string; sent: string }>;
    const lines: string[];
    const message: MessageRef;
    const messages: MessageRef[];
    const messageUuid: string;
    const phone: PhoneNumber;
    const process: { env: Record<string, string | undefined> };
    const registrations: Registration[];
    const request: Request;
    const response: Response;
    const revocation: RevocationType;
    const revocations: Map<MessageRef, RevocationType>;
    const secret: string;
    const sentence: Sentence;
    const signal: AbortSignal;
    const signatureSecret: Uint8Array;
    const sms: SmsTarget;
    const source: Source;
    const sources: Source[];
    const text: string;
    const token: string;
    const url: string;
    const wish: string;

    function askWhichOf(sources: readonly string[]): void;
    function badRequest(text: string): Response;
    function googleToken(): Promise<string>;
    function keep(...what: readonly unknown[]): Promise<void>;
    function keepUnclaimed(event: IncomingEvent): Promise<void>;
    function listAll(): Promise<void>;
    function load(key: MessageRef): Promise<string>;
    function lookAgain(): void;
    function readFile(path: string): Promise<Uint8Array>;
    function readText(key: string): Promise<string>;
    function save(items: readonly MessageView[]): Promise<void>;
    function send(message: Record<string, unknown>): Promise<void>;
    function show(what: MessageView | readonly Row[] | Explanation): void;
    function vonageToken(): Promise<string>;
}
