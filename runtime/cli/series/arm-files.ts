// What an arm's folder holds beside its trials: how it was run, as YAML, and what its metrics came to, as JSON.
import { stringify } from "yaml";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { tInterval } from "../../../lib/stats/means/t-interval.ts";
import { momentsOf } from "../../../lib/stats/moments.ts";
import { proportionInterval } from "../../../lib/stats/proportion-interval.ts";
import { median } from "../../../lib/stats/quantile.ts";
import { StatisticsRefusal } from "../../../lib/stats/refusal.ts";
import type { OutcomeKind } from "../../record/outcome.ts";
import type { RunManifest } from "../../store/store.ts";
import type { SeriesArm } from "./series-arms.ts";

/** `exp_config.yaml`. */
export function configText(
  { experiment, parameters, id, planned: trials }: SeriesArm,
  run: RunManifest,
): string {
  const { planned } = experiment;
  const { replicates, metrics } = planned;
  return stringify(
    {
      exp_id: id,
      experiment: planned.name,
      question: planned.question ?? null,
      file: planned.file,
      parameters,
      trials,
      replicates: { count: replicates.count, seed: replicates.seed, pairing: replicates.pairing },
      metrics: Object.fromEntries(Object.entries(metrics).map(([name, { unit }]) => [name, unit ?? null])),
      run: run.id,
      series: run.name,
      build: run.build,
      command: run.provenance.command,
    },
    { lineWidth: 0 },
  );
}

interface NumberStatistics {
  readonly n: number;
  readonly mean: number;
  /** With divisor n - 1; null for one value. */
  readonly sd: number | null;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly interval: Interval | null;
}

type Interval = Pick<Estimate, "low" | "high" | "level" | "method">;

/** `stats_analysis.json`: over the measured trials of the arm alone; what arms are compared by is in `lab report`. */
export function statisticsText({ experiment, parameters, id, planned, ended }: SeriesArm): string {
  const measured = ended.filter(({ outcome }) => outcome === "measured");
  const outcomes: Partial<Record<OutcomeKind, number>> = {};
  for (const { outcome } of ended) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const metrics = Object.fromEntries(
    Object.entries(experiment.planned.metrics).map(([name, { unit }]) => {
      const values = measured.map((trial) => trial.metrics[name] ?? null);
      const there = values.filter((value) => value !== null);
      return [name, { unit: unit ?? null, missing: values.length - there.length, ...statisticsOf(there) }];
    }),
  );
  const { name } = experiment.planned;
  return `${JSON.stringify({ exp_id: id, experiment: name, parameters, trials: planned, outcomes, metrics }, null, 2)}\n`;
}

function statisticsOf(values: readonly (number | boolean | string)[]) {
  const n = values.length;
  if (n === 0) return { n };
  if (values.every((value) => typeof value === "number")) return ofNumbers(values);
  if (values.every((value) => typeof value === "boolean")) {
    const successes = values.filter(Boolean).length;
    const estimate = proportionInterval({ successes, n });
    return { n, share: estimate.value, interval: intervalOf(estimate) };
  }
  const counts: Record<string, number> = {};
  for (const value of values.map(String).sort()) counts[value] = (counts[value] ?? 0) + 1;
  return { n, counts };
}

function ofNumbers(values: readonly number[]): NumberStatistics {
  const { n, mean, sd } = momentsOf(values);
  return {
    n,
    mean,
    sd: n < 2 ? null : sd,
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    interval: meanInterval(values),
  };
}

/** Null for a sample of one value or without variation, which has none. */
function meanInterval(values: readonly number[]): Interval | null {
  try {
    return intervalOf(tInterval(values));
  } catch (error) {
    if (error instanceof StatisticsRefusal) return null;
    throw error;
  }
}

function intervalOf({ low, high, level, method }: Estimate): Interval {
  return { low, high, level, method };
}
