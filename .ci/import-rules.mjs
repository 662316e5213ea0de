// The written architecture, checked: dependency-cruiser over our folders. It fails when it sees no modules, which is what a
// broken TypeScript set-up looks like from outside.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const { stdout, stderr } = spawnSync(
  "npx",
  [
    "--no-install",
    "depcruise",
    "lib",
    "runtime",
    "reports",
    "experiments",
    "--config",
    ".dependency-cruiser.mjs",
    // Experiments that are wrong on purpose.
    "--exclude",
    "^runtime/compile/errors/",
    "--output-type",
    "json",
  ],
  {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  },
);
let summary;
try {
  ({ summary } = JSON.parse(stdout));
} catch {
  console.error(stderr || stdout);
  process.exit(1);
}
for (const violation of summary.violations) {
  console.log(`${violation.rule.severity} ${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
console.log(
  `${summary.totalCruised} modules, ${summary.totalDependenciesCruised} dependencies, ${summary.error} errors`,
);
const edgesExpected = summary.totalCruised > 50 && summary.totalDependenciesCruised > 100;
if (!edgesExpected) console.error("too few modules or dependencies were seen: is TypeScript resolvable?");
process.exit(summary.error > 0 || !edgesExpected ? 1 : 0);
