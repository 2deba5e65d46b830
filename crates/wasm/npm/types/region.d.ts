import type { Host, Source } from "./source.js";

/**
 * How sure the first candidate is.
 *
 * @example
 * ```ts
 * const isWorthAsking = (certainty: Certainty) => certainty === "ambiguous";
 * ```
 */
export type Certainty =
    /** The message, the operator or an earlier success says so. */
    | "known"
    /** The provider prints it. */
    | "documented"
    /** Not printed, but every reasonable reading gives the same host. */
    | "inferred"
    /** More than one host may be right. */
    | "ambiguous";

/**
 * Why the first candidate comes first.
 *
 * @example
 * ```ts
 * const reason: RouteReason = { because: "launch_country", country: "DE" };
 * ```
 */
export type RouteReason =
    | { because: "message" | "source" | "learnt" | "default" }
    | { because: "launch_country"; country: string };

/**
 * Where to ask for a revocation, in order.
 *
 * @example
 * ```ts
 * const route: Route = routeRegion(source);
 * const [first, ...others] = route.candidates;
 * ```
 */
export type Route = RouteReason & {
    /** The hosts to ask, the best guess first; never empty. */
    candidates: [Host, ...Host[]];
    certainty: Certainty;
};

/**
 * Where to ask for a revocation: the hosts in order, with how sure that is and why. A host of another provider,
 * wherever it is named, is passed over.
 *
 * @example
 * ```ts
 * const route = routeRegion({ id: "otp", provider: "vonage", launchCountry: "DE" });
 * // { candidates: ["vonage.eu", "vonage.us", "vonage.ap"], certainty: "documented",
 * //   because: "launch_country", country: "DE" }
 * ```
 *
 * @param own The host that is known to hold the message.
 * @throws {@link RcsRevokeError} `invalid_argument` when the source has not its documented type.
 */
export function routeRegion(source: Source, own?: Host): Route;
