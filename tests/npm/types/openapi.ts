// The client's types beside those of the server's own description: a field that one has and the other has not, that
// one may leave out and the other may not, or that differs in kind, does not compile.

import type * as client from "rcs-revoke/client";

import type { components, paths } from "./server.js";

type Wire = components["schemas"];

type Camel<Name> = Name extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : Name;

/** What the description calls an object and says no more of: the core's own types. */
type Opaque = Record<string, never>;

/** The names that may be absent. */
type Optional<T> = { [Name in keyof T]-?: object extends Pick<T, Name> ? Name : never }[keyof T];

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Where two types part, or `never`. */
type Parts<Ours, Theirs, At extends string> = [Theirs] extends [Opaque]
    ? Ours extends object ? never : At
    : [Theirs] extends [readonly (infer Their)[]]
      ? Ours extends readonly (infer Our)[] ? Parts<Our, Their, `${At}[]`> : At
      : [Theirs] extends [object]
        ? Fields<Ours, Theirs, At>
        : [Ours] extends [Theirs] ? never : At;

type Fields<Ours, Theirs, At extends string> =
    Same<keyof Ours, Camel<keyof Theirs>> extends true
        ? Same<Optional<Ours>, Camel<Optional<Theirs>>> extends true
            ? {
                  [Name in keyof Theirs & string]-?: Camel<Name> extends keyof Ours
                      ? Parts<NonNullable<Given<Ours[Camel<Name>]>>, NonNullable<Theirs[Name]>, `${At}.${Name}`>
                      : `${At}.${Name}`;
              }[keyof Theirs & string]
            : `${At}: ${Exclude<Optional<Ours> & string, Camel<Optional<Theirs>>> | Exclude<Camel<Optional<Theirs>> & string, Optional<Ours>>} may be absent in one only`
        : `${At}: ${Exclude<keyof Ours & string, Camel<keyof Theirs>> | Exclude<Camel<keyof Theirs> & string, keyof Ours>} is in one only`;

/** A time is sent as its number. */
type Given<T> = T extends Date ? never : T;

const agree = <_ extends never>(): void => {};

// What the server answers.
agree<Parts<client.RevocationReport, Omit<Wire["RevocationReport"], "results"> & { results: Opaque[] }, "RevocationReport">>();
agree<Parts<client.RegistrationReport, Wire["RegistrationReport"], "RegistrationReport">>();
agree<Parts<client.BulkReport, Wire["BulkReport"], "BulkReport">>();
agree<Parts<client.ImportReport, Wire["ImportReport"], "ImportReport">>();
agree<Parts<client.MessageView, Wire["MessageView"], "MessageView">>();
agree<Parts<client.MessageDetail, Wire["MessageDetail"], "MessageDetail">>();
agree<Parts<client.Lookup, Wire["Lookup"], "Lookup">>();
agree<Parts<client.WithdrawalReport, Wire["WithdrawalReport"], "WithdrawalReport">>();
agree<Parts<client.SmsInstead, Wire["SmsView"], "SmsInstead">>();
agree<Parts<client.FallbackTaken, Wire["FallbackOrdered"], "FallbackTaken">>();
agree<Parts<client.SourceView, Wire["SourceView"], "SourceView">>();
agree<Parts<client.SessionView, Wire["SessionView"], "SessionView">>();
agree<Parts<Omit<client.MessagePage, "counts">, Omit<Wire["MessagePage"], "counts">, "MessagePage">>();
agree<client.MessagePage["counts"] extends Wire["MessagePage"]["counts"] ? never : "MessagePage.counts">();

// Each way that an item may go: both have the same, with the same fields.
type Taken = client.RevocationResult["taken"];
type Ours<Word extends Taken> = client.RevocationResult & { taken: Word };
type Theirs<Word extends Taken> = Extract<Wire["RevocationResult"], { taken: Word }>;
agree<Same<Taken, Wire["Taken"]["taken"]> extends true ? never : "RevocationResult.taken">();
agree<Ours<"made"> extends Theirs<"made"> ? never : "RevocationResult made">();
agree<Ours<"already"> extends Theirs<"already"> ? never : "RevocationResult already">();
agree<Ours<"refused"> extends Theirs<"refused"> ? never : "RevocationResult refused">();

// What the server is sent.
type Command = Omit<client.RevokeOptions, "signal" | "idempotencyKey"> & { items: client.RevocationItem[] };
agree<Parts<Command, Wire["RevocationCommand"], "RevocationCommand">>();
agree<Parts<client.Registration, Wire["Registration"], "Registration">>();
agree<Parts<client.FallbackOrder, Wire["FallbackOrder"], "FallbackOrder">>();
type Query = NonNullable<paths["/api/v1/messages"]["get"]["parameters"]["query"]>;
agree<Same<keyof client.MessageQuery, keyof Query> extends true ? never : "MessageQuery">();
type Import = NonNullable<paths["/api/v1/messages/import"]["post"]["parameters"]["query"]>;
agree<Same<Exclude<keyof client.ImportOptions, "signal">, keyof Import> extends true ? never : "ImportOptions">();

// An error.
type Problem = Omit<Wire["Problem"], "type" | "title" | "at"> & { path?: Wire["Problem"]["at"] };
type Error = Required<Pick<client.ProxyError, "code" | "status">> & Pick<client.ProxyError, "detail" | "path">;
agree<Parts<Error, Problem, "Problem">>();

// Every path that the client calls is described, with its method.
type Described = {
    [Path in keyof paths & string]: {
        [Method in keyof paths[Path] & string]: paths[Path][Method] extends { responses: object }
            ? `${Uppercase<Method>} ${Path}`
            : never;
    }[keyof paths[Path] & string];
}[keyof paths & string];
type Called =
    | "GET /api/v1/events"
    | "POST /api/v1/fallbacks"
    | "GET /api/v1/messages"
    | "POST /api/v1/messages"
    | "POST /api/v1/messages/import"
    | "POST /api/v1/messages/lookup"
    | "GET /api/v1/messages/{message}"
    | "POST /api/v1/revocations"
    | "GET /api/v1/revocations/{wish}"
    | "DELETE /api/v1/revocations/{wish}"
    | "POST /api/v1/withdrawals"
    | "GET /api/v1/sources"
    | "GET /api/v1/session";
agree<Exclude<Called, Described>>();

// And that this file finds a difference at all.
type Changed = Omit<Wire["Lookup"], "message"> & { message: number; more: string };
// @ts-expect-error: another kind, and a field that only one has
agree<Parts<client.Lookup, Changed, "Lookup">>();
// @ts-expect-error: one may leave it out
agree<Parts<client.Lookup, Omit<Wire["Lookup"], "outcome"> & { outcome?: string }, "Lookup">>();
// @ts-expect-error: another kind deep inside
agree<Parts<client.RegistrationReport, { kept: number; refused: number; results: { message?: number | null }[] }, "Deep">>();
