// A page that is built by a bundler which leaves `new URL(…, import.meta.url)` alone: the module's address is given.

import * as core from "rcs-revoke";
import wasm from "rcs-revoke/rcs_revoke.wasm";
import * as client from "rcs-revoke/client";

import { smoke } from "./smoke.js";

window.result = fetch("/vectors.json")
    .then((answer) => answer.json())
    .then((vectors) => smoke({ core, client, loads: "init", init: wasm, vectors, url: location.origin }));
