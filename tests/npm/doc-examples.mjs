// The examples in the package's types: found, and made into one program that a compiler can judge.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

const EXPORT = /^export (?:declare )?(?:function|class|interface|type|const) (\w+)/;
const MEMBER = /^ {4}(?:static )?(\w+)\(/;

/** Whose exports a file's are; those of all others are of `rcs-revoke`. */
const ENTRIES = {
    "client.d.ts": "rcs-revoke/client",
    "proxy.d.ts": "rcs-revoke/client",
    "import.d.ts": "rcs-revoke/import",
    "webhooks.d.ts": "rcs-revoke/webhooks",
};

/** What a file of types documents: each export and each method, by name, with its examples. */
function documented(text) {
    const found = [];
    for (const part of text.split(/^(?= *\/\*\*)/m)) {
        const [, comment, declaration] = /^ *\/\*\*(.*?)\*\/\n(.*)$/ms.exec(part) ?? [];
        const [, name] = EXPORT.exec(declaration) ?? MEMBER.exec(declaration) ?? [];
        if (name) {
            const plain = comment.replaceAll(/^ *\* ?/gm, "");
            const examples = [...plain.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
            found.push({ name, isExport: EXPORT.test(declaration), examples });
        }
    }
    return found;
}

/** Everything that the types document, and the names of all exports. */
export async function documentation(folder) {
    const all = [];
    const exports = { "rcs-revoke": [], "rcs-revoke/client": [], "rcs-revoke/import": [], "rcs-revoke/webhooks": [] };
    for (const file of (await readdir(folder)).sort()) {
        const text = await readFile(join(folder, file), "utf8");
        const names = [...text.matchAll(new RegExp(EXPORT, "gm"))].map(([, name]) => name);
        if (file !== "wasm.d.ts") {
            exports[ENTRIES[file] ?? "rcs-revoke"].push(...names);
        }
        all.push(...documented(text).map((one) => ({ file, ...one })));
    }
    return { all, exports };
}

/** One program of all examples: each in a function of its own, with every export at hand. */
export function program({ all, exports }) {
    const hoisted = new Set();
    const functions = all.flatMap(({ file, name, examples }) =>
        examples.map((code, index) => {
            const body = code.replaceAll(/^import .*\n/gm, (line) => {
                if (!line.includes("{")) {
                    hoisted.add(line);
                }
                return "";
            });
            return `// ${file}\nexport async function ${name}_${file.split(".")[0]}_${index}() {\n${body}}\n`;
        }),
    );
    const imports = Object.entries(exports).map(([from, names]) => `import { ${names.sort().join(", ")} } from "${from}";\n`);
    return [...imports, ...hoisted, "\n", ...functions].join("");
}
