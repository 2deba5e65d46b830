// A page that is built by a bundler which leaves `new URL(…, import.meta.url)` alone: the modules' addresses are given.

import * as core from "rcs-revoke";
import wasm from "rcs-revoke/rcs_revoke.wasm";
import * as client from "rcs-revoke/client";
import * as importing from "rcs-revoke/import";
import rows from "rcs-revoke/rcs_revoke_import.wasm";

import { smoke } from "./smoke.js";

window.result = fetch("/vectors.json")
    .then((answer) => answer.json())
    .then((vectors) => smoke({ core, importing, client, loads: "init", init: { core: wasm, importing: rows }, vectors, url: location.origin }));
