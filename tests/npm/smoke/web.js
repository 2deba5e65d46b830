// A page, as it is or as a bundler has built it.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";

import { smoke } from "./smoke.js";

window.result = fetch("/vectors.json")
    .then((answer) => answer.json())
    .then((vectors) => smoke({ core, client, loads: "init", vectors, url: location.origin }));
