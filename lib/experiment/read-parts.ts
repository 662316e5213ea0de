// The parts of a definition as an author wrote them, apart into data and problems. What is no metric, schema, analysis or replication
// at all (JavaScript, or a type forced) is a problem too, not a crash.
import type { z } from "zod";
import { callAuthors } from "./authors-call.ts";
import type { CallSite } from "./call-site.ts";
import type { KnownNames } from "./check-names.ts";
import { isAnalysis } from "./declared-analysis.ts";
import type { ExperimentDefinition, MetricSpec } from "./definition.ts";
import type { Port } from "./effects/port.ts";
import { isHandle } from "./handle.ts";
import { readNeeds } from "./labels.ts";
import type { Metric } from "./metric.ts";
import { shownValue } from "./option-shapes.ts";
import { type OrderedStages, orderStages } from "./order-stages.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import { type Replication, replicate } from "./replicate.ts";
import { seriesColumnsOf } from "./series-columns.ts";
import { factorsOf } from "./space/factors.ts";
import { type ReadSpace, readSpace } from "./space/space-input.ts";

/** Runs a part of the author's code; what it throws is a problem of that part, with the subject `analyses "name"`. */
export type Attempt = <T>(part: string, run: () => T, otherwise: T) => T;

export interface ReadParts {
  readonly space: ReadSpace;
  readonly metrics: ReadMetrics;
  readonly primary: string | null;
  readonly series: ReadSeries;
  readonly replication: Pick<Replication<string, string>, "replicates" | "problems">;
  readonly known: KnownNames;
  readonly needs: ReadNeededParts;
  readonly effects: ReadEffects;
  readonly attempt: Attempt;
  /** Grows with every attempt that throws. */
  readonly thrown: readonly DefinitionProblem[];
}

interface DataOptions {
  readonly name?: string;
  readonly parameters?: unknown;
  readonly metrics?: unknown;
  readonly primary?: string;
  readonly series?: unknown;
  readonly replicates?: unknown;
  readonly needs?: Readonly<Record<string, unknown>>;
  readonly effects?: unknown;
}

/** The parts that call nothing of the author's. */
export function readParts(options: DataOptions, site: CallSite | null): ReadParts {
  const thrown: DefinitionProblem[] = [];
  const experiment = options.name ?? "unnamed";
  const attempt: Attempt = (part, run, otherwise) => {
    try {
      return callAuthors({ experiment, part, site }, run);
    } catch (error) {
      const subject = `${part} "${experiment}"`;
      const found = error instanceof Error ? error.message : String(error);
      thrown.push(problemOf({ code: "callback-threw", subject, found, site }));
      return otherwise;
    }
  };
  const { space, factors } = attempt(
    "parameters",
    () => {
      const read = readSpace(options.parameters ?? {}, site);
      return { space: read, factors: factorsOf(read.tree) };
    },
    { space: readSpace({}, site), factors: [] },
  );
  const metrics = attempt("metrics", () => readMetrics(options.metrics, site), readMetrics({}, site));
  const series = attempt("series", () => readSeries(options.series, site), readSeries({}, site));
  const replication = attempt("replicates", () => readReplication(options.replicates, site), replicate(1));
  const needs = attempt("needs", () => neededParts(options.needs, site), neededParts({}, site));
  const effects = attempt("effects", () => readEffects(options.effects, site), readEffects({}, site));
  const primary = options.primary ?? (metrics.names.length === 1 ? (metrics.names[0] ?? null) : null);
  const columns = Object.entries(series.schemas).map(([name, one]) => [name, seriesColumnsOf(one)]);
  const known = { metrics: metrics.specs, primary, factors, series: Object.fromEntries(columns) };
  return { space, metrics, primary, series, replication, needs, effects, known, attempt, thrown };
}

export interface ReadNeededParts {
  readonly needs: Readonly<Record<string, ExperimentDefinition>>;
  readonly labels: readonly string[];
  readonly problems: readonly DefinitionProblem[];
}

function neededParts(given: DataOptions["needs"], site: CallSite | null): ReadNeededParts {
  const { labels, others, problems } = readNeeds({ ...given });
  // What is no experiment is found by its brand, when the parts are seen together.
  const needs = others as Readonly<Record<string, ExperimentDefinition>>;
  return { needs, labels, problems: problems.map((problem) => ({ ...problem, site })) };
}

export interface ReadMetrics {
  readonly names: readonly string[];
  readonly specs: Readonly<Record<string, MetricSpec>>;
  readonly sites: Readonly<Record<string, CallSite | null>>;
  readonly problems: readonly DefinitionProblem[];
}

/** Stands for what is no metric, so that analyses may still name it. */
const unreadableMetric: MetricSpec = {
  type: "number",
  unit: null,
  range: null,
  direction: null,
  optional: true,
  categories: null,
  description: null,
};

function readMetrics(given: unknown, site: CallSite | null): ReadMetrics {
  const specs: [string, MetricSpec][] = [];
  const sites: [string, CallSite | null][] = [];
  const problems: DefinitionProblem[] = [];
  for (const [name, metric] of Object.entries(given ?? {})) {
    const subject = `metric "${name}"`;
    if (isMetric(metric)) {
      specs.push([name, metric.spec]);
      sites.push([name, metric.site]);
      problems.push(...metric.problems.map((problem) => ({ ...problem, subject })));
    } else {
      const expected =
        "metric.number(), metric.integer(), metric.count(), metric.estimate(...), metric.boolean() or metric.category([...])";
      specs.push([name, unreadableMetric]);
      problems.push(problemOf({ code: "bad-metric", subject, found: shownValue(metric), expected, site }));
    }
  }
  const names = specs.map(([name]) => name);
  return { names, specs: Object.fromEntries(specs), sites: Object.fromEntries(sites), problems };
}

