// A page, as it is or as a bundler has built it.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";

import vectors from "../vectors.js";
import { smoke } from "./smoke.js";

window.result = smoke({ core, client, loads: "init", vectors, url: location.origin });
