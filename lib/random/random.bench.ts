// How long a trial waits for its numbers: seeding a unit, drawing, opening a stream.
// Prints nanoseconds an operation and writes them as JSON to the path in BENCH_JSON, if any.
import { writeFileSync } from "node:fs";
import { randomFrom, randomOf } from "./random.ts";
import { conditionHashOf, seedStemOf, trialSeedOf } from "./seed-of.ts";

const stem = seedStemOf({ root: 1, experiment: "bench", stage: "trial" });
const condition = conditionHashOf('{"discount":0.95,"firms":2}');
const random = randomFrom(1);
let sink = 0;

const operations: Readonly<Record<string, (i: number) => void>> = {
  "trial seed": (i) => {
    sink += trialSeedOf(stem, { condition, replicate: i })[0];
  },
  "condition hash": (i) => {
    sink += conditionHashOf(`{"discount":0.95,"firms":${i}}`)[0];
  },
  "random of a trial": (i) => {
    sink += randomOf({ stem, condition, replicate: i, pairing: "independent" }).float();
  },
  float: () => {
    sink += random.float();
  },
  "Math.random": () => {
    sink += Math.random();
  },
  "integer 1 to 6": () => {
    sink += random.integer(1, 6);
  },
  normal: () => {
    sink += random.normal();
  },
  stream: (i) => {
    sink += random.stream("agent", i & 7).float();
  },
};

const results: Record<string, number> = {};
for (const [name, operation] of Object.entries(operations)) {
  const times: number[] = [];
  for (let round = 0; round < 7; round++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < 300_000; i++) operation(i);
    times.push(Number(process.hrtime.bigint() - started) / 300_000);
  }
  results[name] = times.sort((a, b) => a - b)[3] ?? 0;
  console.log(`${name.padEnd(20)} ${results[name].toFixed(1).padStart(8)} ns`);
}
if (!Number.isFinite(sink)) console.log(sink);
if (process.env.BENCH_JSON !== undefined)
  writeFileSync(process.env.BENCH_JSON, JSON.stringify(results, null, 2));
