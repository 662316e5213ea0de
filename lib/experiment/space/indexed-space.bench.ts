// How fast conditions are read: a worker reads one a trial, a resumed run finds one a record.
// Prints conditions a second and writes them as JSON to the path in BENCH_JSON, if any.
import { writeFileSync } from "node:fs";
import { between } from "../between.ts";
import { sweep } from "../sweep.ts";
import { conditionKeyOf } from "./condition-key.ts";
import type { SpaceInput } from "./condition-space.ts";
import { indexedSpaceOf } from "./indexed-space.ts";
import { cross, oneOf } from "./joined-spaces.ts";
import { latinHypercube } from "./sampled-spaces.ts";
import { readSpace } from "./space-input.ts";

const product = { firms: sweep([2, 3, 4]), discount: sweep([0, 0.5, 0.95]), seed: sweep.range(0, 100_000) };
const listed = {
  firms: sweep([2, 3, 4]),
  discount: sweep([0, 0.5, 0.95]),
  mode: sweep(["a", "b", "c", "d"]),
};
const branched = cross(
  { firms: sweep([2, 3]) },
  oneOf("algorithm", {
    q: { alpha: sweep([0.1, 0.2]), beta: sweep([1, 2]) },
    fixed: { price: sweep([1, 2, 3]) },
  }),
);
const sampled = latinHypercube({ alpha: between(0, 1), beta: between.log(1e-6, 1e-2) }, 1_000_000);

const results: Record<string, number> = {};

function measure(
  name: string,
  input: SpaceInput,
  use: (space: ReturnType<typeof indexedSpaceOf>, i: number) => unknown,
): void {
  const space = indexedSpaceOf(readSpace(input, null).tree);
  const count = 300_000;
  const rates: number[] = [];
  let sink: unknown = null;
  for (let round = 0; round < 7; round++) {
    const started = process.hrtime.bigint();
    for (let i = 0; i < count; i++) sink = use(space, i % space.size);
    rates.push((count / Number(process.hrtime.bigint() - started)) * 1e9);
  }
  if (sink === null) throw new Error("nothing was measured");
  results[name] = rates.sort((a, b) => a - b)[3] ?? 0;
  console.log(`${name.padEnd(36)} ${((results[name] ?? 0) / 1e6).toFixed(2).padStart(8)} M/s`);
}

measure("at, product of 3 lists", listed, (space, i) => space.at(i));
measure("at, product with a range", product, (space, i) => space.at(i));
measure("at, cross with oneOf", branched, (space, i) => space.at(i));
measure("at, Latin hypercube of 2", sampled, (space, i) => space.at(i));
measure("indexOf, product of 3 lists", listed, (space, i) => space.indexOf(space.at(i)));
measure("conditionKeyOf, product of 3 lists", listed, (space, i) => conditionKeyOf(space.at(i)));
if (process.env.BENCH_JSON !== undefined)
  writeFileSync(process.env.BENCH_JSON, JSON.stringify(results, null, 2));
