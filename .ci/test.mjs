// The thin runner over uvu: every *.test.ts in a process of its own, with a time limit. uvu alone exits 0 on a file that forgot
// test.run() or matched nothing; here a file with zero tests fails, one that ends early too, a hung file is killed, what failed is printed
// once more at the end, and the last line is `N passed, N failed, N skipped`. Up to three files that fail beside others run again alone:
// what fails then has failed, and what passes is named as a race.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const runner = fileURLToPath(new URL("run-test-file.mjs", import.meta.url));
const timeoutMs = Number(process.env.TEST_TIMEOUT_MS ?? 600_000);
// One more than the cores: files that run programs and services wait for them a good part of their time.
const parallel = Number(process.env.TEST_JOBS ?? availableParallelism() + 1);
const inCi = process.env.CI === "true";
const patterns = process.argv.slice(2);

function* testFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (["node_modules", "dist", ".lab", ".git", "errors"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* testFiles(path);
    else if (/[.]test[.]ts$/.test(entry.name)) yield relative(root, path);
  }
}

function runFile(file) {
  return new Promise((done) => {
    const started = Date.now();
    const child = spawn(process.execPath, ["--import", "tsx", runner, file], {
      cwd: root,
      detached: true,
      env: { ...process.env, FORCE_COLOR: "0", NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let output = "";
    let told = "";
    let hung = false;
    child.stdio[3].on("data", (bytes) => (told += bytes));
    child.stdout.on("data", (bytes) => (output += bytes));
    child.stderr.on("data", (bytes) => (output += bytes));
    const timer = setTimeout(() => {
      hung = true;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {}
    }, timeoutMs);
    child.on("close", (code) => {
      clearTimeout(timer);
      const {
        total,
        passed,
        skipped: left,
      } = told === "" ? { total: 0, passed: 0, skipped: 0 } : JSON.parse(told);
      const skippedByReason = [...output.matchAll(/^\s*skipped: needs .+$/gm)].map((match) =>
        match[0].trim(),
      );
      const skipped = left + skippedByReason.length;
      const problems = [];
      if (hung) problems.push(`did not end within ${timeoutMs / 1000} s and was killed`);
      if (told === "" && !hung) problems.push("ended before its tests did");
      else if (total === 0) problems.push("ran zero tests (is test.run() missing?)");
      if (code !== 0 && !hung) problems.push(`ended with code ${code}`);
      if (inCi && skipped > 0) problems.push(`skipped in CI: ${skippedByReason.join("; ") || "test.skip"}`);
      const failed = problems.length > 0 ? Math.max(1, total - passed) : total - passed;
      done({ file, passed, failed, skipped, problems, output, seconds: (Date.now() - started) / 1000 });
    });
  });
}

// Files that run programs take longest and come first, so that the end of the run is not one of them alone.
const runsPrograms = (file) => /^runtime.(execute|testing|ui)\b/.test(file);
const files = [...testFiles(root)]
  .filter((file) => patterns.length === 0 || patterns.some((part) => file.includes(part)))
  .sort((a, b) => runsPrograms(b) - runsPrograms(a) || (a < b ? -1 : 1));
if (files.length === 0) {
  console.error(`no test file matches ${patterns.join(" ")}`);
  process.exit(1);
}
function tell({ file, passed, failed, problems, output, seconds }) {
  console.log(`${(failed > 0 ? "FAIL" : "ok").padEnd(5)}${file}  ${passed} passed  ${seconds.toFixed(1)} s`);
  if (failed === 0) return;
  for (const problem of problems) console.log(`     ${problem}`);
  console.log(output.replace(/^/gm, "     "));
}

const queue = [...files];
const results = [];
async function drain() {
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const result = await runFile(file);
    results.push(result);
    tell(result);
    for (const line of result.output.match(/^\s*skipped: needs .+$/gm) ?? [])
      console.log(`     ${line.trim()}`);
  }
}
await Promise.all(Array.from({ length: parallel }, drain));

const failing = results.filter((result) => result.failed > 0);
if (files.length > 1 && failing.length <= 3)
  for (const result of failing) {
    const alone = await runFile(result.file);
    if (alone.failed > 0) continue;
    results[results.indexOf(result)] = alone;
    console.log(`RACE ${result.file}: failed beside others, as told above, and passed alone`);
  }
const sum = (pick) => results.reduce((total, result) => total + pick(result), 0);
const failed = sum((result) => result.failed);
// Hundreds of lines lie between the first that failed and the end.
if (failed > 0 && results.length > 20) for (const result of results) if (result.failed > 0) tell(result);
console.log(
  `${sum((result) => result.passed)} passed, ${failed} failed, ${sum((result) => result.skipped)} skipped`,
);
process.exit(failed > 0 ? 1 : 0);
