// What types rule out and JavaScript allows: any value at any place of a definition is a problem or is sound, and never a throw.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { between } from "./between.ts";
import { defineExperiment } from "./define-experiment.ts";
import type { ExperimentDefinition } from "./definition.ts";
import { metric } from "./metric.ts";
import type { DefinitionProblem } from "./problem.ts";
import { replicate } from "./replicate.ts";
import * as design from "./space/sampled-spaces.ts";
import * as space from "./space/space-door.ts";
import { sweep } from "./sweep.ts";

type Anything = (...args: unknown[]) => unknown;
type Door = Readonly<Record<string, Anything>>;

const define = defineExperiment as unknown as (options: unknown) => ExperimentDefinition;
const sound = {
  name: "forced",
  parameters: { a: sweep([1, 2]), kind: sweep(["x", "y"]) },
  metrics: { m: metric.number(), n: metric.integer() },
  primary: "m",
  series: { path: z.object({ t: z.int(), x: z.number() }) },
  trial: () => ({ m: 1, n: 2 }),
};

/** `expect(...args)` and the gate of that name. */
const gate = (door: Door, args: readonly unknown[], name: string): Anything => {
  const gates = door.expect?.(...args) as Door;
  return (...given) => gates[name]?.(...given);
};

const problemsOf = (options: object): readonly DefinitionProblem[] =>
  define({ ...sound, ...options }).problems;

/** JSON, and what is none. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.anything(),
  fc.constantFrom<unknown>(
    "m",
    "a",
    () => 1,
    Symbol("s"),
    1n,
    new Date(0),
    z.date(),
    sweep([1]),
    metric.number(),
    between(0, 1),
    replicate(2),
    { kind: "labwright/metric" },
    { kind: "labwright/space" },
    { kind: "labwright/sweep" },
    { kind: "labwright/replication" },
    { kind: "labwright/analysis" },
  ),
);

const isText = (value: unknown): boolean => typeof value === "string";
const isRecord = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** For JSON at each documented key: whether it is sound there. Undefined: it depends on what it holds. */
const soundJson: Readonly<Record<string, (value: unknown) => boolean | undefined>> = {
  name: (value) => (isText(value) ? undefined : false),
  description: isText,
  question: isText,
  tags: (value) => (Array.isArray(value) ? value.length === 0 || undefined : false),
  parameters: (value) => (isRecord(value) ? undefined : false),
  replicates: () => false,
  metrics: () => false,
  primary: (value) => value === "m" || value === "n",
  series: (value) => isRecord(value) && Object.keys(Object(value)).length === 0,
  needs: (value) => isRecord(value) && Object.keys(Object(value)).length === 0,
  stages: () => false,
  onRecord: () => false,
  trial: () => false,
  analyses: () => false,
};

for (const [key, isSound] of Object.entries(soundJson)) {
  test(`any JSON at "${key}" is sound or has a problem, and anything else is no throw`, () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const problems = problemsOf({ [key]: value });
        const expected = isSound(value);
        if (expected !== undefined) assert.is(problems.length === 0, expected, JSON.stringify(problems));
      }),
    );
    fc.assert(fc.property(anything, (value) => Array.isArray(problemsOf({ [key]: value }))));
  });
}

test("what throws when it is read is a problem", () => {
  const trap = (key: string): object =>
    Object.defineProperty({}, key, {
      enumerable: true,
      get: () => {
        throw new Error("read");
      },
    });
  for (const key of Object.keys(soundJson)) {
    const problems = define(Object.defineProperties(trap(key), without(key))).problems;
    assert.is(problems.filter(({ code }) => code === "bad-definition").length, 1, key);
  }
  for (const key of ["parameters", "metrics", "series", "needs"])
    assert.ok(problemsOf({ [key]: trap("x") }).length > 0, key);
});

/** The sound definition's own keys but one. */
function without(key: string): PropertyDescriptorMap {
  const { [key]: _, ...others } = Object.getOwnPropertyDescriptors(sound) as PropertyDescriptorMap;
  return others;
}

test("what is no definition at all has one problem a missing key, or one", () => {
  for (const given of [undefined, null, 3, "walk", [], () => 1])
    assert.equal(
      define(given).problems.map(({ code, subject }) => [code, subject]),
      [["bad-definition", ""]],
      String(given),
    );
  assert.equal(
    define({}).problems.map(({ code, subject }) => `${code} ${subject}`),
    ["bad-definition name", "bad-definition parameters", "bad-definition trial", "no-metrics metrics"],
  );
});

test("a key that nothing reads is a problem that names the nearest", () => {
  const [problem, ...others] = problemsOf({ trail: () => 1 });
  assert.equal(others, []);
  assert.is(problem?.subject, "trail");
  assert.ok(problem?.candidates.includes("trial"));
});