export interface ReadSeries {
  readonly schemas: Readonly<Record<string, z.ZodType>>;
  readonly problems: readonly DefinitionProblem[];
}

function readSeries(given: unknown, site: CallSite | null): ReadSeries {
  const schemas: Record<string, z.ZodType> = {};
  const problems: DefinitionProblem[] = [];
  for (const [name, schema] of Object.entries(given ?? {})) {
    if (isSchema(schema)) {
      schemas[name] = schema;
      continue;
    }
    const expected = "a zod schema of its rows, such as z.object({ round: z.int() })";
    const subject = `series "${name}"`;
    problems.push(problemOf({ code: "bad-definition", subject, found: shownValue(schema), expected, site }));
  }
  return { schemas, problems };
}

export interface ReadEffects {
  readonly ports: Readonly<Record<string, Port>>;
  readonly problems: readonly DefinitionProblem[];
}

function readEffects(given: unknown, site: CallSite | null): ReadEffects {
  const ports: Record<string, Port> = {};
  const problems: DefinitionProblem[] = [];
  for (const [name, port] of Object.entries(given ?? {})) {
    const subject = `effect "${name}"`;
    if (isPort(port)) {
      ports[name] = port;
      problems.push(...port.problems.map((problem) => ({ ...problem, subject })));
      continue;
    }
    const expected = "a port, such as chat({ endpoint: ... }) or http({ endpoint: ... })";
    problems.push(problemOf({ code: "bad-effect", subject, found: shownValue(port), expected, site }));
  }
  return { ports, problems };
}

export const noStages: OrderedStages = { stages: [], returned: [], experiments: {}, problems: [] };

/** Reads what `stages` returned. */
export function readStages(returned: unknown, site: CallSite | null): OrderedStages {
  if (typeof returned === "object" && returned !== null && !Array.isArray(returned))
    return orderStages(returned);
  const expected =
    "a function that returns stages by name, such as ({ stage }) => ({ market: stage({ ... }) })";
  return { ...noStages, problems: [returnsWrong("stages", returned, expected, site)] };
}

export interface ReadAnalyses {
  readonly specs: ExperimentDefinition["analyses"];
  readonly customs: ExperimentDefinition["customs"];
  readonly sites: readonly (CallSite | null)[];
  readonly problems: readonly DefinitionProblem[];
}

export const nothingDeclared: ReadAnalyses = { specs: [], customs: {}, sites: [], problems: [] };

/** Reads what `analyses` returned: analyses, and families of them. */
export function readAnalyses(returned: unknown, site: CallSite | null): ReadAnalyses {
  if (!Array.isArray(returned)) {
    const expected = "a function that returns a list of analyses, such as ({ compare }) => [compare(...)]";
    return { ...nothingDeclared, problems: [returnsWrong("analyses", returned, expected, site)] };
  }
  const all: readonly unknown[] = returned.flat(1);
  const analyses = all.filter(isAnalysis);
  const problems = all.filter((one) => !isAnalysis(one)).map((one) => noAnalysis(one, site));
  return {
    specs: analyses.map(({ spec }) => spec),
    customs: Object.fromEntries(
      analyses.flatMap(({ spec, custom }) => (custom === null ? [] : [[spec.name, custom]])),
    ),
    sites: analyses.map((one) => one.site),
    problems: [...problems, ...analyses.flatMap((one) => one.problems)],
  };
}

function noAnalysis(value: unknown, site: CallSite | null): DefinitionProblem {
  const isGate = typeof value === "object" && value !== null && "toBeAbove" in value;
  const found = isGate
    ? "a list with an expect(...) that claims nothing"
    : `a list with ${shownValue(value)}`;
  const expected = isGate
    ? "a claim, such as expect(...).toBeAbove(0.5)"
    : "a list of what compare(...), mainEffect(...) and the others return";
  return problemOf({ code: "bad-definition", subject: "analyses", found, expected, site });
}

function returnsWrong(
  subject: string,
  returned: unknown,
  expected: string,
  site: CallSite | null,
): DefinitionProblem {
  const found = `a function that returns ${isAnalysis(returned) ? "one analysis" : shownValue(returned)}`;
  return problemOf({ code: "bad-definition", subject, found, expected, site });
}

function readReplication(
  replication: unknown,
  site: CallSite | null,
): Pick<Replication<string, string>, "replicates" | "problems"> {
  if (replication === undefined) return replicate(1);
  if (isReplication(replication)) {
    const { replicates, problems } = replication;
    return { replicates, problems };
  }
  const expected = "replicate(50), replicate({ seeds: [...] }) or replicate.until({...})";
  const found = shownValue(replication);
  const problem = problemOf({ code: "bad-replicates", subject: "replicates", found, expected, site });
  return { replicates: replicate(1).replicates, problems: [problem] };
}

function isMetric(value: unknown): value is Metric<unknown> {
  return isHandle(value, "labwright/metric");
}

function isPort(value: unknown): value is Port {
  return isHandle(value, "labwright/port");
}

function isReplication(value: unknown): value is Replication<string, string> {
  return isHandle(value, "labwright/replication");
}

/** By what it does: an author's zod may be another copy than ours. */
function isSchema(value: unknown): value is z.ZodType {
  return typeof value === "object" && value !== null && "safeParse" in value;
}
