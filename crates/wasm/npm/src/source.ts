import type { Host, HostInfo, Policy, Provider } from "../types/index.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { Question, type Answer } from "./wire.js";

export function defaultPolicy(provider: Provider): Policy {
    const answer = ask(Op.DefaultPolicy, new Question().text("provider", provider));
    return {
        settle: answer.int(),
        requestTimeout: answer.int(),
        requestMargin: answer.int(),
        retries: spans(answer),
        throttled: spans(answer),
        throttledThen: answer.int(),
        retryAfterCap: answer.int(),
        presumeFor: answer.int(),
        ratePerSecond: answer.int(),
    };
}

function spans(answer: Answer): number[] {
    return Array.from({ length: answer.int() }, () => answer.int());
}

export function hosts(provider: Provider): HostInfo[] {
    const answer = ask(Op.Hosts, new Question().text("provider", provider));
    const all: HostInfo[] = [];
    while (answer.more) {
        all.push({ host: answer.text<Host>(), label: answer.text(), baseUrl: answer.text() });
    }
    return all;
}
