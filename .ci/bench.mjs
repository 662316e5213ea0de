// `npm run bench [part...]`: every x.bench.ts in a process of its own, one after the other; each prints ratios against a peer or
// a floor measured in the same run and writes its figures as JSON to bench-results/.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const wanted = process.argv.slice(2);

function* benches(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "dist", ".lab", ".git"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* benches(path);
    else if (entry.name.endsWith(".bench.ts")) yield relative(root, path);
  }
}

mkdirSync(join(root, "bench-results"), { recursive: true });
let failures = 0;
for (const file of [...benches(root)].sort()) {
  if (wanted.length > 0 && !wanted.some((part) => file.includes(part))) continue;
  const name = file
    .split("/")
    .at(-1)
    .replace(/[.]bench[.]ts$/, "");
  console.log(`\n== ${file}`);
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, BENCH_OUT: join(root, "bench-results", `${name}.json`) },
  });
  if (status !== 0) failures += 1;
}
process.exit(failures > 0 ? 1 : 0);
