import type { Host, Route, Source } from "../types/index.js";
import { ask } from "./core.js";
import { Op } from "./ops.js";
import { Question, SOURCE } from "./shared.js";

export function routeRegion(source: Source, own?: Host): Route {
    return ask(Op.Route, new Question().object("source", source, SOURCE).opt("own", own));
}
