// stage: a step before the trial whose value is computed once a build, a condition or a replicate, and handed on under `inputs`.
// A stage sees only the parameters that it `uses`, so what does not concern it never makes it run again.
import { type CallSite, callSiteOf } from "./call-site.ts";
import {
  type CommandStage,
  type ExperimentDefinition,
  type FunctionStage,
  isExperiment,
  type StageDefinition,
} from "./definition.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import type { Simplify } from "./space/condition-space.ts";
import type { NeededRow, StageContext } from "./trial-context.ts";

declare const types: unique symbol;

export type StagePer = StageDefinition["per"];

/** A declared stage; T is the value that it returns. Pass it on under `needs`, or return it from `stages`. */
export interface Stage<T> {
  readonly kind: "labwright/stage";
  readonly per: StagePer;
  readonly uses: readonly string[] | "all";
  readonly needs: StageNeeds;
  /** A function, or a program. */
  readonly work: Pick<FunctionStage, "kind" | "run"> | Pick<CommandStage, "kind" | "command" | "hands">;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
  readonly [types]?: T;
}

/** An experiment with its types: C its conditions, V its metrics. */
export interface TypedExperiment<C, V> extends ExperimentDefinition {
  readonly [types]?: { readonly condition: C; readonly metrics: V };
}

/** Stages of this experiment and other experiments, by the name under which their values are handed over. */
export interface StageNeeds {
  readonly [name: string]: Stage<unknown> | ExperimentDefinition;
}

/** What `inputs` holds: a stage's value, or the rows of an experiment. */
export type InputsOf<N> = {
  readonly [K in keyof N]: N[K] extends Stage<infer T>
    ? T
    : N[K] extends TypedExperiment<infer C, infer V>
      ? readonly NeededRow<C, V>[]
      : never;
};

type Primitive = string | number | boolean | null;

/** T where it is JSON data; never in place of every part that is not. */
export type JsonData<T> = T extends Primitive
  ? T
  : T extends
        | ((...args: never[]) => unknown)
        | undefined
        | bigint
        | symbol
        | ReadonlyMap<unknown, unknown>
        | ReadonlySet<unknown>
        | Date
        | ArrayBufferView
    ? never
    : { readonly [K in keyof T]: JsonData<T[K]> };

type PickEach<C, K extends PropertyKey> = C extends unknown ? Simplify<Pick<C, Extract<keyof C, K>>> : never;

/** The parameters that a stage sees. */
export type StageParameters<C, Per extends StagePer, U> = Per extends "build"
  ? Record<never, never>
  : U extends readonly (infer K extends string)[]
    ? PickEach<C, K>
    : C;

export interface StageOptions<C, R, Per extends StagePer, U, N, T> {
  /** Once a build, once a condition, or once a condition and replicate. */
  readonly per: Per;
  /** The parameters it sees: all unless told; none for a stage per "build". */
  readonly uses?: U;
  /** Earlier stages, and other experiments, whose values it is handed. */
  readonly needs?: N;
  run(context: StageContext<StageParameters<C, Per, U>, InputsOf<N>, R>): T | Promise<T>;
}

/** Nothing more to ask when T is JSON data; else an error under `run` that says what a stage returns. */
export type ReturnsJson<T> = [T] extends [JsonData<T>]
  ? unknown
  : { run(context: never): "a stage returns JSON data: no functions, no undefined, no class instances" };

/** Of a stage, what does not depend on what runs. */
export interface ErasedStage {
  readonly per: StagePer;
  readonly uses?: readonly string[] | "all";
  readonly needs?: StageNeeds;
}

/** Makes the `stage` function; what is wrong with a stage is kept on it. */
export function declareStage(options: ErasedStage & { run(context: never): unknown }): Stage<unknown> {
  const site = callSiteOf(declareStage);
  // The context that the runtime hands over has the parameters and inputs that the options' types promise.
  return stageOf(options, { work: { kind: "function", run: options.run as FunctionStage["run"] }, site });
}

/** A stage with what is wrong with its `per`, `uses` and `needs`. */
export function stageOf(
  { per, uses, needs = {} }: ErasedStage,
  { work, site }: Pick<Stage<unknown>, "work" | "site">,
): Stage<unknown> {
  const problems: DefinitionProblem[] = [];
  const bad = (found: string, expected: string): number =>
    problems.push(problemOf({ code: "bad-stage", subject: "stage", found, expected, site }));
  if (!["build", "condition", "replicate"].includes(per)) {
    bad(`per ${JSON.stringify(per)}`, '"build", "condition" or "replicate"');
  }
  if (per === "build" && uses !== undefined && uses.length > 0) {
    bad('uses on a stage per "build"', "no parameters, or a stage per condition");
  }
  for (const need of Object.values(needs)) {
    const earlier = isStage(need) ? need.per : "build";
    if (rank(earlier) > rank(per)) {
      bad(
        `per ${JSON.stringify(per)}, but it needs a stage per ${JSON.stringify(earlier)}`,
        `per ${JSON.stringify(earlier)}`,
      );
    }
  }
  return {
    kind: "labwright/stage",
    per,
    uses: per === "build" ? [] : (uses ?? "all"),
    needs,
    work,
    problems,
    site,
  };
}

function rank(per: StagePer): number {
  return per === "build" ? 0 : per === "condition" ? 1 : 2;
}

export function isStage(value: unknown): value is Stage<unknown> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "labwright/stage";
}

/** The experiments among the needs of a stage. */
export function experimentsOf(needs: StageNeeds): Readonly<Record<string, ExperimentDefinition>> {
  return Object.fromEntries(
    Object.entries(needs).flatMap(([name, need]) => (isExperiment(need) ? [[name, need] as const] : [])),
  );
}
