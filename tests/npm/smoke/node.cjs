// CommonJS, and that both ways of loading give one and the same module.

const core = require("rcs-revoke");
const client = require("rcs-revoke/client");
const importing = require("rcs-revoke/import");

async function main() {
    const [{ default: vectors }, { smoke }, ...again] = await Promise.all([
        import("../vectors.js"),
        import("./smoke.js"),
        import("rcs-revoke"),
        import("rcs-revoke/import"),
    ]);
    if (again[0].Revocation !== core.Revocation || again[1].Importer !== importing.Importer) {
        throw new Error("import and require load two modules: `instanceof` would not hold across them");
    }
    console.log(JSON.stringify(await smoke({ core, importing, client, loads: "itself", vectors, url: process.argv[2] })));
}

main();
