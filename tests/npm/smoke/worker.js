// A Cloudflare Worker.

import * as core from "rcs-revoke";
import * as client from "rcs-revoke/client";
import * as importing from "rcs-revoke/import";
import * as hearing from "rcs-revoke/webhooks";

import vectors from "../vectors.js";
import { smoke } from "./smoke.js";

export default {
    async fetch(request) {
        const url = new URL(request.url).searchParams.get("url");
        try {
            return Response.json(await smoke({ core, importing, hearing, client, loads: "itself", vectors, url }));
        } catch (error) {
            return new Response(error.stack, { status: 500 });
        }
    },
};
