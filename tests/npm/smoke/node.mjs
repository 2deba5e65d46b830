// ES modules in Node, Bun and Deno.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";

import vectors from "../vectors.js";
import { smoke } from "./smoke.js";

console.log(JSON.stringify(await smoke({ core, client, loads: "itself", vectors, url: process.argv[2] })));
