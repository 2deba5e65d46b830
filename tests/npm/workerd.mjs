// A Worker, served as its maker's tool does: the code in one file, and the compiled modules beside it.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { build } from "esbuild";

/** Bundles and serves a Worker; `settings` are its own lines of workerd's configuration. */
export async function startWorker(workerd, { folder, entry, settings = "" }) {
    const out = join(folder, "worker-built");
    const { metafile } = await build({
        entryPoints: [join(folder, entry)],
        outfile: join(out, "worker.js"),
        bundle: true,
        format: "esm",
        target: "es2022",
        conditions: ["workerd", "worker", "browser"],
        external: ["*.wasm"],
        metafile: true,
        logLevel: "error",
    });
    const installed = dirname(createRequire(join(folder, entry)).resolve("rcs-revoke/package.json"));
    const modules = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => basename(path)));
    await Promise.all(modules.map((name) => copyFile(join(installed, name), join(out, name))));
    await writeFile(
        join(out, "config.capnp"),
        `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
    services = [
        (name = "main", worker = .worker),
        (name = "internet", network = (allow = ["public", "private", "local"])),
    ],
    sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const worker :Workerd.Worker = (
    modules = [
        (name = "worker.js", esModule = embed "worker.js"),
        ${modules.map((name) => `(name = "./${name}", wasm = embed "${name}"),`).join("\n        ")}
    ],
    compatibilityDate = "2026-11-01",${settings}
);
`,
    );
    const child = spawn(workerd, ["serve", "--control-fd=3", join(out, "config.capnp")], {
        stdio: ["ignore", "inherit", "inherit", "pipe"],
    });
    const ended = once(child, "exit");
    const stop = async () => {
        child.kill();
        await ended;
    };
    for await (const line of createInterface({ input: child.stdio[3] })) {
        const { event, port } = JSON.parse(line);
        if (event === "listen") return { origin: `http://127.0.0.1:${port}`, stop };
    }
    throw new Error(`workerd did not listen (${await ended})`);
}