/** Sound calls of the door; each argument and option is replaced by anything in turn. */
const calls: Readonly<Record<string, readonly unknown[]>> = {
  compare: ["m", { across: "a", baseline: 1, tests: "classical", alternative: "less", correction: "none" }],
  mainEffect: ["kind", { metric: "n", by: ["a"], name: "own", confidence: 0.9, exploratory: true }],
  interaction: [["a", "kind"], { metric: "m", where: { a: 1 }, block: "kind", cluster: "a" }],
  equivalent: ["m", { across: "kind", baseline: "x", margin: 0.1 }],
  curve: [
    "path",
    { x: "t", y: "x", across: "a", summary: "median", band: "interval", impulseAt: 3, after: "last" },
  ],
  relation: ["m", "a", { scale: "log" }],
  profile: ["m", { across: "a", tasks: ["kind"], baseline: 1, normalise: { low: 0, high: 1 } }],
  custom: ["spread", () => ({}), { confidence: 0.9, exploratory: false }],
  chart: ["picture", () => ({ mark: "bar" }), { exploratory: true }],
};

for (const [name, args] of Object.entries(calls)) {
  const problemsWith = (changed: readonly unknown[]): readonly DefinitionProblem[] =>
    problemsOf({ analyses: (door: Door) => [door[name]?.(...changed)] });
  const places = args.flatMap((arg, i) =>
    isRecord(arg)
      ? [[i, null] as const, ...Object.keys(Object(arg)).map((key) => [i, key] as const)]
      : [[i, null] as const],
  );
  const replaced = ([i, key]: readonly [number, string | null], value: unknown): readonly unknown[] =>
    args.map((arg, j) => (i !== j ? arg : key === null ? value : { ...Object(arg), [key]: value }));

  test(`${name}(...) takes what is documented, and any wrong type is one problem`, () => {
    assert.equal(problemsWith(args), []);
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, (place, value) => {
        problemsWith(replaced(place, value));
      }),
    );
    for (const place of places) {
      const wrong = place[1] === "baseline" ? Number.NaN : Symbol("s");
      const problems = problemsWith(replaced(place, wrong));
      assert.equal(
        problems.map(({ code }) => code),
        ["bad-option"],
        `${name}, ${place}: ${JSON.stringify(problems)}`,
      );
    }
  });

  test(`${name}(...) knows its options: another one is a problem that names the nearest`, () => {
    const last = args.at(-1);
    const options = { ...Object(last), exploratry: true };
    const [problem, ...others] = problemsWith([...args.slice(0, -1), options]);
    assert.equal(others, []);
    assert.is(problem?.code, "bad-option");
    assert.ok(problem?.candidates.includes("exploratory"));
  });
}

test("gates and families take anything without a throw, and wrong types are one problem", () => {
  const wrong: readonly ((door: Door) => unknown)[] = [
    (door) => door.expect?.(5),
    (door) => gate(door, [5], "toBeAbove")(1),
    (door) => gate(door, ["m", 3], "toBeAbove")(1),
    (door) => gate(door, ["m"], "toBeBelow")("1"),
    (door) => gate(door, ["m"], "toBeWithin")(3, 4),
    (door) => gate(door, ["m"], "toBeWithin")([4, 3]),
    (door) => gate(door, ["m"], "toDiffer")(),
    (door) => gate(door, ["m"], "toDiffer")({ across: 5 }),
    (door) => door.family?.("f", 3),
    (door) => door.family?.("f", [3]),
    (door) => door.family?.("f", [door.compare?.("m", { across: "a" })], { correction: "some" }),
    () => 3,
  ];
  for (const [i, call] of wrong.entries())
    assert.is(problemsOf({ analyses: (door: Door) => [call(door)] }).length, 1, `call ${i}`);
  fc.assert(
    fc.property(anything, anything, (first, second) => {
      problemsOf({
        analyses: (door: Door) => [
          door.family?.(first, second),
          gate(door, [first, second], "toBeAbove")(second, first),
          gate(door, ["m"], "toBeWithin")(first),
          gate(door, ["m"], "toDiffer")(first),
        ],
      });
    }),
  );
});

test("builders of levels, spaces, designs, metrics and replicates take anything without a throw", () => {
  const builders = { ...space, ...design, ...metric, ...sweep, ...between, ...replicate } as object;
  const all = [...Object.values(builders), sweep, between, replicate] as Anything[];
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.array(anything, { maxLength: 3 }), (builder, args) => {
      const made = builder(...args);
      problemsOf({ parameters: made });
      problemsOf({ parameters: { made } });
      problemsOf({ metrics: { made }, analyses: undefined });
      problemsOf({ replicates: made });
    }),
    { numRuns: 2000 },
  );
});

test.run();
