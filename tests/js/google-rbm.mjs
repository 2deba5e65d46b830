// What Google's own Node client for RCS does, with the libraries that it is made of. The client itself is no longer
// published; its requests are these two calls of `createAPIRequest` with a service account's `JWT`.

import { JWT } from "google-auth-library";
import { createAPIRequest } from "googleapis-common";

/** The address that the library asks for tokens, whatever the key file's `token_uri` says. */
const TOKEN_ADDRESS = "https://oauth2.googleapis.com/token";

const SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging";

/** A service account's credentials. What goes to Google's token address goes to `tokenEndpoint` instead. */
export function serviceAccount({ client_email: email, private_key: key }, tokenEndpoint) {
    const auth = new JWT({ email, key, scopes: [SCOPE] });
    auth.transporter.interceptors.request.add({
        resolved: async (request) => {
            if (request.url.href === TOKEN_ADDRESS) {
                request.url = new URL(tokenEndpoint);
            }
            return request;
        },
    });
    return auth;
}

/** Sends and revokes as one agent; without `agentId` the parameter is left out, as the client did by default. */
export function agent(auth, rootUrl, agentId) {
    const request = (method, template, pathParams, params) =>
        createAPIRequest({
            options: { url: `${rootUrl}/v1/${template}`, method },
            params: { ...params, auth, agentId },
            requiredParams: pathParams,
            pathParams,
            context: { _options: {} },
        });
    return {
        send: (phone, messageId, requestBody) =>
            request("POST", "{+parent}/agentMessages", ["parent"], {
                parent: `phones/${phone}`,
                messageId,
                requestBody,
            }),
        revoke: (phone, messageId) =>
            request("DELETE", "{+name}", ["name"], { name: `phones/${phone}/agentMessages/${messageId}` }),
    };
}
