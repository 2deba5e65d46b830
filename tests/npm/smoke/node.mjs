// ES modules in Node, Bun and Deno.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";
import * as importing from "rcs-revoke/import";
import * as hearing from "rcs-revoke/webhooks";

import vectors from "../vectors.js";
import { smoke } from "./smoke.js";

console.log(JSON.stringify(await smoke({ core, importing, hearing, client, loads: "itself", vectors, url: process.argv[2] })));
