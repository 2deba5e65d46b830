// A page, as it is or as a bundler has built it.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";
import * as importing from "rcs-revoke/import";
import * as hearing from "rcs-revoke/webhooks";

import { smoke } from "./smoke.js";

window.result = fetch("/vectors.json")
    .then((answer) => answer.json())
    .then((vectors) => smoke({ core, importing, hearing, client, loads: "init", vectors, url: location.origin }));
