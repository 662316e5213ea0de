// What runs while faults are done to a farm or to machines of ssh: many short trials with series, and long ones that save states and leave files.
import { ran } from "./farm-rig.mjs";

export const experiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

function spin(milliseconds: number, start: number): number {
  let value = start;
  for (let round = 0; round < milliseconds * 25_000; round += 1) value = (value * 3.9 * (1 - value)) % 1;
  return value;
}
const state = z.object({ lap: z.int(), total: z.number() });

export const short = defineExperiment({
  name: "short",
  parameters: { steps: sweep([10, 40]) },
  replicates: replicate(3000, { seed: 7 }),
  metrics: { distance: metric.number() },
  series: { path: z.object({ step: z.int(), position: z.number() }) },
  trial({ parameters, random, record }) {
    let position = spin(2, random.float());
    for (let step = 0; step < parameters.steps; step += 10) {
      position += random.normal();
      record("path", { step, position });
    }
    return { distance: position };
  },
});

export const long = defineExperiment({
  name: "long",
  parameters: { pace: sweep([1, 2]) },
  replicates: replicate(60, { seed: 3 }),
  metrics: { total: metric.number() },
  async trial({ parameters, random, checkpoint, restore, artifact }) {
    const saved = await restore(state);
    let total = saved?.total ?? 0;
    for (let lap = saved?.lap ?? 0; lap < 5; lap += 1) {
      total += spin(parameters.pace * 40, random.float());
      await checkpoint({ lap: lap + 1, total });
    }
    await artifact("result.txt", String(total));
    return { total };
  },
});
`;

/** All that was recorded, as text; throws where a trial has two records. */
export function resultsOf(root) {
  const query = (sql) => ran(root, "query", "--format", "csv", sql);
  const counted = query("select count(*), count(distinct (experiment, condition, replicate)) from trials");
  const [, rows, trials] = /\n(\d+),(\d+)/.exec(counted);
  if (rows !== trials || rows !== "6120") throw new Error(`${rows} records of ${trials} trials, not 6120`);
  const columns = "experiment, condition, replicate, outcome, distance, total";
  const series = ran(root, "export", "csv", "short", "--series", "path").split("\n").sort().join("\n");
  return query(`select ${columns} from trials order by all`) + series;
}
