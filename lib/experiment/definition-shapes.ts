// The shapes of what stands at the keys of a definition. What has another shape is one problem at its key, and counts as left out.
import type { CallSite } from "./call-site.ts";
import { isCommand } from "./command.ts";
import type { ExperimentOptions } from "./experiment-options.ts";
import { callback, listOf, readOptions, record, required, type Shape, text } from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import { isTag, tagRule } from "./tags.ts";

type AnyOptions = ExperimentOptions<never, never, never, never, never, never>;

/** A record of the author's own, or what one of the builders named returned; other builders' handles are objects too. */
function recordOr(expected: string, ...kinds: readonly string[]): Shape {
  const { fits } = record(expected);
  return { expected, fits: (value) => fits(value) && [undefined, ...kinds].includes(builderOf(value)) };
}

function builderOf(value: unknown): string | undefined {
  const kind: unknown = Reflect.get(Object(value), "kind");
  return typeof kind === "string" && kind.startsWith("labwright/") ? kind : undefined;
}

const definitionShapes: { readonly [K in keyof Required<AnyOptions>]: Shape } = {
  name: required(text('text, such as "walk"')),
  description: text("text"),
  question: text("a question in one sentence"),
  tags: listOf(`a list of tags such as ["pilot"], each ${tagRule}`, isTag),
  parameters: required(
    recordOr(
      "an object of constants and sweeps, such as { size: sweep([1, 2]) }, or a space",
      "labwright/space",
    ),
  ),
  // Read by itself, as it says more of what was meant.
  replicates: { expected: "replicate(50)", fits: () => true },
  metrics: recordOr("an object of metrics, such as { score: metric.number() }"),
  primary: text("the name of a metric"),
  series: recordOr("an object of schemas, such as { rounds: z.object({ round: z.int() }) }"),
  // Read by itself, as it says more of what was meant.
  limits: { expected: 'an object, such as { timeout: "10m" }', fits: () => true },
  needs: recordOr('an object of experiments by name, and of labels, such as { labels: ["gpu"] }'),
  effects: recordOr("an object of ports, such as { ask: chat({ ... }) }"),
  stages: callback("a function, such as ({ stage }) => ({ market: stage({ ... }) })"),
  onRecord: callback("a function, such as ({ stop }) => ({ rounds(row) { ... } })"),
  trial: required({
    expected: "a function, such as ({ parameters, random }) => ({ score: ... }), or command({ ... })",
    fits: (value) => typeof value === "function" || isCommand(value),
  }),
  analyses: callback("a function, such as ({ compare }) => [compare(...)]"),
};

export interface ReadKeys<T> {
  readonly options: Partial<T>;
  readonly problems: readonly DefinitionProblem[];
  /** Keys that held something else than their place asks for. */
  readonly misfits: ReadonlySet<string>;
}

/** Reads what defineExperiment was called with. */
export function readKeys<T extends object>(given: unknown, site: CallSite | null): ReadKeys<T> {
  const { options, misfits } = readOptions<AnyOptions>(given, definitionShapes);
  const problems = misfits.map(({ key, found, expected, candidates }) =>
    candidates.length > 0
      ? problemOf({ code: "bad-definition", subject: key, candidates, site })
      : problemOf({ code: "bad-definition", subject: key, found, expected, site }),
  );
  // The author's own types differ only in what the generic parts hold.
  return {
    options: options as Partial<T>,
    problems,
    misfits: new Set(misfits.flatMap(({ key }) => (key === "" ? Object.keys(definitionShapes) : [key]))),
  };
}
