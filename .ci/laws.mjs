// `npm run laws [TIMES] [PART ...]`: the test files that hold laws, TIMES over (10), each time with cases drawn anew, where the gate draws
// the same each time. What breaks a law is printed with its seed: LAWS_SEED=SEED npm run test:only FILE draws it again.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const [times = "10", ...parts] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(times)) {
  console.error(`npm run laws: expected how many times as a whole number from 1, got "${times}"`);
  process.exit(2);
}
const files = ["experiments", "lib", "reports", "runtime"]
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => join(folder, path)))
  .filter(
    (path) => path.endsWith(".test.ts") && (parts.length === 0 || parts.some((part) => path.includes(part))),
  )
  .filter((path) => readFileSync(join(root, path), "utf8").includes('from "fast-check"'));
if (files.length === 0) {
  console.error(`npm run laws: no test file with laws matches ${parts.join(" ")}`);
  process.exit(2);
}

const broken = [];
for (let time = 1; time <= Number(times); time += 1) {
  const seed = String(randomInt(2 ** 31));
  console.log(`== ${files.length} files, ${time} of ${times}, seed ${seed}`);
  const { status } = spawnSync(process.execPath, [".ci/test.mjs", ...files], {
    cwd: root,
    env: { ...process.env, LAWS_SEED: seed },
    stdio: "inherit",
  });
  if (status !== 0) broken.push(seed);
}
console.log(broken.length === 0 ? "no law was broken" : `laws were broken with seed ${broken.join(", ")}`);
process.exit(broken.length === 0 ? 0 : 1);
