// A corpus of definitions that are wrong in the ways people get them wrong, each with all that a build says of it: one mistake, one
// diagnostic, in the words of a definition.

/** The keys of a sound definition, as source text; a case replaces, adds or leaves out (undefined) some. */
const sound: Readonly<Record<string, string>> = {
  parameters: "{ size: sweep([1, 2]), periods: 10 }",
  replicates: "replicate(5)",
  metrics: "{ score: metric.number(), steps: metric.integer() }",
  primary: '"score"',
  series: "{ rounds: z.object({ round: z.int(), price: z.number() }) }",
  trial: "({ parameters }) => ({ score: parameters.size, steps: 3 })",
  analyses: '({ compare }) => [compare("score", { across: "size" })]',
};

export interface WrongDefinition {
  /** `trial` and `stages` in their order; undefined leaves a key out. */
  readonly keys: Readonly<Record<string, string | undefined>>;
  /** `code: message` of every diagnostic, in order of place. */
  readonly expected: readonly string[];
}

/** The text of `<name>.experiment.ts`, one key a line. */
export function sourceOf(name: string, { keys }: WrongDefinition): string {
  const all: Record<string, string | undefined> = { name: JSON.stringify(name), ...sound, ...keys };
  const order = keys.trial !== undefined && keys.stages !== undefined ? Object.keys(keys) : [];
  const names = [...Object.keys(all).filter((key) => !order.includes(key)), ...order];
  const lines = names.flatMap((key) => (all[key] === undefined ? [] : [`  ${key}: ${all[key]},`]));
  return `import { command, defineExperiment, metric, parameter, replicate, sweep } from "labwright";
import { z } from "zod";
export const used = [command, metric, parameter, replicate, sweep, z];
export default defineExperiment({
${lines.join("\n")}
});
`;
}

