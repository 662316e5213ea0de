// The parts of a definition as an author wrote them, apart into data and problems. What is no metric, analysis or replication at all
// (JavaScript, or a type forced) is a problem too, not a crash.
import type { DeclaredAnalysis } from "./analyses.ts";
import type { CallSite } from "./call-site.ts";
import type { ExperimentDefinition, MetricSpec } from "./definition.ts";
import type { Metric } from "./metric.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import { type Replication, replicate } from "./replicate.ts";

export interface ReadMetrics {
  readonly names: readonly string[];
  readonly specs: Readonly<Record<string, MetricSpec>>;
  readonly sites: Readonly<Record<string, CallSite | null>>;
  readonly problems: readonly DefinitionProblem[];
}

export function readMetrics(metrics: object | undefined, site: CallSite | null): ReadMetrics {
  const specs: Record<string, MetricSpec> = {};
  const sites: Record<string, CallSite | null> = {};
  const problems: DefinitionProblem[] = [];
  for (const [name, metric] of Object.entries(metrics ?? {})) {
    const subject = `metric "${name}"`;
    if (!isMetric(metric)) {
      const expected = "metric.number(), metric.integer(), metric.boolean() or metric.category([...])";
      problems.push(problemOf({ code: "bad-metric", subject, found: typeof metric, expected, site }));
      continue;
    }
    specs[name] = metric.spec;
    sites[name] = metric.site;
    problems.push(...metric.problems.map((problem) => ({ ...problem, subject })));
  }
  return { names: Object.keys(specs), specs, sites, problems };
}

export interface ReadAnalyses {
  readonly specs: ExperimentDefinition["analyses"];
  readonly customs: ExperimentDefinition["customs"];
  readonly sites: readonly (CallSite | null)[];
  readonly problems: readonly DefinitionProblem[];
}

export const nothingDeclared: ReadAnalyses = { specs: [], customs: {}, sites: [], problems: [] };

export function readAnalyses(returned: readonly unknown[], site: CallSite | null): ReadAnalyses {
  const all: readonly unknown[] = returned.flat(1);
  const analyses = all.filter(isAnalysis);
  const expected = "what compare, mainEffect, ... return";
  const problems = all
    .filter((one) => !isAnalysis(one))
    .map((one) => problemOf({ code: "bad-option", subject: "analyses", found: typeof one, expected, site }));
  return {
    specs: analyses.map(({ spec }) => spec),
    customs: Object.fromEntries(
      analyses.flatMap(({ spec, custom }) => (custom === null ? [] : [[spec.name, custom]])),
    ),
    sites: analyses.map((one) => one.site),
    problems: [...problems, ...analyses.flatMap((one) => one.problems)],
  };
}

export function readReplication(
  replication: unknown,
  site: CallSite | null,
): Pick<Replication<string, string>, "replicates" | "problems"> {
  if (replication === undefined) return replicate(1);
  if (isReplication(replication)) return replication;
  const found = typeof replication === "number" ? String(replication) : typeof replication;
  const expected = "replicate(50), replicate({ seeds: [...] }) or replicate.until({...})";
  const problem = problemOf({ code: "bad-replicates", subject: "replicates", found, expected, site });
  return { replicates: replicate(1).replicates, problems: [problem] };
}

function isMetric(value: unknown): value is Metric<unknown> {
  return kindOf(value) === "labwright/metric";
}

function isAnalysis(value: unknown): value is DeclaredAnalysis {
  return kindOf(value) === "labwright/analysis";
}

function isReplication(value: unknown): value is Replication<string, string> {
  return kindOf(value) === "labwright/replication";
}

function kindOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "kind" in value ? value.kind : null;
}
