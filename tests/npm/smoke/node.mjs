// ES modules in Node, Bun and Deno.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";
import * as importing from "rcs-revoke/import";

import vectors from "../vectors.js";
import { smoke } from "./smoke.js";

console.log(JSON.stringify(await smoke({ core, importing, client, loads: "itself", vectors, url: process.argv[2] })));
