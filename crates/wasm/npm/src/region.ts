import type { Certainty, Host, Route, RouteReason, Source } from "../types/index.js";
import { ask } from "./module.js";
import { Op } from "./ops.js";
import { putSource } from "./shapes.js";
import { Question } from "./wire.js";

export function routeRegion(source: Source, own?: Host): Route {
    const question = putSource(new Question(), source, "source");
    question.value("own", "text?", own);
    const answer = ask(Op.Route, question);
    const certainty = answer.text<Certainty>();
    const because = answer.text<RouteReason["because"]>();
    const country = answer.opt();
    const candidates = answer.rest<Host>() as Route["candidates"];
    return because === "launch_country"
        ? { candidates, certainty, because, country: country ?? "" }
        : { candidates, certainty, because };
}