export const wrongDefinitions: Readonly<Record<string, WrongDefinition>> = {
  "string-for-number": {
    keys: { trial: "({ parameters }) => ({ score: String(parameters.size), steps: 3 })" },
    expected: ["type-error: Type 'string' is not assignable to type 'number' (TS2322)."],
  },
  "string-for-number-method": {
    keys: {
      trial: "({ parameters }) => { const score = parameters.size.toFixed(2); return { score, steps: 3 }; }",
    },
    expected: ['type-error: The trial returns text for the metric "score", which takes a number (TS2322).'],
  },
  "returns-nothing": {
    keys: { trial: "() => {}" },
    expected: [
      'unreturned-metric: The trial of "returns-nothing" never returns the metric "score".',
      'unreturned-metric: The trial of "returns-nothing" never returns the metric "steps".',
    ],
  },
  "one-path-only": {
    keys: { trial: "({ parameters }) => { if (parameters.size > 1) return { score: 1, steps: 3 }; }" },
    expected: ["type-error: The trial returns nothing on one of its ways out (TS2322)."],
  },
  "bare-number": {
    keys: { trial: "({ parameters }) => parameters.size" },
    expected: ["type-error: The trial returns a number where metrics by name belong (TS2322)."],
  },
  list: {
    keys: { trial: "({ parameters }) => [parameters.size, 3]" },
    expected: ["type-error: The trial returns a list where metrics by name belong (TS2322)."],
  },
  "null-metric": {
    keys: { trial: "() => ({ score: null, steps: 3 })" },
    expected: ["type-error: Type 'null' is not assignable to type 'number' (TS2322)."],
  },
  "maybe-undefined": {
    keys: { trial: "() => ({ score: [1, 2].find((x) => x > 1), steps: 3 })" },
    expected: [
      "type-error: Type 'number | undefined' is not assignable to type 'number': Type 'undefined' is not assignable to type 'number' (TS2322).",
    ],
  },
  "misspelt-in-command": {
    keys: {
      trial:
        'command({ run: ["true", parameter("sise")], metrics: { json: "m.json", names: { scoer: "a" } } })',
    },
    expected: [
      'unknown-parameter: The command: "sise" is no parameter.',
      'unknown-metric: The command: "scoer" is no metric.',
    ],
  },
  "misspelt-metric": {
    keys: { trial: "() => ({ scoer: 1, steps: 3 })" },
    expected: ['undeclared-metric: The trial of "misspelt-metric" returns "scoer", which is no metric.'],
  },
  "missing-metric": {
    keys: { trial: "() => ({ score: 1 })" },
    expected: ['unreturned-metric: The trial of "missing-metric" never returns the metric "steps".'],
  },
  "extra-metric": {
    keys: { trial: "() => ({ score: 1, steps: 3, cost: 2 })" },
    expected: ['undeclared-metric: The trial of "extra-metric" returns "cost", which is no metric.'],
  },
  "nested-metric": {
    keys: { trial: "() => ({ metrics: { score: 1, steps: 3 } })" },
    expected: [
      'unreturned-metric: The trial of "nested-metric" never returns the metric "score".',
      'unreturned-metric: The trial of "nested-metric" never returns the metric "steps".',
      'undeclared-metric: The trial of "nested-metric" returns "metrics", which is no metric.',
    ],
  },
  "async-forgot-await": {
    keys: { trial: "async () => { const f = async () => 3; return { score: f(), steps: 3 }; }" },
    expected: [
      'type-error: The trial returns a promise for the metric "score", which takes a number (TS2322).',
    ],
  },
  "two-wrong-values": {
    keys: { trial: '() => ({ score: "1", steps: true })' },
    expected: [
      "type-error: Type 'string' is not assignable to type 'number' (TS2322).",
      "type-error: Type 'boolean' is not assignable to type 'number' (TS2322).",
    ],
  },
  "wrong-category": {
    keys: {
      metrics: '{ score: metric.category(["a", "b"]) }',
      trial: '() => ({ score: "c" })',
      analyses: undefined,
    },
    expected: ['type-error: Type \'"c"\' is not assignable to type \'"a" | "b"\' (TS2322).'],
  },
  "misspelt-parameter": {
    keys: { trial: "({ parameters }) => ({ score: parameters.sise, steps: 3 })" },
    expected: [
      "type-error: Property 'sise' does not exist on type '{ readonly size: number; readonly periods: number; }' (TS2339).",
    ],
  },
  "misspelt-context": {
    keys: { trial: "({ params }) => ({ score: params.size, steps: 3 })" },
    expected: ['type-error: A trial is handed no "params" (TS2339).'],
  },
  "port-in-stage": {
    keys: {
      stages:
        '({ stage }) => ({ topic: stage({ per: "build", async run({ effects }) { return { text: "" }; } }) })',
    },
    expected: ['type-error: A stage is handed no "effects": ports are asked by trials (TS2339).'],
  },
  "misspelt-key": {
    keys: { trail: "() => ({ score: 1, steps: 3 })" },
    expected: ['bad-definition: A definition has no key "trail".'],
  },
  "misspelt-key-instead": {
    keys: { trial: undefined, trail: "() => ({ score: 1, steps: 3 })" },
    expected: ['bad-definition: A definition has no key "trail".'],
  },
  "no-trial": {
    keys: { trial: undefined },
    expected: ["bad-definition: The definition's trial is missing."],
  },
  "trial-5": {
    keys: { trial: "5" },
    expected: ["bad-definition: The definition's trial cannot be 5."],
  },
  "metrics-list": {
    keys: { metrics: "[]" },
    expected: ["bad-definition: The definition's metrics cannot be []."],
  },
  "metrics-strings": {
    keys: { metrics: '["score", "steps"]' },
    expected: ['bad-definition: The definition\'s metrics cannot be ["score","steps"].'],
  },
  "metric-string": {
    keys: { metrics: '{ score: "number", steps: metric.integer() }' },
    expected: ['bad-metric: Metric "score" is impossible: "number".'],
  },
  "no-metrics-key": {
    keys: { metrics: undefined },
    expected: ["no-metrics: The experiment declares no metric."],
  },
  "stages-3": {
    keys: { stages: "3", trial: "({ parameters }) => ({ score: parameters.size, steps: 3 })" },
    expected: ["bad-definition: The definition's stages cannot be 3."],
  },
  "stages-list": {
    keys: { stages: "() => []", trial: "({ parameters }) => ({ score: parameters.size, steps: 3 })" },
    expected: ["bad-definition: The definition's stages cannot be a function that returns []."],
  },
  "name-7": {
    keys: { name: "7" },
    expected: ["bad-definition: The definition's name cannot be 7."],
  },
  "question-date": {
    keys: { question: "z.date()" },
    expected: ["bad-definition: The definition's question cannot be an instance of ZodDate."],
  },
  "compare-5": {
    keys: { analyses: '({ compare }) => [compare(5, { across: "size" })]' },
    expected: ["bad-option: compare(...) has an impossible option: metric 5."],
  },
  "compare-no-options": {
    keys: { analyses: '({ compare }) => [compare("score")]' },
    expected: ["bad-option: compare(...) has an impossible option: across is missing."],
  },
  "compare-no-across": {
    keys: { analyses: '({ compare }) => [compare("score", {})]' },
    expected: ["bad-option: compare(...) has an impossible option: across is missing."],
  },
  "compare-across-5": {
    keys: { analyses: '({ compare }) => [compare("score", { across: 5 })]' },
    expected: ["bad-option: compare(...) has an impossible option: across 5."],
  },
  "compare-string": {
    keys: { analyses: '({ compare }) => [compare("score", "size")]' },
    expected: ['bad-option: compare(...) has an impossible option: "size".'],
  },
  "baseline-list": {
    keys: { analyses: '({ compare }) => [compare("score", { across: "size", baseline: [] })]' },
    expected: ['unknown-level: Factor "size": [] is not a level.'],
  },
  acros: {
    keys: { analyses: '({ compare }) => [compare("score", { acros: "size" })]' },
    expected: ["bad-option: compare(...) has an impossible option: acros."],
  },
  "tasks-string": {
    keys: { analyses: '({ profile }) => [profile("score", { across: "size", tasks: "world" })]' },
    expected: ['bad-option: profile(...) has an impossible option: tasks "world".'],
  },
  "normalise-minmax": {
    keys: { analyses: '({ profile }) => [profile("score", { across: "size", normalise: "minmax" })]' },
    expected: ['bad-option: profile(...) has an impossible option: normalise "minmax".'],
  },
  "margin-text": {
    keys: { analyses: '({ equivalent }) => [equivalent("score", { across: "size", margin: "5%" })]' },
    expected: ['bad-option: equivalent(...) has an impossible option: margin "5%".'],
  },
  "confidence-95": {
    keys: { analyses: '({ compare }) => [compare("score", { across: "size", confidence: 95 })]' },
    expected: ["bad-option: compare(...) has an impossible option: confidence 95."],
  },
  "analyses-list": {
    keys: { analyses: "[]" },
    expected: ["bad-definition: The definition's analyses cannot be []."],
  },
  "analyses-returns-nothing": {
    keys: { analyses: '({ compare }) => { compare("score", { across: "size" }); }' },
    expected: ["bad-definition: The definition's analyses cannot be a function that returns undefined."],
  },
  "analyses-one": {
    keys: { analyses: '({ compare }) => compare("score", { across: "size" })' },
    expected: ["bad-definition: The definition's analyses cannot be a function that returns one analysis."],
  },
  "expect-alone": {
    keys: { analyses: '({ expect }) => [expect("score")]' },
    expected: [
      "bad-definition: The definition's analyses cannot be a list with an expect(...) that claims nothing.",
    ],
  },
  "stages-below-trial": {
    keys: {
      trial: "({ inputs }) => ({ score: inputs.market.price, steps: 3 })",
      stages:
        '({ stage }) => ({ market: stage({ per: "condition", run: ({ parameters }) => ({ price: parameters.size }) }) })',
    },
    expected: ['type-error: There is no input "market" (TS2339).'],
  },
  "stages-below-trial-destructured": {
    keys: {
      trial: "({ inputs: { market } }) => ({ score: market.price, steps: 3 })",
      stages:
        '({ stage }) => ({ market: stage({ per: "condition", run: ({ parameters }) => ({ price: parameters.size }) }) })',
    },
    expected: ['type-error: There is no input "market" (TS2339).'],
  },
  "misspelt-input": {
    keys: {
      stages:
        '({ stage }) => ({ market: stage({ per: "condition", run: ({ parameters }) => ({ price: parameters.size }) }) })',
      trial: "({ inputs }) => ({ score: inputs.markt.price, steps: 3 })",
    },
    expected: ['type-error: There is no input "markt" (TS2551).'],
  },
  "no-inputs": {
    keys: { trial: "({ inputs }) => ({ score: inputs.market, steps: 3 })" },
    expected: ['type-error: There is no input "market" (TS2339).'],
  },
  "record-unknown": {
    keys: {
      trial: '({ record }) => { record("round", { round: 1, price: 2 }); return { score: 1, steps: 3 }; }',
    },
    expected: [
      "type-error: Argument of type '\"round\"' is not assignable to parameter of type '\"rounds\"' (TS2345).",
    ],
  },
  "record-wrong-row": {
    keys: {
      trial: '({ record }) => { record("rounds", { round: 1, prize: 2 }); return { score: 1, steps: 3 }; }',
    },
    expected: [
      "type-error: Object literal may only specify known properties, but 'prize' does not exist in type '{ round: number; price: number; }' (TS2561).",
    ],
  },
  "replicates-number": {
    keys: { replicates: "50" },
    expected: ["bad-replicates: The number of replicates is impossible: 50."],
  },
  "replicates-text": {
    keys: { replicates: 'replicate("50")' },
    expected: ['bad-replicates: The number of replicates is impossible: "50".'],
  },
  "parameters-list": {
    keys: { parameters: "[1, 2]", trial: "() => ({ score: 1, steps: 3 })", analyses: undefined },
    expected: ["bad-definition: The definition's parameters cannot be [1,2]."],
  },
  "parameter-function": {
    keys: { parameters: "{ size: sweep([1, 2]), f: () => 1 }" },
    expected: [
      'not-hashable-value: Parameter "f" holds a function, which cannot be hashed or sent to another process.',
    ],
  },
  "sweep-number": {
    keys: { parameters: "{ size: sweep(5), periods: 10 }", trial: "() => ({ score: 1, steps: 3 })" },
    expected: ['empty-sweep: Parameter "size" has no levels.'],
  },
  "series-3": {
    keys: { series: "{ rounds: 3 }" },
    expected: ['bad-definition: The definition\'s series "rounds" cannot be 3.'],
  },
  "primary-unknown": {
    keys: { primary: '"scores"' },
    expected: ['unknown-metric: Primary: "scores" is no metric.'],
  },
  "needs-3": {
    keys: { needs: "3" },
    expected: ["bad-definition: The definition's needs cannot be 3."],
  },
  "censored-wrong": {
    keys: { trial: '({ censored }) => censored({ metric: "scoer", bound: 3 })' },
    expected: [
      'unreturned-metric: The trial of "censored-wrong" never returns the metric "steps".',
      'undeclared-metric: The trial of "censored-wrong" returns "scoer", which is no metric.',
    ],
  },
  "random-number": {
    keys: { trial: "({ random }) => ({ score: random, steps: 3 })" },
    expected: ["type-error: Type 'Random' is not assignable to type 'number' (TS2322)."],
  },
  "random-called": {
    keys: { trial: "({ random }) => ({ score: random(), steps: 3 })" },
    expected: ["type-error: This expression is not callable: Type 'Random' has no call signatures (TS2349)."],
  },
  "onrecord-list": {
    keys: { onRecord: "[]" },
    expected: ["bad-definition: The definition's onRecord cannot be []."],
  },
};
