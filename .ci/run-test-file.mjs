// Runs one test file and tells test.mjs, on file descriptor 3, what came of it: counts and failures as uvu gives them, not as they are
// printed, so that nothing that a test prints is taken for a result and a file that ends early is no success. Laws draw the same cases
// each time, so that what the gate says of a commit stays true; laws.mjs has them draw others.
import { writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { configureGlobal } from "fast-check";

configureGlobal({ seed: Number(process.env.LAWS_SEED ?? 1) });

// uvu's own contract with a runner: with the queue deferred, suites that call run() wait in it.
globalThis.UVU_DEFER = 1;
globalThis.UVU_INDEX = 0;
globalThis.UVU_QUEUE = [[null]];
await import(pathToFileURL(process.argv[2]).href);

const sum = { total: 0, passed: 0, skipped: 0 };
for (const suite of globalThis.UVU_QUEUE[0].slice(1)) {
  const [errors, passed, skipped, total] = await suite();
  if (typeof errors === "string") process.stdout.write(`\n${errors}\n`);
  sum.total += total;
  sum.passed += passed;
  sum.skipped += skipped;
}
writeSync(3, JSON.stringify(sum));
process.exitCode = sum.passed < sum.total ? 1 : 0;
