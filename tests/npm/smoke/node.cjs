// CommonJS, and that both ways of loading give one and the same module.

const core = require("rcs-revoke");
const client = require("rcs-revoke/client");

async function main() {
    const [{ default: vectors }, { smoke }, again] = await Promise.all([
        import("../vectors.js"),
        import("./smoke.js"),
        import("rcs-revoke"),
    ]);
    if (again.RcsRevokeError !== core.RcsRevokeError) {
        throw new Error("import and require load two modules: `instanceof` would not hold across them");
    }
    console.log(JSON.stringify(await smoke({ core, client, loads: "itself", vectors, url: process.argv[2] })));
}

main();
