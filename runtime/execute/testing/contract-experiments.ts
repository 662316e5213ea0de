// The experiments that every executor must run: each ends its trials in one of the ways in which trials end.
import { z } from "zod";
import { defineExperiment, metric, type Random, randomFrom, replicate, sweep } from "../../../lib/index.ts";

/** Plain trials with series, streams and every type of metric. */
export const plain = defineExperiment({
  name: "plain",
  parameters: { size: sweep([1, 2, 3]), kind: sweep(["a", "b"]), fixed: 7 },
  replicates: replicate(20, { seed: 11 }),
  primary: "total",
  metrics: {
    total: metric.number(),
    count: metric.integer({ range: [0, 100] }),
    even: metric.boolean(),
    last: metric.category(["low", "high"]),
    maybe: metric.number({ optional: true }),
  },
  series: { steps: z.object({ step: z.int(), value: z.number(), note: z.string().optional() }) },
  trial({ parameters, replicate: { index, seed }, random, record, artifact, log }) {
    let total = (seed % 1000) + parameters.fixed;
    const own = random.stream("own", index % 3);
    for (let step = 0; step < parameters.size * 3; step++) {
      const value = random.normal() + own.float();
      total += value;
      record("steps", { step, value, ...(step === 2 && { note: parameters.kind }) });
    }
    if (index === 4) artifact("total.txt", `${total}`);
    if (index === 5) log(`total ${total}`);
    if (index === 6) console.log("printed", parameters.size);
    const even = Math.round(total) % 2 === 0;
    const last: "high" | "low" = total > 500 ? "high" : "low";
    return { total, count: parameters.size, even, last, maybe: even ? total : null };
  },
});

/** Every way to end without a measurement that leaves the thread alive. */
export const endings = defineExperiment({
  name: "endings",
  parameters: {
    way: sweep([
      "fine",
      "throws",
      "rejects",
      "missing",
      "not-finite",
      "wrong-type",
      "out-of-range",
      "extra",
      "bad-row",
      "caught-bad-row",
      "refused",
      "censored",
      "stopped",
      "late",
      "not-json",
    ]),
  },
  replicates: replicate(2, { seed: 5 }),
  primary: "score",
  metrics: { score: metric.number({ range: [0, 10] }), steps: metric.integer({ optional: true }) },
  series: { rows: z.object({ x: z.number() }) },
  onRecord: ({ parameters, stop }) => ({
    rows: ({ x }) => {
      if (parameters.way === "stopped" && x >= 3) stop({ score: x, steps: null });
    },
  }),
  trial({ parameters, record, censored, refuse, effect }): never {
    // What each way returns is what this experiment is about; the types would forbid most of it.
    const ways: Record<string, () => unknown> = {
      fine: () => ({ score: 1, steps: 2 }),
      throws: () => {
        throw new RangeError("no root in 0..1");
      },
      rejects: async () => {
        await null;
        throw new Error("rejected later");
      },
      missing: () => ({ steps: 1 }),
      "not-finite": () => ({ score: Number.NaN, steps: 1 }),
      "wrong-type": () => ({ score: 1, steps: 1.5 }),
      "out-of-range": () => ({ score: 11, steps: 1 }),
      extra: () => ({ score: 1, steps: 1, scoer: 2 }),
      "bad-row": () => {
        record("rows", { x: "one" } as never);
        return { score: 1, steps: 1 };
      },
      "caught-bad-row": () => {
        try {
          record("rows", { x: Number.POSITIVE_INFINITY });
        } catch {
          return { score: 1, steps: 1 };
        }
        return { score: 2, steps: 1 };
      },
      refused: () => refuse("no market"),
      censored: () => censored({ metric: "score", bound: 9, metrics: { steps: 4 } }),
      stopped: () => {
        for (let x = 0; ; x++) record("rows", { x });
      },
      late: async () => {
        setTimeout(() => record("rows", { x: 1 }), 1);
        void Promise.reject(new Error("nobody waits for this")).catch(() => undefined);
        return { score: 1, steps: 1 };
      },
      "not-json": () => effect("call", { f: () => 1 } as never, { perform: async () => 1 }),
    };
    return ways[parameters.way]?.() as never;
  },
});

/** Trials that take their thread, or the whole host, down: one in `every`. */
export const deadly = defineExperiment({
  name: "deadly",
  parameters: { way: sweep(["exit", "spin", "hang", "memory", "crash", "burst"]) },
  replicates: replicate(4, { seed: 3 }),
  metrics: { score: metric.number() },
  async trial({ parameters, replicate: { index }, random, signal }) {
    const score = random.float();
    if (index !== 2) return { score };
    switch (parameters.way) {
      case "exit":
        process.exit(7);
        break;
      case "spin":
        for (;;) Math.sqrt(index);
      case "hang":
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        await new Promise(() => undefined);
        break;
      case "memory": {
        const kept: number[][] = [];
        for (;;) kept.push(new Array(100_000).fill(index + 0.5));
      }
      case "crash":
        process.kill(process.pid, "SIGSEGV");
        await new Promise(() => undefined);
        break;
      // More at once than V8 can make room for ends the process, not the thread.
      case "burst": {
        const kept: number[][] = [];
        for (;;) kept.push(new Array(8_000_000).fill(index + 0.5));
      }
    }
    return { score };
  },
});

