// Where the running copy of labwright lies and which version it is. The same code runs from a checkout (.ts) and from dist (.js),
// so extension and depth come from this file's own address.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(import.meta.url);
/** ".ts" in the checkout, ".js" in an installed package. */
export const ownExtension = path.extname(here);
/** The folder that holds lib/, runtime/ and reports/: the checkout, or dist/. */
export const ownFolder = path.resolve(path.dirname(here), "../../..");

const doors: readonly (readonly [door: RegExp, file: string])[] = [
  [/^labwright$/, "lib/index"],
  [/^labwright\/environments\/(.+)$/, "lib/environments/$1"],
  [/^labwright\/agents\/(.+)$/, "lib/agents/$1"],
  [/^labwright\/(run|results|config|llm)$/, "runtime/$1"],
  [/^labwright\/stats$/, "lib/stats"],
  [/^labwright\/testing\/(.+)$/, "runtime/testing/$1"],
];

/** The file behind `labwright` or one of its subpaths in the running copy; null when there is none. */
export function ownModuleOf(specifier: string): string | null {
  for (const [door, file] of doors) {
    if (!door.test(specifier)) continue;
    const found = path.join(ownFolder, specifier.replace(door, file) + ownExtension);
    return existsSync(found) ? found : null;
  }
  return null;
}

/** "environments/pricing.ts" as "labwright/environments/pricing": the name of an own file in identities; null for other files. */
export function ownNameOf(file: string): string | null {
  const relative = path.relative(path.join(ownFolder, "lib"), file);
  if (relative.startsWith("..") || path.isAbsolute(relative)) return null;
  return `labwright/${relative.slice(0, -path.extname(relative).length).split(path.sep).join("/")}`;
}

/** labwright's version, from the nearest package.json of that name. */
export function ownVersion(): string {
  for (const folder of [ownFolder, path.dirname(ownFolder)]) {
    const file = path.join(folder, "package.json");
    if (!existsSync(file)) continue;
    // package.json is npm's own format; both fields are checked before use.
    const { name, version } = JSON.parse(readFileSync(file, "utf8")) as { name?: unknown; version?: unknown };
    if (name === "labwright" && typeof version === "string") return version;
  }
  throw new Error(`no package.json of labwright above ${ownFolder}`);
}

/** What a finished build depends on besides the author's files: version, Node major and, in a checkout, the compiler's own sources. */
export function compilerStamp(): string {
  const node = `node ${process.versions.node.split(".")[0]} ${process.arch}`;
  const release = `labwright ${ownVersion()}, ${node}`;
  if (ownExtension !== ".ts") return release;
  const hash = createHash("sha256");
  for (const folder of ["lib/experiment", "runtime/compile", "runtime/plan", "runtime/diagnostic"]) {
    for (const file of readdirSync(path.join(ownFolder, folder), {
      recursive: true,
      encoding: "utf8",
    }).sort()) {
      if (!file.endsWith(".ts") || /[.](test|bench|test-d)[.]ts$/.test(file)) continue;
      const { size, mtimeMs } = statSync(path.join(ownFolder, folder, file));
      hash.update(`${folder}/${file} ${size} ${mtimeMs}\n`);
    }
  }
  return `${release}, sources ${hash.digest("hex").slice(0, 12)}`;
}
