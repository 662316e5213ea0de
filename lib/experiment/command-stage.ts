// A program as a stage: what it hands on to later stages and the trial, declared and checked as a trial's metrics are.
import type { z } from "zod";
import { callSiteOf } from "./call-site.ts";
import { type Command, isCommand } from "./command.ts";
import type { ContentSource } from "./definition.ts";
import { isHandle } from "./handle.ts";
import type { Metric, ValuesOf } from "./metric.ts";
import { shownValue } from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import { type ErasedStage, type Stage, type StageParameters, type StagePer, stageOf } from "./stage.ts";

/** Files that a program leaves behind, by the name under which their content is handed on. */
export interface Contents {
  readonly [name: string]: ContentSource;
}

/** What a program hands on: JSON as its schema has it, other files as text. */
export interface HandedOf<M, K> {
  readonly metrics: ValuesOf<M>;
  readonly contents: {
    readonly [N in keyof K]: K[N] extends { readonly schema: infer T extends z.ZodType }
      ? z.output<T>
      : string;
  };
}

export interface CommandStageOptions<C, R, Per extends StagePer, U, N, M, K> {
  /** Once a build, once a condition, or once a condition and replicate. */
  readonly per: Per;
  /** The parameters it sees: all unless told; none for a stage per "build". */
  readonly uses?: U;
  /** Earlier stages, and other experiments: the program finds what they hand on in the file `inputsFile`. */
  readonly needs?: N;
  /** Read as the command says; a value that is missing or out of its range fails the stage. */
  readonly metrics?: M;
  /** Files whose content is handed on, up to 16 MB each: `{ policy: { json: "policy.json", schema: z.object({ ... }) }, log: { text: "log.txt" } }`. */
  readonly contents?: K;
  readonly run: Command<
    keyof StageParameters<C, Per, NoInfer<U>> & string,
    keyof NoInfer<M> & string,
    keyof R & string
  >;
}

interface ErasedOptions extends ErasedStage {
  readonly metrics?: unknown;
  readonly contents?: unknown;
  readonly run?: unknown;
}

/** Makes the `commandStage` function; what is wrong with a stage is kept on it. */
export function declareCommandStage(options: ErasedOptions): Stage<unknown> {
  const site = callSiteOf(declareCommandStage);
  const problems: DefinitionProblem[] = [];
  const bad = (found: string, expected: string): number =>
    problems.push(problemOf({ code: "bad-stage", subject: "stage", found, expected, site }));
  const metrics = entriesOf(options.metrics).filter(([name, value]) => {
    if (!isMetric(value)) bad(`metrics.${name} ${shownValue(value)}`, "a metric, such as metric.number()");
    return isMetric(value);
  }) as [string, Metric<unknown>][]; // What is none was told and left out.
  const contents = entriesOf(options.contents).filter(([name, value]) => {
    const expected = '{ json: "policy.json", schema: z.object({ ... }) } or { text: "log.txt" }';
    if (!isContent(value)) bad(`contents.${name} ${shownValue(value)}`, expected);
    return isContent(value);
  }) as [string, ContentSource][];
  if (!isCommand(options.run)) bad(`run ${shownValue(options.run)}`, "command({ ... })");
  const command = isCommand(options.run) ? options.run : nothing;
  const made = stageOf(options, {
    work: {
      kind: "command",
      command,
      hands: {
        metrics: Object.fromEntries(metrics.map(([name, { spec }]) => [name, spec])),
        contents: Object.fromEntries(contents),
      },
    },
    site,
  });
  const ofMetrics = metrics.flatMap(([, metric]) => metric.problems);
  return { ...made, problems: [...made.problems, ...problems, ...ofMetrics] };
}

/** Stands where something else than a command stood. */
const nothing = {
  kind: "labwright/command",
  options: { run: ["true"], metrics: { json: "metrics.json" } },
  site: null,
} as unknown as Command;

function entriesOf(given: unknown): [string, unknown][] {
  return Object.entries(given ?? {});
}

function isMetric(value: unknown): value is Metric<unknown> {
  return isHandle(value, "labwright/metric");
}

function isContent(value: unknown): value is ContentSource {
  if (typeof value !== "object" || value === null) return false;
  if ("text" in value) return typeof value.text === "string";
  return "json" in value && typeof value.json === "string" && "schema" in value && isSchema(value.schema);
}

/** By what it does: an author's zod may be another copy than ours. */
function isSchema(value: unknown): boolean {
  return typeof value === "object" && value !== null && "safeParse" in value;
}
