// Makes dist/: every module of lib, runtime and reports transpiled one to one with its declarations by the native compiler, so
// that a path relative to a module means the same in the checkout and in the installed package.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const stampPath = join(root, "dist/.stamp");
const stamp = stampOf([
  "lib",
  "runtime",
  "reports",
  ".ci",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
]);
// `npm ci` builds, and so does the gate after it: once is enough. --force builds all the same.
if (!process.argv.includes("--force") && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) {
  console.log("dist/ is up to date");
  process.exit(0);
}
rmSync(join(root, "dist"), { recursive: true, force: true });
const compiler = join(root, "node_modules/ts7/bin/tsc");
const result = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (result.status !== 0) process.exit(result.status ?? 1);

/** A hash over everything that a build is made from. */
function stampOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths.map((each) => join(root, each))) {
    const names = statSync(path).isDirectory() ? readdirSync(path, { recursive: true }).sort() : [""];
    for (const name of names) {
      const file = join(path, name);
      if (statSync(file).isFile())
        hash
          .update(`${relative(root, file)}\0`)
          .update(readFileSync(file))
          .update("\0");
    }
  }
  return hash.digest("hex");
}

function* assets(folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory() && !["errors", "reference"].includes(entry.name)) yield* assets(path);
    else if (/[.](ttf|wasm|template)$|^imports[.]d[.]ts$/.test(entry.name)) yield path;
  }
}
for (const folder of ["lib", "runtime", "reports"]) {
  for (const path of assets(folder)) cpSync(join(root, path), join(root, "dist", path));
}
// The live page is one script and one style sheet beside its document.
buildSync({
  entryPoints: [join(root, "runtime/ui/page/main.tsx")],
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "linked",
  outfile: join(root, "dist/runtime/ui/page/page.js"),
});
for (const name of ["index.html", "icon.svg"])
  cpSync(join(root, "runtime/ui/page", name), join(root, "dist/runtime/ui/page", name));
// The compiler writes the way to the ambient declarations from dist/ back to the sources; they lie beside it.
const door = join(root, "dist/lib/index.d.ts");
const declared = readFileSync(door, "utf8").replace('path="../../lib/imports.d.ts"', 'path="./imports.d.ts"');
if (!declared.includes('path="./imports.d.ts"')) throw new Error("dist/lib/index.d.ts names no imports.d.ts");
writeFileSync(door, declared);
const command = join(root, "dist/runtime/cli/lab.js");
if (existsSync(command)) chmodSync(command, 0o755);
writeFileSync(stampPath, stamp);
