// A trial of many steps for the contract of checkpoints.
import { z } from "zod";
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";

/** A loop of steps: rows, artifacts, named streams, steps that wait and steps that do not, and an end that comes early. */
export const stepping = defineExperiment({
  name: "stepping",
  parameters: { waits: sweep([true, false]), pace: sweep([5, 0.002]) },
  replicates: replicate(2, { seed: 81 }),
  metrics: { sum: metric.number(), done: metric.integer(), drawn: metric.number() },
  primary: "sum",
  series: { path: z.object({ index: z.int(), x: z.number() }) },
  async trial({ parameters, random, record, steps, effect, artifact }) {
    const noise = random.stream("noise");
    const state = await steps({
      total: 60,
      checkpoint: parameters.pace >= 1 ? parameters.pace : { seconds: parameters.pace, keep: 3 },
      initial: () => ({ x: random.float(), table: new Float64Array(5000), done: 0 }),
      step(state, index) {
        state.x += noise.normal() + random.float();
        state.table[index % 100] = state.x;
        if (index % 7 === 0) record("path", { index, x: state.x });
        if (index === 12) void artifact("early.txt", `x ${state.x}`);
        const next = { ...state, done: state.done + 1 };
        if (!parameters.waits) return next;
        // The tests kill the run here.
        return index % 10 === 9
          ? effect(`reached-${index}`, { index }).then(() => next)
          : Promise.resolve(next);
      },
      until: (_, done) => done === 47,
    });
    const sum = state.table.reduce((total, value) => total + value, 0);
    return { sum, done: state.done, drawn: random.float() };
  },
});
