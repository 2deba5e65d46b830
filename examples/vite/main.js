// Reads a pasted list of messages and says where each would be asked for. Nothing leaves the page.

import { RcsRevokeError, init, routeRegion } from "rcs-revoke";
import { init as initImport, parseImport } from "rcs-revoke/import";

const text = document.querySelector("#text");
const country = document.querySelector("#country");
const rows = document.querySelector("#rows");

await Promise.all([init(), initImport()]);
text.addEventListener("input", show);
country.addEventListener("input", show);
show();

function show() {
    rows.replaceChildren(
        ...parseImport(text.value).map((row) => {
            const item = document.createElement("li");
            item.textContent = row.row === "problem" ? `line ${row.line}: ${row.message}` : `${row.id}: ${where()}`;
            return item;
        }),
    );
}

function where() {
    try {
        const source = { id: "example", provider: "vonage", launchCountry: country.value.toUpperCase() };
        const { candidates, certainty } = routeRegion(source);
        return `${candidates.join(", then ")} (${certainty})`;
    } catch (error) {
        if (error instanceof RcsRevokeError) return error.message;
        throw error;
    }
}