/** Trials that draw on earlier stages, one of which fails for one condition. */
export const staged = defineExperiment({
  name: "staged",
  parameters: { level: sweep([1, 2, 3]) },
  replicates: replicate(2, { seed: 9 }),
  metrics: { score: metric.number() },
  stages: ({ stage }) => {
    const prepare = stage({ per: "build", run: ({ random }) => ({ base: random.integer(0, 9) }) });
    const train = stage({
      per: "condition",
      needs: { prepare },
      run({ parameters, inputs }) {
        if (parameters.level === 2) throw new Error("does not converge");
        return { weight: inputs.prepare.base + 10 * parameters.level };
      },
    });
    return { prepare, train };
  },
  trial: ({ inputs, random }) => ({ score: inputs.train.weight + inputs.prepare.base + random.float() }),
});

/** Draws on the rows of another experiment. */
export const pooled = defineExperiment({
  name: "pooled",
  parameters: { scale: sweep([1, 10]) },
  metrics: { sum: metric.number() },
  needs: { staged },
  trial({ parameters, inputs }) {
    const sum = inputs.staged.reduce((total, row) => total + row.metrics.score * row.parameters.level, 0);
    return { sum: sum * parameters.scale };
  },
});

/** Trials that wait on the world: those whose effects the controller performs, many at once. */
export const waiting = defineExperiment({
  name: "waiting",
  parameters: { rounds: sweep([1, 3]), ways: sweep(["own", "controller", "fails", "repeats"]) },
  replicates: replicate(6, { seed: 21 }),
  metrics: { sum: metric.number() },
  async trial({ parameters, effect, random }) {
    let sum = 0;
    for (let round = 0; round < parameters.rounds; round++) {
      const request = { round, bid: random.integer(1, 1000) };
      const key = parameters.ways === "repeats" ? "same" : `round-${round}`;
      const perform = async (asked: unknown): Promise<unknown> => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (parameters.ways === "fails") throw new Error("the line is dead");
        return { price: (asked as { bid: number }).bid * 2 };
      };
      const options = {
        response: z.object({ price: z.number() }),
        ...(parameters.ways === "controller" ? {} : { perform: perform as never }),
      };
      const { price } = await effect(key, request, options);
      sum += price;
    }
    return { sum };
  },
});

/** A long trial that saves its state and may be killed between two saves; its result must not show it. */
export const saving = defineExperiment({
  name: "saving",
  parameters: { length: sweep([10, 20]), kilobytes: 64 },
  replicates: replicate(2, { seed: 77 }),
  metrics: { sum: metric.number(), drawn: metric.number() },
  series: { path: z.object({ step: z.int(), x: z.number() }) },
  async trial({ parameters, random, record, checkpoint, restore, effect, artifact }) {
    const noise = random.float();
    const saved = (await restore()) as { step: number; x: number; table: Float64Array } | null;
    let { step, x } = saved ?? { step: 0, x: noise };
    const table = saved?.table ?? new Float64Array(parameters.kilobytes * 128);
    for (; step < parameters.length; step++) {
      if (step % 5 === 0) {
        await checkpoint({ step, x, table });
        // Counts how often each step is reached; the tests kill the run here.
        await effect(`reached-${step}`, { step });
      }
      x += random.normal();
      table[step % table.length] = x;
      if (step === 3) artifact("early.txt", `x ${x}`);
      record("path", { step, x });
    }
    return { sum: table.reduce((total, value) => total + value, 0), drawn: random.float() };
  },
});

/** Each trial a program of its own, drawn from its seed: over many streams, with checkpoints here and there. */
export const wandering = defineExperiment({
  name: "wandering",
  parameters: { steps: 60 },
  replicates: replicate(60, { seed: 79, pairing: "common-random-numbers" }),
  metrics: { sum: metric.number() },
  async trial({ parameters, replicate: { index, seed }, random, checkpoint, restore, effect }) {
    const program = randomFrom(seed);
    const streamOf = (at: number): Random => {
      const own = random.stream("s", at % 5, { own: at % 2 === 0 });
      return at % 3 === 0 ? own.stream("inner", at % 2) : at % 7 === 0 ? random : own;
    };
    // Some streams are asked for before the state comes back, others after, and all of them more than once.
    let sum = 0;
    for (let at = 0; at < seed % 4; at++) sum += streamOf(at).float();
    const saved = (await restore()) as { step: number; sum: number } | null;
    for (let step = 0; step < parameters.steps; step++) {
      const at = program.integer(0, 40);
      const isSaved = program.boolean(0.1);
      const isReached = program.boolean(0.1);
      if (step < (saved?.step ?? 0)) continue;
      if (saved !== null && step === saved.step) sum = saved.sum;
      sum += streamOf(at).float();
      if (isSaved) await checkpoint({ step: step + 1, sum });
      if (isReached) await effect(`reached-${step}`, { index });
    }
    return { sum };
  },
});

