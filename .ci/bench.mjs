// `npm run bench [part...]`: every x.bench.ts in a process of its own, one after the other; each prints ratios against a peer or
// a floor measured in the same run and writes its figures as JSON to bench-results/. Benchmarks run as users run the package:
// transpiled, without a loader, in a folder beside dist/.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);

/** What benchmarks read besides modules: programs in other languages. */
function* sources(folder) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (/^(lib|runtime|reports)\/.*[.](c|as|py)$/.test(path)) yield path;
  }
}

function* benches(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "dist", ".bench", ".lab", ".git"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* benches(path);
    else if (entry.name.endsWith(".bench.ts")) yield relative(root, path);
  }
}

rmSync(join(root, ".bench"), { recursive: true, force: true });
const compiler = join(root, "node_modules/ts7/bin/tsc");
const built = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.bench.json")], {
  stdio: "inherit",
});
if (built.status !== 0) process.exit(built.status ?? 1);
for (const path of sources(root)) cpSync(join(root, path), join(root, ".bench", path));
mkdirSync(join(root, "bench-results"), { recursive: true });
let failures = 0;
for (const file of [...benches(root)].sort()) {
  if (wanted.length > 0 && !wanted.some((part) => file.includes(part))) continue;
  const name = file
    .split("/")
    .at(-1)
    .replace(/[.]bench[.]ts$/, "");
  console.log(`\n== ${file}`);
  const program = join(root, ".bench", file.replace(/[.]ts$/, ".js"));
  const { status } = spawnSync(process.execPath, [program], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, BENCH_ROOT: root, BENCH_OUT: join(root, "bench-results", `${name}.json`) },
  });
  if (status !== 0) failures += 1;
}
process.exit(failures > 0 ? 1 : 0);
