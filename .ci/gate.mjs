// `npm test`: every quality gate in order, cheapest first. Each must pass; the test runner's closing line comes last.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const gates = [
  ["types", [process.execPath, "node_modules/ts7/bin/tsc", "--noEmit", "-p", "tsconfig.json"]],
  ["types of the page", [process.execPath, "node_modules/ts7/bin/tsc", "--noEmit", "-p", "runtime/ui/page"]],
  ["lint and format", ["npx", "--no-install", "biome", "check", "--error-on-warnings"]],
  ["import rules", [process.execPath, ".ci/import-rules.mjs"]],
  ["dead code", ["npx", "--no-install", "knip"]],
  ["code that only tests use", ["npx", "--no-install", "knip", "--production"]],
  ["package", [process.execPath, ".ci/build.mjs"]],
  ["tests", [process.execPath, ".ci/test.mjs"]],
];

for (const [name, [command, ...args]] of gates) {
  const started = Date.now();
  console.log(`== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`== ${name} failed`);
    process.exit(status ?? 1);
  }
  if (name !== "tests") console.log(`== ${name} passed in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
