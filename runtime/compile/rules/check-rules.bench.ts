// What the rules cost over twenty experiments, against parsing the same files: the floor below which no rule can go.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { locateExperiments } from "../check/locate.ts";
import { sourceFileOf } from "../typescript/project.ts";
import { checkRules } from "./check-rules.ts";
import { experiment } from "./testing/snippet.ts";

const root = mkdtempSync(path.join(tmpdir(), "lab-rules-bench-"));
const files = Array.from({ length: 20 }, (_, i) => `e${i}.experiment.ts`);
// About 200 lines each: helpers that call each other, a class, a loop over rounds.
const helpers = Array.from(
  { length: 30 },
  (_, i) =>
    `function step${i}(x: number): number {\n  const prices = [x, ${i}];\n  prices.push(x * 2);\n  return ${i === 0 ? "x" : `step${i - 1}(x)`} + (prices[0] ?? 0);\n}`,
);
const head = `${helpers.join("\n")}\nclass Agent {\n  q = [0];\n  learn(x: number): void {\n    this.q[0] = step29(x);\n  }\n}`;
const body = "const agent = new Agent();\n    for (let round = 0; round < 100; round++) agent.learn(round);";
const text = experiment({ head, body });
for (const file of files) writeFileSync(path.join(root, file), text);

const parsingFrom = performance.now();
for (const file of files) sourceFileOf(root, file);
const parsingMs = performance.now() - parsingFrom;
const experiments = locateExperiments(root, files);
const rulesFrom = performance.now();
const { diagnostics: found } = checkRules({ root, files, experiments });
const rulesMs = performance.now() - rulesFrom;
rmSync(root, { recursive: true });

const result = {
  experiments: files.length,
  lines: files.length * text.split("\n").length,
  diagnostics: found.length,
  parsingMs: Number(parsingMs.toFixed(1)),
  rulesMs: Number(rulesMs.toFixed(1)),
  rulesOverParsing: Number((rulesMs / parsingMs).toFixed(2)),
};
console.log(`rules ${result.rulesMs} ms, parsing ${result.parsingMs} ms: ratio ${result.rulesOverParsing}`);
if (process.env.BENCH_OUT !== undefined)
  writeFileSync(process.env.BENCH_OUT, JSON.stringify(result, null, 2));
else console.log(JSON.stringify(result));
