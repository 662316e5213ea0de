// The table by condition as CSV: one row a condition for each metric, full precision, RFC 4180 quoting, "\n" line ends.
// What is missing is an empty field beside a reason, never 0 or NaN.

import type { Analysis, CellSummary, ExperimentAnalysis } from "../analysis/analysis.ts";
import type { Interval } from "../analysis/interval.ts";
import { attritionHeads } from "../design/attrition.ts";

const statistics = [
  "mean",
  "sd",
  "monte_carlo_error",
  "low",
  "high",
  "level",
  "method",
  "min",
  "q1",
  "median",
  "q3",
  "max",
  "note",
] as const;
const outcomes = attritionHeads.map(([name]) => name);

/** A column of the file, with the type that a typed format gives it. */
export interface CsvColumn {
  readonly name: string;
  readonly type: "VARCHAR" | "DOUBLE" | "BIGINT";
}

/** The columns in order; factors are text. A factor named like a column of ours is written as "factor:NAME". */
export function csvColumnsOf(analysis: Analysis): readonly CsvColumn[] {
  const own = new Set<string>(["experiment", "metric", "n", "missing", ...statistics, ...outcomes]);
  return [
    { name: "experiment", type: "VARCHAR" },
    { name: "metric", type: "VARCHAR" },
    ...factorsOf(analysis).map(
      (name): CsvColumn => ({ name: own.has(name) ? `factor:${name}` : name, type: "VARCHAR" }),
    ),
    { name: "n", type: "BIGINT" },
    { name: "missing", type: "BIGINT" },
    ...statistics.map(
      (name): CsvColumn => ({ name, type: name === "method" || name === "note" ? "VARCHAR" : "DOUBLE" }),
    ),
    ...outcomes.map((name): CsvColumn => ({ name, type: "BIGINT" })),
  ];
}

/** All experiments of the analysis in one file; factors that an experiment does not have are empty. */
export function csvOf(analysis: Analysis): string {
  const head = csvColumnsOf(analysis).map(({ name }) => name);
  const factors = factorsOf(analysis);
  const rows = analysis.experiments.flatMap((experiment) => experimentRows(experiment, factors));
  return `${[head, ...rows].map((row) => row.map(fieldOf).join(",")).join("\n")}\n`;
}

function factorsOf(analysis: Analysis): readonly string[] {
  return [...new Set(analysis.experiments.flatMap(({ design }) => design.factors.map(({ name }) => name)))];
}

type Field = string | number | null;

function experimentRows(
  experiment: ExperimentAnalysis,
  factors: readonly string[],
): readonly (readonly Field[])[] {
  return experiment.metrics.flatMap((metric) =>
    experiment.arms.flatMap((arm, i) => {
      const lead = [experiment.name, metric.name, ...factors.map((name) => arm.coordinates[name] ?? null)];
      const ends = outcomes.map((name) => experiment.attrition.arms[i]![name]);
      if (metric.kind === "category") {
        const counts = metric.counts[i]!;
        return counts.values.map(({ value, count, interval }) => [
          lead[0]!,
          `${metric.name} = ${value}`,
          ...lead.slice(2),
          counts.n,
          counts.missing,
          counts.n === 0 ? null : count / counts.n,
          ...statistics.slice(1).map((name) => intervalField(interval, name)),
          ...ends,
        ]);
      }
      const cell = metric.cells[i]!;
      const own = metric.performance?.cells[i];
      const measures = (own?.measures ?? []).map(({ name, value, error, interval }): readonly Field[] => [
        lead[0]!,
        `${metric.name}: ${name}`,
        ...lead.slice(2),
        own!.n,
        cell.missing,
        ...statistics.map((column) =>
          column === "mean"
            ? value
            : column === "monte_carlo_error"
              ? error
              : intervalField(interval, column),
        ),
        ...ends,
      ]);
      return [
        [...lead, cell.n, cell.missing, ...statistics.map((name) => statisticOf(cell, name)), ...ends],
        ...measures,
      ];
    }),
  );
}

function statisticOf(cell: CellSummary, name: (typeof statistics)[number]): Field {
  switch (name) {
    case "low":
    case "high":
    case "level":
    case "method":
      return intervalField(cell.interval, name);
    case "monte_carlo_error":
      return cell.monteCarloError;
    default:
      return cell[name];
  }
}

function intervalField(interval: Interval | null, name: (typeof statistics)[number]): Field {
  return name === "low" || name === "high" || name === "level" || name === "method"
    ? (interval?.[name] ?? null)
    : null;
}

/** A field under RFC 4180; numbers in the shortest form that reads back to the same double. */
export function fieldOf(value: Field): string {
  if (value === null) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
