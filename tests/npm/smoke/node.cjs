// CommonJS, and that both ways of loading give one and the same module.

const core = require("rcs-revoke");
const client = require("rcs-revoke/client");
const importing = require("rcs-revoke/import");
const hearing = require("rcs-revoke/webhooks");

async function main() {
    const [{ default: vectors }, { smoke }, ...again] = await Promise.all([
        import("../vectors.js"),
        import("./smoke.js"),
        import("rcs-revoke"),
        import("rcs-revoke/import"),
        import("rcs-revoke/webhooks"),
    ]);
    const required = [core, importing, hearing];
    for (const [index, name] of ["Revocation", "Importer", "receiveWebhook"].entries()) {
        if (again[index][name] !== required[index][name]) {
            throw new Error("import and require load two modules: `instanceof` would not hold across them");
        }
    }
    console.log(JSON.stringify(await smoke({ core, importing, hearing, client, loads: "itself", vectors, url: process.argv[2] })));
}

main();
