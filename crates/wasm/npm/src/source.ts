import type { ClassPolicy, HostInfo, Policy, Provider } from "../types/index.js";
import { ask } from "./core.js";
import { Op } from "./ops.js";
import { Question } from "./shared.js";

export function defaultPolicy(provider: Provider): Policy {
    return ask(Op.DefaultPolicy, new Question().text("provider", provider));
}

type Standard = [otp: ClassPolicy, transactional: ClassPolicy, promotional: ClassPolicy];

export function standardClasses(): Standard {
    return ask<{ list: Standard }>(Op.StandardClasses).list;
}

export function hosts(provider: Provider): HostInfo[] {
    return ask<{ hosts: HostInfo[] }>(Op.Hosts, new Question().text("provider", provider)).hosts;
}
