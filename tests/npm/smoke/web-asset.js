// A page that is built by a bundler which leaves `new URL(…, import.meta.url)` alone: the modules' addresses are given.

import * as core from "rcs-revoke";
import wasm from "rcs-revoke/rcs_revoke.wasm";
import * as client from "rcs-revoke/client";
import * as importing from "rcs-revoke/import";
import rows from "rcs-revoke/rcs_revoke_import.wasm";
import calls from "rcs-revoke/rcs_revoke_webhooks.wasm";
import * as hearing from "rcs-revoke/webhooks";

import { smoke } from "./smoke.js";

window.result = fetch("/vectors.json")
    .then((answer) => answer.json())
    .then((vectors) => {
        const init = { core: wasm, importing: rows, hearing: calls };
        return smoke({ core, importing, hearing, client, loads: "init", init, vectors, url: location.origin });
    });
