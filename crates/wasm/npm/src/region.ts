import type { Host, Route, Source } from "../types/index.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { SOURCE } from "./shapes.js";
import { Question } from "./wire.js";

export function routeRegion(source: Source, own?: Host): Route {
    return ask(Op.Route, new Question().object("source", source, SOURCE).opt("own", own));
}
