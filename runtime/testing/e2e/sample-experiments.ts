// Experiments that the end-to-end tests run, as their authors would write them.

/** Quick, pure, common random numbers; two factors. */
export const walk = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "walk",
  question: "How far does a drunkard get?",
  parameters: { steps: sweep([10, 40]), bias: sweep([0, 0.2]) },
  replicates: replicate(5, { seed: 7, pairing: "common-random-numbers" }),
  metrics: { distance: metric.number(), turned: metric.boolean() },
  primary: "distance",
  series: { path: z.object({ step: z.int(), position: z.number() }) },
  trial({ parameters, random, record }) {
    const start = 0;
    let position = start;
    let turned = false;
    for (let step = 1; step <= parameters.steps; step += 1) {
      position += random.float() < 0.5 + parameters.bias ? 1 : -1;
      if (position < 0) turned = true;
      record("path", { step, position });
    }
    return { distance: Math.abs(position), turned };
  },
  analyses: ({ compare }) => [compare("distance", { across: "bias", baseline: 0 })],
});
`;

/** Stages, series, artifacts and checkpoints, with trials long enough to be killed in. */
export const relay = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
import { spin } from "./spin.ts";

const state = z.object({ lap: z.int(), total: z.number() });

export default defineExperiment({
  name: "relay",
  parameters: { pace: sweep([1, 2]), team: sweep(["red", "blue"]) },
  replicates: replicate(6, { seed: 3 }),
  metrics: { total: metric.number(), course: metric.number() },
  primary: "total",
  series: { laps: z.object({ lap: z.int(), time: z.number() }) },
  stages: ({ stage }) => {
    const prepare = stage({
      per: "condition",
      uses: ["pace"],
      run: ({ parameters, random }) => ({ course: spin(parameters.pace * 4, random.float()) }),
    });
    return { prepare };
  },
  async trial({ parameters, random, record, checkpoint, restore, artifact, inputs, log }) {
    const wind = random.stream("wind", parameters.team);
    const saved = await restore(state);
    let total = saved?.total ?? 0;
    for (let lap = saved?.lap ?? 0; lap < 5; lap += 1) {
      const time = spin(parameters.pace * 6, random.float());
      // One stream that is opened before the state is restored, and one that is opened anew in every lap.
      total += time + wind.float() * random.stream("ground", { own: true }).stream("grain").float();
      record("laps", { lap, time });
      log("in lap " + lap);
      await checkpoint({ lap: lap + 1, total });
      log("saved lap " + lap);
    }
    artifact("result.txt", parameters.team + " " + total);
    return { total, course: inputs.prepare.course };
  },
});
`;

/** Work that takes about \`milliseconds\` and whose value depends on the start only. */
export const spin = `export function spin(milliseconds: number, start: number): number {
  let value = start;
  for (let round = 0; round < milliseconds * 25_000; round += 1) value = (value * 3.9 * (1 - value)) % 1;
  return value;
}
`;

/** Every way for a trial to go wrong, beside trials that do not. */
export const troubled = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "troubled",
  parameters: { mode: sweep(["fine", "throws", "hangs", "exits", "segfaults", "hoards", "not-a-number", "refuses", "censors"]) },
  replicates: replicate(3, { seed: 11 }),
  metrics: { value: metric.number() },
  trial({ parameters, random, replicate, censored, refuse }) {
    const value = random.float();
    // One replicate of each mode goes wrong; the others must come out as if it had not.
    const mode: string = replicate.index === 1 ? parameters.mode : "fine";
    if (mode === "throws") throw new Error("the model diverged");
    if (mode === "hangs") for (;;) Math.sqrt(value);
    // lab-allow process-in-trial, machine-in-trial: the test wants to see the process end
    if (mode === "exits") (globalThis as unknown as { process: { exit(code: number): never } }).process.exit(7);
    // lab-allow process-in-trial, machine-in-trial: the test wants to see the process end
    if (mode === "segfaults") (globalThis as unknown as { process: { pid: number; kill(pid: number, signal: string): never } }).process.kill((globalThis as unknown as { process: { pid: number } }).process.pid, "SIGSEGV");
    if (mode === "hoards") {
      const hoard: number[][] = [];
      for (;;) hoard.push(new Array<number>(500_000).fill(value));
    }
    if (mode === "not-a-number") return { value: Number.NaN };
    if (mode === "refuses") return refuse("no answer here");
    if (mode === "censors") return censored({ metric: "value", bound: 1 });
    return { value };
  },
});
`;