/** A trial whose watcher counts the rows of two series and stops it; killed and restored, it must stop at the same row. */
export const watched = defineExperiment({
  name: "watched",
  parameters: { scale: sweep([1, 3]) },
  replicates: replicate(2, { seed: 78 }),
  metrics: { seen: metric.integer(), mixed: metric.number() },
  primary: "mixed",
  series: { path: z.object({ x: z.number() }), marks: z.object({ y: z.number() }) },
  onRecord: ({ stop }) => {
    let seen = 0;
    let mixed = 0;
    return {
      path({ x }) {
        seen += 1;
        mixed = mixed / 2 + x;
        if (seen === 17) stop({ seen, mixed });
      },
      marks({ y }) {
        mixed -= y;
      },
    };
  },
  async trial({ parameters, random, record, checkpoint, restore, effect }) {
    const saved = (await restore()) as { step: number } | null;
    for (let step = saved?.step ?? 0; step < 40; step++) {
      if (step % 5 === 0) {
        await checkpoint({ step });
        await effect(`reached-${step}`, { step });
      }
      record("path", { x: parameters.scale * random.normal() });
      if (step % 3 === 0) record("marks", { y: random.float() });
    }
    return { seen: 0, mixed: 0 };
  },
});

/** One trial in six never ends. */
export const hanging = defineExperiment({
  name: "hanging",
  parameters: {},
  replicates: replicate(6, { seed: 4 }),
  metrics: { score: metric.number() },
  async trial({ replicate: { index }, random, signal }) {
    if (index === 2) {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      await new Promise(() => undefined);
    }
    return { score: random.float() };
  },
});

/** Errors out of nowhere: while the trial waits, and after it has ended. */
export const stray = defineExperiment({
  name: "stray",
  parameters: { when: sweep(["never", "during", "after", "thrown"]) },
  replicates: replicate(2, { seed: 6 }),
  metrics: { score: metric.number() },
  async trial({ parameters, random }) {
    const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    const fail = async (ms: number): Promise<void> => {
      await wait(ms);
      throw new Error(`stray ${parameters.when}`);
    };
    if (parameters.when === "during") void fail(5);
    if (parameters.when === "after") void fail(40);
    if (parameters.when === "thrown")
      setTimeout(() => {
        throw new Error("stray thrown");
      }, 5);
    await wait(20);
    return { score: random.float() };
  },
});

/** One call whose answer may be lost, that may be sent again. */
export const doubting = defineExperiment({
  name: "doubting",
  parameters: {},
  metrics: { got: metric.number() },
  trial: async ({ effect }) => ({ got: await effect<number>("call", { n: 1 }) }),
});

/** One call whose answer may be lost, that may not. */
export const certain = defineExperiment({
  name: "certain",
  parameters: {},
  metrics: { got: metric.number() },
  trial: async ({ effect }) => ({ got: await effect<number>("call", { n: 1 }, { inDoubt: "fail" }) }),
});

/** A checkpoint just below the limit, and one above. */
export const heavy = defineExperiment({
  name: "heavy",
  parameters: { bytes: sweep([10_485_000, 10_486_000]) },
  metrics: { kept: metric.integer() },
  async trial({ parameters, checkpoint, restore }) {
    const state = new Uint8Array(parameters.bytes).fill(7);
    state[parameters.bytes - 1] = 9;
    await checkpoint({ state });
    const back = (await restore()) as { state: Uint8Array };
    const isSame = back.state.length === state.length && back.state[5] === 7 && back.state.at(-1) === 9;
    return { kept: isSame ? 1 : 0 };
  },
});

/** A hundred trials of ten milliseconds. */
export const slow = defineExperiment({
  name: "slow",
  parameters: { ms: 10 },
  replicates: replicate(100, { seed: 1 }),
  metrics: { score: metric.number() },
  trial({ parameters, random }) {
    const until = performance.now() + parameters.ms;
    while (performance.now() < until);
    return { score: random.float() };
  },
});

export { buffered } from "./buffered-experiment.ts";
export { asking, counted, crowd, fickle, stubborn } from "./effect-experiments.ts";
export { leaving } from "./leaving-experiment.ts";

export { misbehaving, patching, speaking, stuck } from "./misbehaving-experiments.ts";

export { stepping } from "./stepping-experiment.ts";
